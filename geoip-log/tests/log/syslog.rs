//! The system log, of any program.

use geoip_log::Format::Syslog;

use crate::said::check;

#[test]
fn the_first_address_of_a_message_is_the_client() {
    check(
        Syslog,
        &[
            (
                "Nov 20 06:55:46 gate ftpd[1]: connection from 192.0.2.7 (h198.51.100.1.example) at Sun Jul 3",
                "192.0.2.7 2026-11-20T06:55:46Z",
            ),
            (
                "Nov 20 06:55:46 gate kernel: [UFW BLOCK] IN=eth0 MAC=00:1a:2b:3c:4d:5e:6f:70:81:92:a3:b4:08:00 SRC=192.0.2.7 DST=198.51.100.1",
                "192.0.2.7 2026-11-20T06:55:46Z",
            ),
            (
                "Nov 20 06:55:46 gate dovecot: imap-login: Disconnected: user=<eve>, rip=2001:db8::7, lip=198.51.100.1",
                "2001:db8::7 2026-11-20T06:55:46Z",
            ),
            // A host that is named by its address is not the client.
            (
                "Nov 20 06:55:46 198.51.100.1 app[1]: from 192.0.2.7",
                "192.0.2.7 2026-11-20T06:55:46Z",
            ),
            (
                "Nov 20 06:55:46 gate CRON[1]: session opened for user root",
                "- 2026-11-20T06:55:46Z",
            ),
            (
                "Nov 20 2019 06:55:46: fw %ASA-6-106015: Deny TCP from 192.0.2.7/443",
                "192.0.2.7 2019-11-20T06:55:46Z",
            ),
            (
                "Nov 20 06:55:46 gate last message repeated 2 times",
                "- 2026-11-20T06:55:46Z",
            ),
            (
                "<34>1 2003-10-11T22:14:15.003Z host su - ID47 - 'su root' failed for eve on 192.0.2.7",
                "192.0.2.7 2003-10-11T22:14:15.003Z",
            ),
            (
                "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 app 8710 - [x@1 ip=\"198.51.100.1\"] from 192.0.2.7",
                "192.0.2.7 2003-08-24T12:14:15.000003Z",
            ),
            ("<34>1 2003-10-11T22:14:15.003 host su", "no entry"),
            ("2015-07-29 17:41:44,747 - INFO - from 192.0.2.7", "no entry"),
            ("hello from 192.0.2.7", "no entry"),
            ("<999999>Nov 20 06:55:46 gate x: y", "no entry"),
        ],
    );
}

#[test]
fn lines_of_sshd_are_read_by_their_own_rules() {
    check(
        Syslog,
        &[
            (
                "Nov 20 06:55:46 gate sshd[1]: Failed password for x from 198.51.100.1 port 22 ssh2 from 192.0.2.7 port 4 ssh2",
                "192.0.2.7 2026-11-20T06:55:46Z user=x from 198.51.100.1 port 22 ssh2 Failed",
            ),
            (
                "Nov 20 06:55:46 gate sshd[1]: Server listening on 192.0.2.1 port 22.",
                "- 2026-11-20T06:55:46Z",
            ),
        ],
    );
}
