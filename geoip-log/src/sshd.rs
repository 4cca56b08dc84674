//! The messages of sshd that name a client.
//!
//! Whoever connects chooses the user name, up to 100 bytes, spaces included, and some of the
//! reasons. `Failed password for invalid user x from 192.0.2.1 port 22 ssh2 from
//! 198.51.100.7 port 4242 ssh2` is what sshd writes about a user named `x from 192.0.2.1 port
//! 22 ssh2`. So each message is read from the side that is sshd's own: an address that the
//! format puts last is read from the end, one that it puts first from the start. Where the
//! text of a stranger may be on both sides, an address counts only if it is the one possible.
//!
//! The formats are those of OpenSSH's `auth.c`, `packet.c`, `monitor.c`, `sshd.c` and
//! `auth-pam.c`, from version 5 on, and of `pam_unix`.

use std::net::IpAddr;

use memchr::{memchr, memchr2, memmem, memrchr};

use crate::address;
use crate::entry::{Entry, Outcome};

/// Whether a program is a part of OpenSSH's server.
pub(crate) fn is_program(name: &[u8]) -> bool {
    matches!(name, b"sshd" | b"sshd-session" | b"sshd-auth")
}

/// Where the address stands that a message is about.
#[derive(Clone, Copy)]
enum Place {
    /// Right after the words that begin the message: `192.0.2.1 port 22:11: reason`.
    First,
    /// At the end, after a user perhaps: `user eve 192.0.2.1 port 22`.
    Last,
    /// At the end after ` from `: `eve from 192.0.2.1 port 22`.
    From,
    /// After ` from `, with ` ssh2` behind it and perhaps a key: `method for eve from
    /// 192.0.2.1 port 22 ssh2`; or without the method.
    Attempt { has_method: bool },
    /// After a user and before a reason: `user eve 192.0.2.1 port 22: reason`.
    Middle,
}

const ATTEMPT: Place = Place::Attempt { has_method: true };

/// How the messages begin that name a client, what they mean, and where the client is. The
/// frequent ones come first.
const MESSAGES: &[(&[u8], Outcome, Place)] = &[
    (b"Failed ", Outcome::Failed, ATTEMPT),
    (b"Invalid user ", Outcome::InvalidUser, Place::From),
    (b"Illegal user ", Outcome::InvalidUser, Place::From),
    (b"Received disconnect from ", Outcome::Disconnected, Place::First),
    (b"Connection closed by ", Outcome::Disconnected, Place::Last),
    (b"Connection reset by ", Outcome::Disconnected, Place::Last),
    (b"Disconnected from ", Outcome::Disconnected, Place::Last),
    (b"Accepted ", Outcome::Accepted, ATTEMPT),
    (b"Disconnecting ", Outcome::Disconnected, Place::Middle),
    (b"Did not receive identification string from ", Outcome::Probe, Place::First),
    (b"Bad protocol version identification ", Outcome::Probe, Place::From),
    (b"Unable to negotiate with ", Outcome::Probe, Place::Middle),
    (b"banner exchange: Connection from ", Outcome::Probe, Place::First),
    (b"Protocol major versions differ for ", Outcome::Probe, Place::First),
    (b"ssh_dispatch_run_fatal: Connection from ", Outcome::Disconnected, Place::Middle),
    (
        b"maximum authentication attempts exceeded for ",
        Outcome::Refused,
        Place::Attempt { has_method: false },
    ),
    (b"Timeout before authentication for connection from ", Outcome::Probe, Place::First),
    (b"Timeout before authentication for ", Outcome::Probe, Place::First),
    (b"Timeout, client not responding from ", Outcome::Disconnected, Place::Last),
    (b"Connection from ", Outcome::Other, Place::First),
    (b"Postponed ", Outcome::Other, ATTEMPT),
    (b"Partial ", Outcome::Other, ATTEMPT),
    (b"PAM: ", Outcome::PamFailed, Place::From),
    (b"Address ", Outcome::Other, Place::First),
    (b"ROOT LOGIN REFUSED FROM ", Outcome::Refused, Place::First),
    (b"Close session: ", Outcome::Disconnected, Place::From),
    (b"Starting session: ", Outcome::Other, Place::From),
];

/// What sshd puts before messages of some levels.
const LEVELS: [&[u8]; 4] = [b"error: ", b"fatal: ", b"warning: ", b"debug1: "];

/// To how many bytes sshd cuts the name of a user in a message.
const LONGEST_NAME: usize = 100;

/// Reads a message into `entry`; it is a part of `line`.
pub(crate) fn read<'l>(line: &'l [u8], message: &'l [u8], entry: &mut Entry<'l>) {
    let (message, count) = repeated(message.trim_ascii_end());
    let message = message.strip_suffix(b" [preauth]").unwrap_or(message);
    let message = without_level(message);
    entry.count = count;
    let Some((outcome, client)) = client(message, &mut entry.user) else { return };
    entry.outcome = Some(outcome);
    match client {
        Some(Client::Address(address, text)) => {
            entry.set_client(line, Some(address), text);
        }
        Some(Client::Host(text)) => entry.set_client(line, None, text),
        None => {}
    }
}

