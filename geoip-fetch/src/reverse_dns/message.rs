//! Questions and replies of DNS: what reverse look-ups need of RFC 1035.

use std::{
    fmt::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// A name as it is sent: labels, each with its length before it, without the final 0.
///
/// A label can hold any byte, so that a name is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(Vec<u8>);

/// More bytes than this no name has, the final 0 included (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 255;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    A,
    Cname,
    Ptr,
    Aaaa,
}

/// A reply that belongs to its question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// It was too long for a datagram: to be asked again over TCP.
    Truncated,
    /// The records asked for, behind all aliases; none if there are none of the kind.
    Records(Vec<Record>),
    /// There is no such name.
    NoSuchName,
    /// The server could not or would not answer.
    Refused,
}

/// A record asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) data: Data,
    /// For how many seconds it, and all aliases on the way to it, hold.
    pub(super) ttl_s: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Data {
    Name(Name),
    Address(IpAddr),
}

impl Kind {
    fn number(self) -> u16 {
        match self {
            Self::A => 1,
            Self::Cname => 5,
            Self::Ptr => 12,
            Self::Aaaa => 28,
        }
    }
}

/// The class of the Internet.
const IN: u16 = 1;

/// How many aliases are followed: those of networks smaller than /24 (RFC 2317) are one.
const MOST_ALIASES: usize = 8;

/// More records than this are passed over.
const MOST_RECORDS: usize = 64;

impl Name {
    /// The name whose pointer names an address: `1.2.0.192.in-addr.arpa`.
    pub(super) fn reverse(address: IpAddr) -> Self {
        let mut name = Vec::with_capacity(74);
        let mut push = |label: &str| {
            name.push(u8::try_from(label.len()).unwrap_or(u8::MAX));
            name.extend_from_slice(label.as_bytes());
        };
        match address {
            IpAddr::V4(address) => {
                for octet in address.octets().iter().rev() {
                    push(&octet.to_string());
                }
                push("in-addr");
            }
            IpAddr::V6(address) => {
                for octet in address.octets().iter().rev() {
                    push(&format!("{:x}", octet & 15));
                    push(&format!("{:x}", octet >> 4));
                }
                push("ip6");
            }
        }
        push("arpa");
        Self(name)
    }

    /// Whether two names are one: letters of either case are the same (RFC 4343).
    fn is(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// The name as text of printable ASCII: other bytes, and dots in a label, are escaped
    /// (RFC 1035, section 5.1). The root is the empty text.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        let mut rest = self.0.as_slice();
        while let [len, after @ ..] = rest {
            let (label, after) = after.split_at(usize::from(*len).min(after.len()));
            if !text.is_empty() {
                text.push('.');
            }
            for &byte in label {
                match byte {
                    b'.' | b'\\' | b'"' | b';' | b'(' | b')' | b'@' | b'$' => {
                        text.push('\\');
                        text.push(char::from(byte));
                    }
                    b'!'..=b'~' => text.push(char::from(byte)),
                    _ => {
                        // Writing to a text does not fail.
                        let _ = write!(text, "\\{byte:03}");
                    }
                }
            }
            rest = after;
        }
        text
    }

