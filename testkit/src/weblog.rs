//! A web access log of any size, with every address in it known.
//!
//! The lines are in the Combined Log Format. Clients come from a pool of a million, drawn so
//! that few of them make most of the requests; about 15 % have IPv6. The lines hold what
//! leads extractors astray: browser versions of four numbers, times, MAC addresses, `::` of
//! query strings and of code, object identifiers, versions of five numbers.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::random::Random;

/// A log and the addresses that stand in it, in order.
#[derive(Debug, Default)]
pub struct WebLog {
    /// The bytes of the log.
    pub text: Vec<u8>,
    /// The addresses a reader would find in it.
    pub addresses: Vec<IpAddr>,
}

impl WebLog {
    /// Generates whole lines until there are at least `bytes` bytes.
    ///
    /// The same seed gives the same log on every machine.
    pub fn generate(seed: u64, bytes: usize) -> Self {
        let mut log = Self::default();
        log.text.reserve(bytes + 1024);
        let mut random = Random::new(seed);
        while log.text.len() < bytes {
            log.push_line(&mut random);
        }
        log
    }

    /// How many of the addresses are IPv4, and how many IPv6.
    pub fn counts(&self) -> (usize, usize) {
        let ipv4 = self.addresses.iter().filter(|address| address.is_ipv4()).count();
        (ipv4, self.addresses.len() - ipv4)
    }

    fn push_line(&mut self, random: &mut Random) {
        let client = client(random);
        self.addresses.push(client);
        let (hour, minute) = (random.below(24), random.below(60));
        let (second, day) = (random.below(60), random.below(28) + 1);
        write!(
            self.text,
            "{client} - - [{day:02}/Nov/2026:{hour:02}:{minute:02}:{second:02} +0000] \""
        )
        .expect("a vector takes every write");
        self.push_request(random);
        let status = random.pick(&["200", "200", "200", "304", "404", "499", "500"]);
        let size = random.below(90_000);
        write!(self.text, "\" {status} {size} \"").expect("a vector takes every write");
        self.push_referer(random);
        self.text.extend(b"\" \"");
        self.push_agent(random);
        self.text.extend(b"\"\n");
    }

    fn push_request(&mut self, random: &mut Random) {
        let method = random.pick(&["GET", "GET", "GET", "HEAD", "POST"]);
        let number = random.below(1_000_000);
        match random.below(20) {
            0 => write!(self.text, "{method} /static/app-{number}.2.1.0.7.js HTTP/1.1"),
            1 => write!(self.text, "{method} /api/events?at=12:34:56.{number} HTTP/1.1"),
            2 => write!(
                self.text,
                "{method} /device?mac=00:1a:2b:3c:4d:5e&n={number} HTTP/2.0"
            ),
            3 => write!(self.text, "{method} /snmp?oid=1.3.6.1.4.1.{number} HTTP/1.1"),
            4 => write!(
                self.text,
                "{method} /docs/std::net::IpAddr?page={number} HTTP/1.1"
            ),
            5..=9 => write!(self.text, "{method} /articles/{number}/comments HTTP/1.1"),
            10..=14 => write!(self.text, "{method} /images/{number}.webp HTTP/2.0"),
            _ => write!(self.text, "{method} /shop/item/{number}?ref=home HTTP/1.1"),
        }
        .expect("a vector takes every write");
    }

    fn push_referer(&mut self, random: &mut Random) {
        let number = random.below(100_000);
        match random.below(50) {
            0 => {
                let host = client(random);
                self.addresses.push(host);
                match host {
                    IpAddr::V4(host) => write!(self.text, "http://{host}:8080/{number}"),
                    IpAddr::V6(host) => {
                        write!(self.text, "http://[{host}]:8080/{number}")
                    }
                }
            }
            1..=8 => write!(self.text, "https://search.example/?q=a:b::c&page={number}"),
            9..=20 => write!(self.text, "https://www.example.com/shop/item/{number}"),
            _ => write!(self.text, "-"),
        }
        .expect("a vector takes every write");
    }

    fn push_agent(&mut self, random: &mut Random) {
        const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
                               (KHTML, like Gecko)";
        let major = 100 + random.below(45);
        match random.below(10) {
            0 => write!(
                self.text,
                "{WINDOWS} Chrome/{major}.0.0.0 Safari/537.36 Edg/{major}.0.2210.91"
            ),
            1..=5 => write!(self.text, "{WINDOWS} Chrome/{major}.0.0.0 Safari/537.36"),
            6 => write!(self.text, "curl/8.5.0"),
            7 => write!(
                self.text,
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
            ),
            8 => write!(
                self.text,
                "Mozilla/5.0 (X11; Linux x86_64; rv:{major}.0) Gecko/20100101 Firefox/{major}.0"
            ),
            _ => write!(
                self.text,
                "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://www.example.com/bot.html)"
            ),
        }
        .expect("a vector takes every write");
    }
}

/// One of a million clients; the n-th most frequent is about n times rarer than the first.
pub(crate) fn client(random: &mut Random) -> IpAddr {
    let magnitude = random.below(20);
    let index = (1 << magnitude) + random.below(1 << magnitude);
    // What belongs to a client is drawn from its index alone.
    let mut own = Random::new(index ^ 0x6970);
    let bits = u128::from(own.bits()) << 64 | u128::from(own.bits());
    if own.below(100) < 15 { ipv6(&mut own, bits) } else { ipv4(&mut own, bits) }
}

fn ipv4(random: &mut Random, bits: u128) -> IpAddr {
    let [.., b, c, d] = bits.to_be_bytes();
    let first =
        random.pick(&[1, 5, 23, 31, 45, 62, 77, 89, 91, 103, 141, 178, 185, 203, 212]);
    IpAddr::V4(Ipv4Addr::new(first, b, c, d))
}

fn ipv6(random: &mut Random, bits: u128) -> IpAddr {
    let first = random.pick(&[
        0x2001_0db8_u32,
        0x2003_00e1,
        0x2400_cb00,
        0x2600_1700,
        0x2a02_0908,
    ]);
    let host = match random.below(4) {
        0 => bits & 0xffff,
        1 => bits & 0xffff_0000_0000_0000_0000_ffff,
        _ => bits & (u128::MAX >> 32),
    };
    IpAddr::V6(Ipv6Addr::from_bits(u128::from(first) << 96 | host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_log_and_another_gives_another() {
        let [first, again, other] = [1, 1, 2].map(|seed| WebLog::generate(seed, 10_000));
        assert_eq!(first.text, again.text);
        assert_eq!(first.addresses, again.addresses);
        assert_ne!(first.text, other.text);
    }

    #[test]
    fn about_every_seventh_client_has_ipv6() {
        let (ipv4, ipv6) = WebLog::generate(3, 3_000_000).counts();
        let share = ipv6 * 100 / (ipv4 + ipv6);
        assert!((10..=20).contains(&share), "{share} %");
    }

    #[test]
    fn every_address_stands_in_the_log() {
        let log = WebLog::generate(4, 20_000);
        let text = String::from_utf8(log.text).unwrap();
        for address in &log.addresses {
            assert!(text.contains(&address.to_string()), "{address}");
        }
    }
}