/// The message in `message repeated 3 times: [ … ]`, and how often it came.
fn repeated(message: &[u8]) -> (&[u8], u32) {
    let inner = || {
        let rest = message.strip_prefix(b"message repeated ")?;
        let digits = rest.iter().take(9).take_while(|byte| byte.is_ascii_digit());
        let (mut count, mut length) = (0, 0);
        for digit in digits {
            count = count * 10 + u32::from(digit - b'0');
            length += 1;
        }
        let inner = rest[length..].strip_prefix(b" times: [ ")?.strip_suffix(b"]")?;
        (count > 0).then_some((inner, count))
    };
    inner().unwrap_or((message, 1))
}

fn without_level(message: &[u8]) -> &[u8] {
    // All levels are in small letters, and most messages are not.
    if !message.first().is_some_and(u8::is_ascii_lowercase) {
        return message;
    }
    let mut levels = LEVELS.iter();
    levels.find_map(|level| message.strip_prefix(*level)).unwrap_or(message)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Client<'l> {
    Address(IpAddr, &'l [u8]),
    Host(&'l [u8]),
}

type Reading<'l> = Option<(Outcome, Option<Client<'l>>)>;

fn client<'l>(message: &'l [u8], user: &mut Option<&'l [u8]>) -> Reading<'l> {
    let initial = message.first();
    let known = MESSAGES.iter().filter(|(start, ..)| start.first() == initial).find_map(
        |(start, outcome, place)| Some((message.strip_prefix(*start)?, *outcome, *place)),
    );
    let Some((rest, outcome, place)) = known else { return unusual(message, user) };
    let client = match place {
        Place::First => first(rest),
        Place::Last => last(rest, user),
        Place::From => {
            let (client, before) = from(rest)?;
            *user = (outcome == Outcome::InvalidUser).then_some(before);
            Some(client)
        }
        Place::Attempt { has_method } => attempt(rest, has_method, user),
        Place::Middle => middle(rest),
    };
    Some((outcome, client))
}

/// Messages that are not told by how they begin.
fn unusual<'l>(message: &'l [u8], user: &mut Option<&'l [u8]>) -> Reading<'l> {
    if let Some(fields) = pam(message) {
        // logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=eve
        let start = memmem::find(fields, b" rhost=")? + b" rhost=".len();
        let (host, after) = fields[start..]
            .split_at(memchr(b' ', &fields[start..]).unwrap_or(fields.len() - start));
        *user = after.trim_ascii_start().strip_prefix(b"user=");
        return Some((Outcome::PamFailed, address_or_host(host)));
    }
    // reverse mapping checking getaddrinfo for HOST [192.0.2.1] failed - POSSIBLE …
    if message.starts_with(b"reverse mapping checking getaddrinfo for ") {
        let end = memmem::rfind(message, b"] failed")?;
        let start = memrchr(b'[', &message[..end])?;
        return Some((Outcome::Other, address_of(&message[start + 1..end])));
    }
    // User eve from 192.0.2.1 not allowed because not listed in AllowUsers
    if let Some(rest) = message.strip_prefix(b"User ") {
        let end = memmem::rfind(rest, b" not allowed because ")?;
        let start = memmem::rfind(&rest[..end], b" from ")?;
        *user = Some(&rest[..start]);
        let client = address_or_host(&rest[start + b" from ".len()..end]);
        return Some((Outcome::Refused, client));
    }
    // drop connection #10 from [192.0.2.1]:4242 on [192.0.2.2]:22 past MaxStartups
    if message.starts_with(b"drop connection #") {
        let rest = &message[memmem::find(message, b" from ")? + b" from ".len()..];
        let end = memchr(b' ', rest)?;
        return Some((Outcome::Refused, address_of(&rest[..end])));
    }
    // refused connect from host (192.0.2.1)
    if let Some(rest) = message.strip_prefix(b"refused connect from ") {
        let rest = rest.strip_suffix(b")")?;
        let start = memrchr(b'(', rest)?;
        return Some((Outcome::Refused, address_of(&rest[start + 1..])));
    }
    None
}

/// The fields of what PAM says about a failure: `pam_unix(sshd:auth): authentication
/// failure; …`, `PAM 2 more authentication failures; …`.
fn pam(message: &[u8]) -> Option<&[u8]> {
    if let Some(count) = message.strip_prefix(b"PAM ") {
        let rest = &count[memchr(b' ', count)?..];
        let rest = rest.strip_prefix(b" more authentication failure")?;
        return rest.strip_prefix(b"s;").or(rest.strip_prefix(b";"));
    }
    let rest = if message.starts_with(b"pam_") {
        &message[memmem::find(message, b": ")? + b": ".len()..]
    } else {
        message
    };
    rest.strip_prefix(b"authentication failure;")
}

fn address_of(text: &[u8]) -> Option<Client<'_>> {
    address::field(text).map(|(address, text)| Client::Address(address, text))
}