    pub(super) fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

/// A question, as it is sent.
pub(super) fn question(id: u16, name: &Name, kind: Kind) -> Vec<u8> {
    let mut message = Vec::with_capacity(name.0.len() + 17);
    message.extend_from_slice(&id.to_be_bytes());
    // One question, and the server is to do the work (recursion desired).
    message.extend_from_slice(&[1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    message.extend_from_slice(&name.0);
    message.push(0);
    message.extend_from_slice(&kind.number().to_be_bytes());
    message.extend_from_slice(&IN.to_be_bytes());
    message
}

/// The reply to a question; none if it is malformed, or a reply to something else.
pub(super) fn reply(message: &[u8], id: u16, name: &Name, kind: Kind) -> Option<Reply> {
    let mut reader = Reader { message, at: 0 };
    let (of, flags) = (reader.u16()?, reader.u16()?);
    let is_reply = flags & 0x8000 != 0 && flags & 0x7800 == 0;
    let (questions, answers) = (reader.u16()?, reader.u16()?);
    reader.skip(4)?;
    if of != id || !is_reply || questions != 1 {
        return None;
    }
    // The question stands in the reply: whoever guesses has that to guess too.
    let asked = reader.name()?;
    if !asked.is(name) || reader.u16()? != kind.number() || reader.u16()? != IN {
        return None;
    }
    match flags & 15 {
        0 if flags & 0x200 != 0 => return Some(Reply::Truncated),
        0 => {}
        3 => return Some(Reply::NoSuchName),
        _ => return Some(Reply::Refused),
    }
    let mut all = Vec::new();
    for _ in 0..usize::from(answers).min(MOST_RECORDS) {
        all.push(reader.record()?);
    }
    Some(Reply::Records(records_of(&all, name, kind)))
}

/// A record of any kind.
struct Answer {
    owner: Name,
    kind: u16,
    ttl_s: u32,
    /// None for what is of no kind known here.
    data: Option<Data>,
}

/// The records of a kind that a name has, or what it is an alias of.
fn records_of(all: &[Answer], name: &Name, kind: Kind) -> Vec<Record> {
    let mut name = name;
    let mut ttl_s = u32::MAX;
    for _ in 0..=MOST_ALIASES {
        let found: Vec<_> = all
            .iter()
            .filter(|answer| answer.kind == kind.number() && answer.owner.is(name))
            .filter_map(|answer| {
                let data = answer.data.clone()?;
                Some(Record { data, ttl_s: ttl_s.min(answer.ttl_s) })
            })
            .collect();
        let alias = all
            .iter()
            .find(|answer| answer.kind == Kind::Cname.number() && answer.owner.is(name));
        match alias {
            Some(Answer { data: Some(Data::Name(target)), ttl_s: of_alias, .. })
                if found.is_empty() =>
            {
                name = target;
                ttl_s = ttl_s.min(*of_alias);
            }
            _ => return found,
        }
    }
    Vec::new()
}

/// Reads a message from front to back; names may point back.
struct Reader<'m> {
    message: &'m [u8],
    at: usize,
}

impl<'m> Reader<'m> {
    fn take(&mut self, len: usize) -> Option<&'m [u8]> {
        let end = self.at.checked_add(len)?;
        let bytes = self.message.get(self.at..end)?;
        self.at = end;
        Some(bytes)
    }

    fn skip(&mut self, len: usize) -> Option<()> {
        self.take(len).map(|_| ())
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    /// A name, whose end may be elsewhere in the message (RFC 1035, section 4.1.4).
    fn name(&mut self) -> Option<Name> {
        let mut name = Vec::new();
        // Every jump must go to before the one before, so that there is an end to it.
        let mut start = self.at;
        let mut after = None;
        loop {
            let len = self.u8()?;
            match len >> 6 {
                0 if len == 0 => break,
                0 => {
                    let label = self.take(usize::from(len))?;
                    name.push(len);
                    name.extend_from_slice(label);
                    if name.len() >= LONGEST_NAME {
                        return None;
                    }
                }
                3 => {
                    let target = usize::from(len & 63) << 8 | usize::from(self.u8()?);
                    after.get_or_insert(self.at);
                    if target >= start {
                        return None;
                    }
                    (start, self.at) = (target, target);
                }
                _ => return None,
            }
        }
        self.at = after.unwrap_or(self.at);
        Some(Name(name))
    }

    fn record(&mut self) -> Option<Answer> {
        let owner = self.name()?;
        let (kind, class, ttl_s) = (self.u16()?, self.u16()?, self.u32()?);
        let len = usize::from(self.u16()?);
        let start = self.at;
        let bytes = self.take(len)?;
        let end = self.at;
        let data = match kind {
            _ if class != IN => None,
            1 => <[u8; 4]>::try_from(bytes).ok().map(|b| Ipv4Addr::from(b).into()),
            28 => <[u8; 16]>::try_from(bytes).ok().map(|b| Ipv6Addr::from(b).into()),
            _ => None,
        };
        let data = match (data, kind) {
            (Some(address), _) => Some(Data::Address(address)),
            (None, 5 | 12) if class == IN => {
                let mut of_name = Reader { message: self.message, at: start };
                let target = of_name.name()?;
                // What the record says its length is, is what the name has.
                (of_name.at == end).then_some(Data::Name(target))
            }
            _ => None,
        };
        // The highest bit is never set (RFC 2181, section 8).
        let ttl_s = if ttl_s >> 31 == 0 { ttl_s } else { 0 };
        Some(Answer { owner, kind, ttl_s, data })
    }
}

#[cfg(test)]
mod tests;
