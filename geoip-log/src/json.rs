//! JSON lines: the values of a few paths, found without a tree.
//!
//! The scanner looks at structure and strings only; it goes down into those objects alone
//! that lie on a path that is wanted, so nesting costs no stack. It does not ask whether
//! the rest of a line is valid JSON, and takes any bytes in strings.

use memchr::{memchr_iter, memchr2};

use crate::entry::Entry;
use crate::forwarded;
use crate::names;
use crate::options::Options;
use crate::proxies::TrustedProxies;
use crate::syslog;
use crate::table::{set_client, whole_time};
use crate::times::Times;
use crate::timestamp::Timestamp;
use crate::{address, error::Error};

/// How many objects deep a path may lead.
const DEEPEST: usize = 16;

/// How many bytes of a string are looked at one by one.
const SHORT_STRING: usize = 16;

/// A text with escapes is only read if it is no longer than this.
const LONGEST_ESCAPED: usize = 4096;

/// The paths that are wanted, and what is found at them.
#[derive(Clone, Debug)]
pub(crate) struct JsonLines {
    paths: Vec<Path>,
    /// For each first byte of a key, the paths that start with it.
    by_first_byte: [u128; 256],
    /// Whether one key was named for the client, and no other counts.
    names_client: bool,
    /// The text of a value whose escapes are undone.
    plain: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Path {
    text: Vec<u8>,
    field: Field,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Client,
    Time,
    Forwarded,
    Message,
    Program,
}

/// What is found in one line: for each field the number of its path, and the value.
type Values<'l> = [Option<(usize, &'l [u8])>; 5];

impl JsonLines {
    pub(crate) fn new(options: &Options) -> Result<Self, Error> {
        let fields = [
            (Field::Client, &options.client_field, names::CLIENT),
            (Field::Time, &options.time_field, names::TIME),
            (Field::Forwarded, &options.forwarded_field, names::FORWARDED),
            (Field::Message, &None, names::MESSAGE),
            (Field::Program, &None, names::PROGRAM),
        ];
        let mut paths = Vec::new();
        for (field, named, known) in fields {
            match named {
                Some(name) => paths.push(Path { text: name.clone().into(), field }),
                None => paths.extend(
                    known.iter().map(|name| Path { text: name.as_bytes().into(), field }),
                ),
            }
        }
        let mut by_first_byte = [0; 256];
        for (number, path) in paths.iter().enumerate() {
            let deep = memchr_iter(b'.', &path.text).count() >= DEEPEST;
            let first = path.text.first().filter(|_| !deep);
            let Some(first) = first else {
                let reason =
                    if deep { "has more than 16 parts" } else { "must not be empty" };
                let field = String::from_utf8_lossy(&path.text).into_owned();
                return Err(Error::InvalidField { field, reason });
            };
            by_first_byte[usize::from(*first)] |= 1 << number;
        }
        debug_assert!(paths.len() <= 128, "a path has a bit of its own");
        let names_client = options.client_field.is_some();
        Ok(Self { paths, by_first_byte, names_client, plain: Vec::new() })
    }

