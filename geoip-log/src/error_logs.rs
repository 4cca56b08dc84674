//! The error logs of nginx and Apache.

use memchr::memmem;

use crate::address;
use crate::entry::Entry;
use crate::layout::{self, Written};
use crate::times::Times;

/// The longest text that Apache puts between its brackets and `[client …]`: a file and line
/// of its source, and what the system says.
const LONGEST_CAUSE: usize = 256;

/// `2023/01/02 03:04:05 [error] 12#34: *5 …, client: 192.0.2.1, server: …`
///
/// The message before may hold a path that the client asked for, decoded, and after it stand
/// the request and the referrer: either can hold `, client: ` too. Nothing says which is
/// nginx's own, so a line in which two different clients are named names none.
pub(crate) fn nginx<'l>(line: &'l [u8], times: &mut Times) -> Option<Entry<'l>> {
    let (written, length) = layout::slashes(line)?;
    let rest = line[length..].strip_prefix(b" [")?;
    let level = memchr::memchr(b']', rest)?;
    let is_level = (1..=8).contains(&level) && rest[..level].is_ascii();
    if !is_level {
        return None;
    }
    let mut entry = Entry::EMPTY;
    entry.time = times.instant(written);
    let message = &rest[level + 1..];
    // At level `info`, keep-alive connections are `*5 client 192.0.2.1 closed …`, with
    // nothing before it that is from the client.
    if let Some(text) = closing_client(message)
        && let Some((address, text)) = address::field(text)
    {
        entry.set_client(line, Some(address), text);
        return Some(entry);
    }
    let mut named = None;
    for start in memmem::find_iter(message, b", client: ") {
        let text = &message[start + b", client: ".len()..];
        let text = &text[..memchr::memchr(b',', text).unwrap_or(text.len())];
        // Not an address: a socket of this machine, or made up.
        let Some((address, text)) = address::field(text) else { continue };
        match named {
            Some((other, _)) if other != address => return Some(entry),
            _ => named = Some((address, text)),
        }
    }
    if let Some((address, text)) = named {
        entry.set_client(line, Some(address), text);
    }
    Some(entry)
}

/// The address in ` 12#34: *5 client 192.0.2.1 closed keepalive connection`.
fn closing_client(message: &[u8]) -> Option<&[u8]> {
    let mut words = message.trim_ascii_start().splitn(4, |byte| *byte == b' ');
    let is_process = words.next()?.ends_with(b":");
    let is_connection = words.next()?.starts_with(b"*");
    let is_client = words.next()? == b"client";
    let rest = words.next().filter(|_| is_process && is_connection && is_client)?;
    let (text, after) = rest.split_at(memchr::memchr(b' ', rest)?);
    after.starts_with(b" closed ").then_some(text)
}

/// `[Sun Dec 04 04:47:44 2005] [error] [client 192.0.2.1] …`, and since 2.4
/// `[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 1:tid 2] [client 192.0.2.1:60000] …`
///
/// The message after the client is from the client as well, so the first `[client ` decides,
/// and only if nothing but other brackets, a place in the source and an error of the system
/// come before it.
pub(crate) fn apache<'l>(line: &'l [u8], times: &mut Times) -> Option<Entry<'l>> {
    let (written, length) = layout::asctime(line.strip_prefix(b"[")?)?;
    let mut rest = line[1 + length..].strip_prefix(b"] [")?;
    let mut entry = Entry::EMPTY;
    entry.time = times.instant(written);
    // `rest` starts inside a bracket. Since 2.4 times have a fraction, and the process is
    // named: both are signs that the client has a port.
    let mut has_port = has_fraction(written, length);
    loop {
        let Some(end) = memchr::memchr(b']', rest) else { return Some(entry) };
        if let Some(client) = rest.strip_prefix(b"client ") {
            // The text of an IPv6 address is between brackets nowhere, but for newer
            // versions of modules.
            let end =
                if client.starts_with(b"[") { memmem::find(client, b"] ") } else { None }
                    .unwrap_or(end - b"client ".len());
            set_apache_client(line, &client[..end], has_port, &mut entry);
            return Some(entry);
        }
        has_port |= rest.starts_with(b"pid ");
        let after = &rest[end + 1..];
        rest = match after.strip_prefix(b" [") {
            Some(next) => next,
            None => match client_after_cause(after) {
                Some(next) => next,
                None => return Some(entry),
            },
        };
    }
}

fn has_fraction(written: Written, length: usize) -> bool {
    written.nanoseconds > 0 || length > b"Sun Dec 04 04:47:44 2005".len()
}

/// What is inside the bracket of the client, if only a cause stands before it:
/// `mod_ssl.c(123): (2)No such file or directory: [client …`.
fn client_after_cause(after: &[u8]) -> Option<&[u8]> {
    let near = &after[..after.len().min(LONGEST_CAUSE)];
    let start = memmem::find(near, b": [client ")?;
    let is_cause = !near[..start].iter().any(|byte| b"\"'[]".contains(byte));
    let is_code = near[..start].contains(&b'(');
    (is_cause && is_code).then(|| &after[start + b": [".len()..])
}

/// Apache writes the port of an IPv6 address like one more group, `2001:db8::1:60000`.
fn set_apache_client<'l>(
    line: &'l [u8],
    text: &'l [u8],
    has_port: bool,
    entry: &mut Entry<'l>,
) {
    let colons = memchr::memchr_iter(b':', text).count();
    if has_port
        && colons > 2
        && !text.starts_with(b"[")
        && let Some(colon) = memchr::memrchr(b':', text)
        && address::is_port(&text[colon + 1..])
        && let Some((address, text)) = address::field(&text[..colon])
    {
        return entry.set_client(line, Some(address), text);
    }
    match address::field(text) {
        Some((address, text)) => entry.set_client(line, Some(address), text),
        None => entry.set_client(line, None, text),
    }
}
