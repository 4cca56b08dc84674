//! Any bytes: the default rules against the oracle of the tests; and every set of rules and
//! readings in one piece, in a stream of pieces, and as a part of something longer.

#![no_main]

use std::convert::Infallible;
use std::io::Read;
use std::net::IpAddr;
use std::ops::ControlFlow;

use geoip_extract::{AddressMatch, Extractor, Rule};
use libfuzzer_sys::fuzz_target;

#[path = "../../geoip-extract/tests/extract/oracle.rs"]
mod oracle;

fuzz_target!(|input: (u32, u64, &[u8])| {
    let (switches, seed, text) = input;
    let plain = Extractor::default();
    // The oracle is slow, and so is a long text: they are asked now and then.
    if seed % 8 == 0 {
        let found: Vec<_> =
            plain.find_iter(text).map(|found| (found.span(), found.address())).collect();
        assert_eq!(found, oracle::addresses(text));
    }

    let on = |index: usize| switches >> (index % 32) & 1 == 1;
    let extractor = Rule::ALL
        .iter()
        .enumerate()
        .fold(plain, |extractor, (index, rule)| extractor.rule(*rule, on(index)));
    let mut end = 0;
    let mut whole = Vec::new();
    for found in extractor.find_iter(text) {
        assert!(end <= found.span().start && found.span().start < found.span().end);
        end = found.span().end;
        assert_eq!(found.text(), &text[found.span()]);
        whole.push(said(&found));
    }

    let mut streamed = Vec::new();
    let flow = extractor.for_each(Pieces { text, seed: seed | 1 }, |found| {
        streamed.push(said(&found));
        ControlFlow::<Infallible>::Continue(())
    });
    assert!(flow.is_ok());
    assert_eq!(streamed, whole);

    // Nothing is different behind other lines, wherever that puts it in a block or a window.
    let pairs = if seed % 256 == 1 { 20_000 } else { 100 };
    let before = b"=\n".repeat((seed >> 16) as usize % pairs);
    let longer = [&before, text].concat();
    let moved = extractor.find_iter(&longer).map(|found| said(&found));
    let moved: Vec<_> = moved
        .map(|(offset, text, address, surroundings)| {
            (offset - before.len() as u64, text, address, surroundings)
        })
        .collect();
    assert_eq!(moved, whole);
});

type Surroundings = (Option<u8>, Option<u16>, Option<Vec<u8>>);

fn said(found: &AddressMatch<'_>) -> (u64, Vec<u8>, IpAddr, Surroundings) {
    let surroundings =
        (found.prefix(), found.port(), found.zone().map(<[u8]>::to_vec));
    (found.offset(), found.text().to_vec(), found.address(), surroundings)
}

/// A reader of pieces of random sizes.
struct Pieces<'t> {
    text: &'t [u8],
    seed: u64,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        let size = 1 + (self.seed >> 32) as usize % 48;
        let (head, rest) = self.text.split_at(size.min(self.text.len()));
        self.text = rest;
        buffer[..head.len()].copy_from_slice(head);
        Ok(head.len())
    }
}