    pub(crate) fn parse<'l>(
        &mut self,
        line: &'l [u8],
        times: &mut Times,
        trusted: &TrustedProxies,
    ) -> Option<Entry<'l>> {
        let mut scanner = Scanner { text: line, at: 0 };
        scanner.skip_blanks();
        let mut values = [None; 5];
        self.object(&mut scanner, u128::MAX, 0, &mut values)?;
        let [client, time, chain, message, program] =
            values.map(|value| value.map(|(_, value)| value));
        let mut entry = Entry::EMPTY;
        if let Some(client) = client {
            self.set_client(&mut entry, line, client, chain, trusted);
        } else if !self.names_client
            && let Some([b'"', message @ .., b'"']) = message
            && let Some([b'"', program @ .., b'"']) = program
        {
            // The journal. Escapes stay: sshd writes none where the address is, and names
            // are read as they are written.
            syslog::read_message(line, program, message, &mut entry);
        }
        entry.time = time.and_then(|time| instant(time, times));
        Some(entry)
    }

    /// Reads an object, all of whose keys lie on the `active` paths after `passed` bytes.
    fn object<'l>(
        &mut self,
        scanner: &mut Scanner<'l>,
        active: u128,
        passed: usize,
        values: &mut Values<'l>,
    ) -> Option<()> {
        scanner.expect(b'{')?;
        if scanner.next_is(b'}') {
            return Some(());
        }
        loop {
            scanner.skip_blanks();
            let key = scanner.string()?;
            scanner.skip_blanks();
            scanner.expect(b':')?;
            scanner.skip_blanks();
            let (here, deeper) = self.on_paths(key, active, passed);
            let start = scanner.at;
            if deeper != 0 && scanner.text.get(start) == Some(&b'{') {
                self.object(scanner, deeper, passed + key.len() + 1, values)?;
            } else {
                scanner.skip_value()?;
            }
            if here != 0 {
                let value = &scanner.text[start..scanner.at];
                self.keep(here, value, values);
            }
            if scanner.next_is(b'}') {
                return Some(());
            }
            scanner.expect(b',')?;
        }
    }

    /// The paths that end at a key, and those that lead through it.
    #[inline]
    fn on_paths(&mut self, key: &[u8], active: u128, passed: usize) -> (u128, u128) {
        let mut candidates = active;
        if passed == 0 {
            let first = key.first().copied().unwrap_or_default();
            // A key may begin with an escape.
            if first != b'\\' {
                candidates &= self.by_first_byte[usize::from(first)];
            }
        }
        let (mut here, mut deeper) = (0, 0);
        while candidates != 0 {
            let number = candidates.trailing_zeros() as usize;
            candidates &= candidates - 1;
            let Some(rest) =
                self.paths.get(number).and_then(|path| path.text.get(passed..))
            else {
                continue;
            };
            // What follows the key is looked at first: few paths are left to be compared.
            match rest.get(key.len()) {
                None if rest == key => here |= 1 << number,
                Some(b'.') if rest.starts_with(key) => deeper |= 1 << number,
                _ => {}
            }
        }
        (here, deeper)
    }

    /// Keeps a value, unless a better path has one; of two with the same path, the later.
    fn keep<'l>(&self, mut here: u128, value: &'l [u8], values: &mut Values<'l>) {
        if matches!(value, b"null" | b"\"\"" | b"\"-\"") {
            return;
        }
        while here != 0 {
            let number = here.trailing_zeros() as usize;
            here &= here - 1;
            let slot = &mut values[self.paths[number].field as usize];
            if slot.is_none_or(|(best, _)| number <= best) {
                *slot = Some((number, value));
            }
        }
    }

    fn set_client<'l>(
        &mut self,
        entry: &mut Entry<'l>,
        line: &'l [u8],
        client: &'l [u8],
        chain: Option<&'l [u8]>,
        trusted: &TrustedProxies,
    ) {
        // The items of an array are the hops of a chain; quotes around hops do not matter.
        let chain = chain.map(inner);
        let text = inner(client);
        let is_text = matches!(client.first(), Some(b'"' | b'['));
        if !is_text {
            return;
        }
        let escaped = |text: &[u8]| memchr::memchr(b'\\', text).is_some();
        if !escaped(text) && !chain.is_some_and(escaped) {
            return set_client(entry, line, Some(unquoted(text)), chain, trusted);
        }
        // The text of the client is then all of the value, as it is written.
        let plain = &mut self.plain;
        let peer =
            unescape(text, plain).and_then(|text| address::field(text.trim_ascii()));
        entry.set_client(line, peer.map(|(peer, _)| peer), text);
        let Some((peer, _)) = peer else { return };
        if trusted.contains(peer)
            && let Some(raw) = chain
            && let Some(chain) = unescape(raw, plain)
            && let Some(origin) = forwarded::origin(chain, trusted)
        {
            entry.set_client(line, origin.address, raw);
            entry.forwarded = true;
        }
    }
}

