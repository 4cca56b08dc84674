//! What fields are called where nobody says which one is meant.

/// Names of the field with the client, the more certain ones first. A dot leads into an
/// object, or is part of the name.
pub(crate) const CLIENT: &[&str] = &[
    "client_ip",
    "clientip",
    "clientIp",
    "clientIP",
    "ClientIP",
    "client-ip",
    "c-ip",
    "c_ip",
    "cip",
    "ClientHost",
    "ClientAddr",
    "client_addr",
    "client_address",
    "client.ip",
    "client.address",
    "http.client.ip",
    "http.client_ip",
    "request.client_ip",
    "request.remote_ip",
    "request.remote_addr",
    "httpRequest.remoteIp",
    "req.remoteAddress",
    "remote_ip",
    "remoteIp",
    "remote_addr",
    "remoteAddr",
    "remote_address",
    "remoteAddress",
    "remote_host",
    "sourceIPAddress",
    "callerIpAddress",
    "source.ip",
    "source.address",
    "source_ip",
    "src_ip",
    "srcip",
    "id.orig_h",
    "src",
    "peer",
    "client",
    "ip",
    "ip_address",
    "ipAddress",
    "ipaddr",
    "address",
    "addr",
];

/// Names of the field with the time.
pub(crate) const TIME: &[&str] = &[
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "datetime",
    "date-time",
    "date_time",
    "time_iso8601",
    "time_local",
    "msec",
    "eventTime",
    "event_time",
    "EdgeStartTimestamp",
    "StartUTC",
    "start_time",
    "@t",
    "created_at",
    "date",
    "__REALTIME_TIMESTAMP",
];

/// Names of the field with the forwarded chain.
pub(crate) const FORWARDED: &[&str] = &[
    "http_x_forwarded_for",
    "x_forwarded_for",
    "x-forwarded-for",
    "xff",
    "cs(X-Forwarded-For)",
    "request.headers.X-Forwarded-For",
    "request.headers.x-forwarded-for",
    "headers.x-forwarded-for",
    "request.headers.Forwarded",
];

/// Names of the key with a line of the system log, in the journal's JSON.
pub(crate) const MESSAGE: &[&str] = &["MESSAGE"];

/// Names of the key with the program that wrote it.
pub(crate) const PROGRAM: &[&str] = &["SYSLOG_IDENTIFIER", "_COMM"];

/// Names of the column with the user, in tables.
pub(crate) const USER: &[&str] = &["cs-username", "username", "user", "remote_user"];

/// Names of the column with the status, in tables.
pub(crate) const STATUS: &[&str] = &["sc-status", "status", "status_code"];