fn address_or_host(text: &[u8]) -> Option<Client<'_>> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let is_host = || !text.is_empty() && text.iter().all(is_name);
    address_of(text).or_else(|| is_host().then_some(Client::Host(text)))
}

/// An address that begins `rest`, whatever follows it: a port, a reason, nothing.
fn first(rest: &[u8]) -> Option<Client<'_>> {
    let end = memchr2(b' ', b',', rest).unwrap_or(rest.len());
    // Older versions have the reason right after the address: `192.0.2.1: 11: Bye`.
    address_of(rest[..end].strip_suffix(b":").unwrap_or(&rest[..end]))
}

/// An address that ends `rest`, perhaps with its port; before it nothing, or a kind of user
/// and the name.
fn last<'l>(rest: &'l [u8], user: &mut Option<&'l [u8]>) -> Option<Client<'l>> {
    let head = without_port(rest);
    let start = memrchr(b' ', head).map_or(0, |space| space + 1);
    *user = (start > 0).then(|| named(&head[..start - 1])).flatten();
    address_of(&head[start..])
}

/// The name after `user `, `invalid user ` or `authenticating user `.
fn named(text: &[u8]) -> Option<&[u8]> {
    const KINDS: [&[u8]; 3] = [b"user ", b"invalid user ", b"authenticating user "];
    KINDS.iter().find_map(|kind| text.strip_prefix(*kind))
}

/// `text` without ` port 4711` at its end.
fn without_port(text: &[u8]) -> &[u8] {
    without_number(text, b" port")
}

/// `text` without a word and a number at its end.
fn without_number<'l>(text: &'l [u8], word: &[u8]) -> &'l [u8] {
    let Some(space) = memrchr(b' ', text) else { return text };
    if !address::is_port(&text[space + 1..]) {
        return text;
    }
    text[..space].strip_suffix(word).unwrap_or(text)
}

/// `eve from 192.0.2.1 port 22` and nothing after it, in older versions without the port;
/// sessions have a number after it. The client, and what comes before ` from `.
fn from(rest: &[u8]) -> Option<(Client<'_>, &[u8])> {
    from_word(without_port(without_number(rest, b" id")))
}

/// `password for invalid user eve from 192.0.2.1 port 22 ssh2`, after a public key with a
/// colon and the key.
///
/// A key may be a certificate that the client made, and its name is a text of the client:
/// then the user is before the address and that name behind it. What decides is that sshd
/// cuts the names of users. A line in which two addresses are possible even so names none.
fn attempt<'l>(
    rest: &'l [u8],
    has_method: bool,
    user: &mut Option<&'l [u8]>,
) -> Option<Client<'l>> {
    let rest = if has_method {
        // The method is one word.
        rest[memchr(b' ', rest)?..].strip_prefix(b" for ")?
    } else {
        rest
    };
    let rest = rest.strip_prefix(b"invalid user ").unwrap_or(rest);
    if let Some(head) = rest.strip_suffix(b" ssh2").or(rest.strip_suffix(b" ssh1")) {
        let (client, name) = from_word(without_port(head))?;
        if is_name(name) {
            *user = Some(name);
            return Some(client);
        }
    }
    let mut only = None;
    for start in memmem::find_iter(rest, b" from ") {
        if !is_name(&rest[..start]) {
            break;
        }
        // An address, ` port 65535` and ` ssh2: ` have no more bytes.
        let text = &rest[start + b" from ".len()..];
        let text = &text[..text.len().min(64)];
        let Some(end) = memmem::find(text, b" ssh2: ") else { continue };
        let Some(client) = address_of(without_port(&text[..end])) else { continue };
        if only.replace((client, start)).is_some() {
            return None;
        }
    }
    let (client, start) = only?;
    *user = Some(&rest[..start]);
    Some(client)
}

/// Whether text is short enough to be the name of a user, in which sshd writes a byte that
/// cannot be printed as a backslash and up to three more.
fn is_name(text: &[u8]) -> bool {
    if text.len() <= LONGEST_NAME {
        return true;
    }
    let length =
        text.len() - 3 * memchr::memchr_iter(b'\\', text).count().min(text.len() / 4);
    length <= LONGEST_NAME
}

/// The client that is the last word of `text`, and what comes before ` from `.
fn from_word(text: &[u8]) -> Option<(Client<'_>, &[u8])> {
    let space = memrchr(b' ', text)?;
    let before = text[..space].strip_suffix(b" from")?;
    Some((address_or_host(&text[space + 1..])?, before))
}

/// `192.0.2.1 port 22: reason`, or with a user before it. Both the user and the reason may
/// be a stranger's; with a user it is only clear where the address is if there is but one.
fn middle(rest: &[u8]) -> Option<Client<'_>> {
    if let Some(client) = first(rest) {
        return Some(client);
    }
    let mut only = None;
    for end in memmem::find_iter(rest, b" port ") {
        let start = memrchr(b' ', &rest[..end]).map_or(0, |space| space + 1);
        let Some(client) = address_of(&rest[start..end]) else { continue };
        if only.replace(client).is_some() {
            return None;
        }
    }
    only
}