/// The text between the quotes or brackets of a value.
fn inner(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] | [b'[', inner @ .., b']'] => inner.trim_ascii(),
        _ => value,
    }
}

/// Without the quotes around the only item of an array.
fn unquoted(text: &[u8]) -> &[u8] {
    match text {
        [b'"', inner @ .., b'"'] => inner,
        _ => text,
    }
}

/// The instant of a value: a number counts from 1970, a text is a time in any layout.
fn instant(value: &[u8], times: &mut Times) -> Option<Timestamp> {
    if let [b'"', text @ .., b'"'] = value {
        return whole_time(text.trim_ascii(), times);
    }
    let number = std::str::from_utf8(value).ok()?;
    if memchr2(b'e', b'E', value).is_none() {
        return whole_time(value, times);
    }
    // Seconds as some languages write large numbers, 1.7e9; exact to a microsecond or so.
    let seconds: f64 = number.parse().ok()?;
    let is_known = (0.0..1e11).contains(&seconds);
    is_known.then(|| whole_time(format!("{seconds:.6}").as_bytes(), times))?
}

/// Undoes the escapes of a string. `None` if one is wrong, or the text is very long.
fn unescape<'p>(text: &[u8], plain: &'p mut Vec<u8>) -> Option<&'p [u8]> {
    if text.len() > LONGEST_ESCAPED {
        return None;
    }
    plain.clear();
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            plain.push(byte);
            continue;
        }
        let (&escape, after) = rest.split_first()?;
        rest = after;
        match escape {
            b'"' | b'\\' | b'/' => plain.push(escape),
            b'b' => plain.push(8),
            b'f' => plain.push(12),
            b'n' => plain.push(b'\n'),
            b'r' => plain.push(b'\r'),
            b't' => plain.push(b'\t'),
            b'u' => {
                let (digits, after) = rest.split_first_chunk::<4>()?;
                rest = after;
                let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
                let digits = std::str::from_utf8(digits).ok().filter(|_| is_hex)?;
                let unit = u32::from_str_radix(digits, 16).ok()?;
                // Half of a surrogate pair is no part of an address.
                let letter = char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
                plain.extend(letter.encode_utf8(&mut [0; 4]).bytes());
            }
            _ => return None,
        }
    }
    Some(plain)
}

/// A place in a text of JSON.
struct Scanner<'l> {
    text: &'l [u8],
    at: usize,
}

impl<'l> Scanner<'l> {
    #[inline]
    fn skip_blanks(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Option<()> {
        let is_there = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(is_there);
        is_there.then_some(())
    }

    /// Passes a byte if it comes next, after blanks.
    #[inline]
    fn next_is(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        self.expect(byte).is_some()
    }

    /// Passes a string, and gives what is between its quotes, escapes and all.
    #[inline]
    fn string(&mut self) -> Option<&'l [u8]> {
        self.expect(b'"')?;
        let start = self.at;
        // Most strings are short, too short to call anything for.
        let near = self.text[start..].iter().take(SHORT_STRING);
        self.at += near.take_while(|byte| !matches!(byte, b'"' | b'\\')).count();
        loop {
            let stop = match self.text.get(self.at)? {
                b'"' | b'\\' => self.at,
                _ => self.at + memchr2(b'"', b'\\', &self.text[self.at..])?,
            };
            if self.text[stop] == b'"' {
                self.at = stop + 1;
                return Some(&self.text[start..stop]);
            }
            // An escape has two bytes at least, and no quote after them.
            self.at = stop + 2;
        }
    }

    /// Passes a value of any depth.
    fn skip_value(&mut self) -> Option<()> {
        match self.text.get(self.at)? {
            b'"' => self.string().map(drop),
            b'{' | b'[' => self.skip_nested(),
            _ => {
                let rest = &self.text[self.at..];
                let is_scalar =
                    |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
                let length = rest.iter().take_while(|byte| is_scalar(byte)).count();
                self.at += length;
                (length > 0).then_some(())
            }
        }
    }

    /// Passes an object or an array by counting brackets.
    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.text.get(self.at)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}
