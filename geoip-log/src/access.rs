//! Access logs: Common and Combined Log Format.
//!
//! What strangers write into such a line are the user, the request, the referer, the user
//! agent and the forwarded chain. Servers escape quotes in all of them, so the first plain
//! quote begins the request, and the time is right before it.

use memchr::{memchr, memrchr};

use crate::address;
use crate::entry::Entry;
use crate::forwarded;
use crate::layout;
use crate::proxies::TrustedProxies;
use crate::times::Times;

/// Length of ` [10/Oct/2000:13:55:36 -0700] `, nearly always.
const BRACKETED_TIME: usize = 30;

/// Which of the quoted fields is the first that may be a forwarded chain: request, referer
/// and user agent come before it.
const FORWARDED_FIELD: usize = 3;

pub(crate) fn parse<'l>(
    line: &'l [u8],
    times: &mut Times,
    trusted: &TrustedProxies,
) -> Option<Entry<'l>> {
    let quote = plain_quote(line, 0);
    let head = &line[..quote.unwrap_or(line.len())];
    let bracket = time_bracket(head, quote.is_some())?;
    let mut entry = Entry::EMPTY;
    entry.time = layout::common(&head[bracket + 1..])
        .filter(|(_, length)| head.get(bracket + 1 + length) == Some(&b']'))
        .and_then(|(written, _)| times.instant(written));
    who(line, &head[..bracket], trusted, &mut entry)?;
    let Some(quote) = quote else { return Some(entry) };
    let Some(end) = plain_quote(line, quote + 1) else { return Some(entry) };
    entry.status = status(&line[end + 1..]);
    if !trusted.is_empty()
        && entry.client.is_some_and(|peer| trusted.contains(peer))
        && let Some(chain) = last_quoted(line, end + 1)
        && let Some(origin) = forwarded::origin(chain, trusted)
    {
        entry.set_client(line, origin.address, origin.text);
        entry.forwarded = true;
    }
    Some(entry)
}

/// Where the bracket of the time is, at the end of `head`.
#[inline]
fn time_bracket(head: &[u8], before_request: bool) -> Option<usize> {
    let usual = head.len().wrapping_sub(BRACKETED_TIME - 1);
    let bracket = match head.get(usual) {
        Some(b'[') if before_request => usual,
        // No request follows, or the time is longer or shorter than usual.
        _ if before_request => memrchr(b'[', head)?,
        _ => memchr(b'[', head)?,
    };
    let is_date = matches!(
        head[bracket + 1..].first_chunk::<3>(),
        Some([b'0'..=b'9', b'0'..=b'9', b'/'])
    );
    (is_date && bracket > 0 && head[bracket - 1] == b' ').then_some(bracket)
}

/// Reads what stands before the time: perhaps a virtual host, the client, the identity that
/// nobody has, and the user.
#[inline]
fn who<'l>(
    line: &'l [u8],
    before: &'l [u8],
    trusted: &TrustedProxies,
    entry: &mut Entry<'l>,
) -> Option<()> {
    let space = memchr(b' ', before)?;
    let (mut host, mut rest) = (&before[..space], &before[space + 1..]);
    if host.is_empty() {
        return None;
    }
    if host.ends_with(b",") {
        // The server was told to write the chain in the place of the client. Its last hop
        // was appended by the proxy that is nearest, which is trusted by that.
        let end = memchr::memmem::find(before, b" - ").unwrap_or(before.len());
        let origin = forwarded::origin(&before[..end], trusted)?;
        entry.set_client(line, origin.address, origin.text);
        entry.forwarded = true;
        rest = before.get(end + 1..).unwrap_or_default();
    } else {
        // With a virtual host first, the client is second. Not even a virtual host that is
        // an address may be taken for it: clients name the host.
        if !rest.starts_with(b"- ")
            && let Some(space) = memchr(b' ', rest)
            && address::field(&rest[..space]).is_some()
        {
            (host, rest) = (&rest[..space], &rest[space + 1..]);
        }
        match address::field(host) {
            Some((address, text)) => entry.set_client(line, Some(address), text),
            None if host != b"-" => entry.set_client(line, None, host),
            None => {}
        }
    }
    let identity = memchr(b' ', rest).map_or(rest.len(), |space| space + 1);
    let user = rest[identity..].trim_ascii_end();
    entry.user = (!matches!(user, b"" | b"-" | b"\"\"")).then_some(user);
    Some(())
}

/// The next quote from `start` on that is not escaped with a backslash.
#[inline]
fn plain_quote(line: &[u8], start: usize) -> Option<usize> {
    let mut from = start;
    loop {
        let quote = from + memchr(b'"', line.get(from..)?)?;
        let backslashes =
            line[from..quote].iter().rev().take_while(|byte| **byte == b'\\').count();
        if backslashes % 2 == 0 {
            return Some(quote);
        }
        from = quote + 1;
    }
}

/// The status after the request: ` 200 `.
#[inline]
fn status(after: &[u8]) -> Option<u16> {
    let &[b' ', a, b, c] = after.first_chunk::<4>()? else { return None };
    let is_end = !after.get(4).is_some_and(u8::is_ascii_digit);
    let digits = [a, b, c].map(|digit| u16::from(digit.wrapping_sub(b'0')));
    let is_number = digits.iter().all(|digit| *digit < 10);
    (is_end && is_number).then(|| digits[0] * 100 + digits[1] * 10 + digits[2])
}

/// The last of the quoted fields, if it comes after the user agent.
fn last_quoted(line: &[u8], after_request: usize) -> Option<&[u8]> {
    let (mut from, mut fields, mut last) = (after_request, 1, None);
    while let Some(open) = plain_quote(line, from) {
        let close = plain_quote(line, open + 1)?;
        if fields >= FORWARDED_FIELD {
            last = Some(&line[open + 1..close]);
        }
        fields += 1;
        from = close + 1;
    }
    last
}
