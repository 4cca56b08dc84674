//! Readings: what is found in a text that was disguised is what is found in the plain one, and
//! it is where the disguise is.

use std::convert::Infallible;
use std::io::Read;
use std::net::IpAddr;
use std::ops::{ControlFlow, Range};

use geoip_extract::{AddressMatch, Extractor, Rule};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::properties;

/// A text, and where each byte of the plain one is in it.
#[derive(Clone, Debug)]
struct Disguised {
    text: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Disguised {
    fn plain(text: &[u8]) -> Self {
        let places = (0..text.len()).map(|index| index..index + 1).collect();
        Self { text: text.to_vec(), places }
    }

    /// Writes every byte as `write` says: what to put before it, and what in its stead.
    fn written(&self, mut write: impl FnMut(&[u8], usize) -> (Vec<u8>, Vec<u8>)) -> Self {
        let (mut text, mut written) = (Vec::new(), Vec::new());
        for index in 0..self.text.len() {
            let (before, instead) = write(&self.text, index);
            text.extend(before);
            written.push(text.len()..text.len() + instead.len());
            text.extend(instead);
        }
        let place =
            |old: &Range<usize>| written[old.start].start..written[old.end - 1].end;
        Self { places: self.places.iter().map(place).collect(), text }
    }

    /// Writes it so that `reading` undoes it, with random numbers to choose by.
    fn for_reading(&self, reading: Rule, mut random: impl FnMut(usize) -> usize) -> Self {
        let escaped = |text: String| (Vec::new(), text.into_bytes());
        self.written(|text, index| {
            let byte = text[index];
            let same = (Vec::new(), vec![byte]);
            let is_digit =
                |index: usize| text.get(index).is_some_and(u8::is_ascii_hexdigit);
            let between = index > 0 && is_digit(index - 1) && is_digit(index + 1);
            match reading {
                Rule::PercentEncoded if byte == b'%' || random(3) == 0 => match random(2)
                {
                    0 => escaped(format!("%{byte:02x}")),
                    _ => escaped(format!("%{byte:02X}")),
                },
                Rule::JsonEscapes if byte == b'\\' => escaped(r"\\".into()),
                Rule::JsonEscapes if byte == b'\n' && random(2) == 0 => {
                    escaped(r"\n".into())
                }
                Rule::JsonEscapes if random(3) == 0 => match random(2) {
                    0 => escaped(format!("\\u{byte:04x}")),
                    _ => escaped(format!("\\x{byte:02X}")),
                },
                Rule::AnsiEscapes if random(4) == 0 => {
                    let colours =
                        ["\x1b[31m", "\x1b[m\x1b[K", "\x1b(B\x1b[m", "\x1b]8;;x\x07"];
                    (colours[random(4)].into(), vec![byte])
                }
                Rule::Defanged if byte == b'.' && between => {
                    let dots = [
                        ".", "[.]", "(.)", "{.}", "[dot]", "(DOT)", "[.", "\\.", " [.] ",
                    ];
                    escaped(dots[random(dots.len())].into())
                }
                Rule::Defanged if byte == b':' && between => {
                    escaped([":", "[:]", "(:)", "{:}"][random(4)].into())
                }
                _ => same,
            }
        })
    }
}

/// Innermost first: how a text gets to wear several disguises.
const INWARDS: [Rule; 4] =
    [Rule::Defanged, Rule::PercentEncoded, Rule::AnsiEscapes, Rule::JsonEscapes];

fn readings() -> impl Strategy<Value = Vec<Rule>> {
    proptest::sample::subsequence(INWARDS.to_vec(), 1..=4)
}

fn reading(readings: &[Rule]) -> Extractor {
    readings.iter().fold(Extractor::default(), |made, reading| made.rule(*reading, true))
}

/// A text that holds no escapes by itself.
fn plain_text() -> impl Strategy<Value = Vec<u8>> {
    properties::text().prop_map(|mut text| {
        text.retain(|byte| !b"[](){}\\\x1b".contains(byte));
        text
    })
}

/// Place, address and what else a match says.
type Said = (Range<u64>, IpAddr, Option<u8>, Option<u16>, Option<Vec<u8>>);

fn said(found: &AddressMatch<'_>) -> Said {
    let span = found.offset()..found.offset() + found.text().len() as u64;
    let zone = found.zone().map(<[u8]>::to_vec);
    (span, found.address(), found.prefix(), found.port(), zone)
}

fn streamed(extractor: &Extractor, reader: impl Read) -> Vec<Said> {
    let mut all = Vec::new();
    let flow = extractor.for_each(reader, |found| {
        all.push(said(&found));
        ControlFlow::<Infallible>::Continue(())
    });
    assert!(flow.is_ok_and(|flow| flow.is_continue()));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn disguised_text_holds_what_the_plain_one_holds(
        plain in plain_text(),
        readings in readings(),
        choices in proptest::collection::vec(any::<Index>(), 1..200),
        padding in prop_oneof![Just(0), 32_400_usize..32_800],
    ) {
        let mut choices = choices.iter().cycle();
        let mut disguised = Disguised::plain(&plain);
        for reading in &readings {
            disguised = disguised.for_reading(*reading, |below| choices.next().unwrap().index(below));
        }
        let expected: Vec<Said> = Extractor::default()
            .find_iter(&plain)
            .map(|found| {
                let span = found.span();
                let start = padding + disguised.places[span.start].start;
                let end = padding + disguised.places[span.end - 1].end;
                let zone = found.zone().map(|zone| {
                    let first = span.end + 1;
                    let last = first + zone.len() - 1;
                    disguised.text[disguised.places[first].start..disguised.places[last].end].to_vec()
                });
                (start as u64..end as u64, found.address(), found.prefix(), found.port(), zone)
            })
            .collect();
        let text = [vec![b' '; padding], disguised.text].concat();
        let found: Vec<_> = reading(&readings).find_iter(&text).map(|found| said(&found)).collect();
        prop_assert_eq!(&found, &expected, "{}", String::from_utf8_lossy(&text[padding..]));
        for found in reading(&readings).find_iter(&text) {
            prop_assert_eq!(found.text(), &text[found.span()]);
        }
    }

    #[test]
    fn a_stream_read_in_any_pieces_gives_the_same(
        pieces in proptest::collection::vec(piece(), 0..60),
        readings in readings(),
        sizes in proptest::collection::vec(1_usize..40, 1..20),
        padding in prop_oneof![Just(0), 32_400_usize..32_800],
    ) {
        let text = [vec![b' '; padding], pieces.concat()].concat();
        let extractor = reading(&readings);
        let whole: Vec<_> = extractor.find_iter(&text).map(|found| said(&found)).collect();
        let pieces = Pieces { text: &text, sizes: sizes.iter().cycle(), long: padding };
        prop_assert_eq!(streamed(&extractor, pieces), whole);
    }
}

/// Pieces of escapes, whole and cut.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => select(vec!["1", "23", "255", "0", "db8"]),
        3 => select(vec![".", ":", "::", "[.]", "[:]", "[::]", " [.] ", "(dot)", "[.", "\\.", " ["]),
        2 => select(vec!["%2e", "%3A", "%31", "%", "%2", "%0a", "%25", "%5B"]),
        2 => select(vec!["\\u002e", "\\n", "\\\\", "\\u00", "\\", "\\x3a", "\\u001b[1m", "\\/"]),
        2 => select(vec!["\x1b[1m", "\x1b[", "\x1b", "\x1b]0;", "\x07", "\x1b\\", "\x1b[2;3H", "\x1b(B"]),
        2 => select(vec![" ", "\n", ",", "192.0.2.1", "2001:db8::1", "/24", "%eth0", "]:443"]),
    ]
    .prop_flat_map(|piece| {
        let times = prop_oneof![9 => 1_usize..2, 1 => 1_usize..90];
        times.prop_map(move |times| piece.repeat(times).into_bytes())
    })
}

/// A reader of few bytes at a time, after a first long piece.
struct Pieces<'t, S> {
    text: &'t [u8],
    sizes: S,
    long: usize,
}

impl<'t, S: Iterator<Item = &'t usize>> Read for Pieces<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = std::mem::take(&mut self.long).max(*self.sizes.next().unwrap_or(&1));
        let size = size.min(buffer.len()).min(self.text.len());
        let (head, rest) = self.text.split_at(size);
        buffer[..size].copy_from_slice(head);
        self.text = rest;
        Ok(size)
    }
}

#[test]
fn the_surroundings_of_a_disguised_address_are_read_in_plain() {
    let said = |text: &str| {
        let all = reading(&INWARDS);
        let found = all.find_iter(text.as_bytes()).next().expect("an address");
        let zone = found.zone().map(|zone| String::from_utf8_lossy(zone).into_owned());
        (found.prefix(), found.port(), zone)
    };
    assert_eq!(said("192[.]0.2.0%2F24"), (Some(24), None, None));
    assert_eq!(said(r"192.0.2.0\/24"), (Some(24), None, None));
    assert_eq!(said("192[.]0[.]2[.]1[:]80"), (None, Some(80), None));
    assert_eq!(said("%5B2001:db8::1%5D%3A4%343"), (None, Some(443), None));
    assert_eq!(
        said("\x1b[1m192.0.2.1\x1b[0m:\x1b[32m443\x1b[0m"),
        (None, Some(443), None)
    );
    assert_eq!(said("[fe80::1%25e%74h0]"), (None, None, Some("e%74h0".to_owned())));
    assert_eq!(said("fe80::1\x1b[m%eth0 "), (None, None, Some("eth0".to_owned())));
}

#[test]
fn an_endless_escape_keeps_no_address_from_being_found() {
    let all = reading(&INWARDS);
    for unit in
        ["\x1b[0m", "\x1b]0;x\x07", "\x1b]", "\\u001b[m", "%1b[m", " [.] ", "%25", "\\\\"]
    {
        let flood = unit.repeat((1 << 20) / unit.len());
        let text = format!("192.0.2.1 {flood} 2001:db8::1");
        let found: Vec<_> = all
            .find_iter(text.as_bytes())
            .map(|found| found.address().to_string())
            .collect();
        assert_eq!(found, ["192.0.2.1", "2001:db8::1"], "{unit:?}");
        assert_eq!(streamed(&all, text.as_bytes()).len(), 2, "{unit:?}");
    }
}

#[test]
fn no_reading_swallows_a_line_feed() {
    let all = reading(&INWARDS);
    for text in [
        "192.0.2.1\x1b[\n1m",
        "192.0.2.1\x1b]0;\nx\x07",
        "192.0.2.1%\n31",
        "192.0.2.1\\\n",
        "192.0.2.1\\u003\n1",
        "192.0.2.1 [.]\n1",
    ] {
        let found: Vec<_> =
            all.find_iter(text.as_bytes()).map(|found| found.text()).collect();
        assert_eq!(found, [b"192.0.2.1"], "{text:?}");
    }
}
