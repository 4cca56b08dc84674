//! Any bytes: the default rules against the oracle of the tests, a stream cut in two against
//! the whole, and every other set of rules against nothing but its own promises.

#![no_main]

use std::convert::Infallible;
use std::io::Read;
use std::ops::ControlFlow;

use geoip_extract::Extractor;
use libfuzzer_sys::fuzz_target;

#[path = "../../geoip-extract/tests/extract/oracle.rs"]
mod oracle;

fuzz_target!(|input: (u32, u8, &[u8])| {
    let (switches, cut, text) = input;
    let plain = Extractor::default();
    let found: Vec<_> =
        plain.find_iter(text).map(|found| (found.span(), found.address())).collect();
    assert_eq!(found, oracle::addresses(text));

    let extractor = turned(switches);
    let mut end = 0;
    let mut whole = Vec::new();
    for found in extractor.find_iter(text) {
        assert!(end <= found.span().start && found.span().start < found.span().end);
        end = found.span().end;
        let said = (found.prefix(), found.port(), found.zone().map(<[u8]>::to_vec));
        whole.push((found.offset(), found.text().to_vec(), found.address(), said));
    }

    let (head, tail) = text.split_at(text.len().min(cut.into()));
    let mut streamed = Vec::new();
    let flow = extractor.for_each(head.chain(tail), |found| {
        let said = (found.prefix(), found.port(), found.zone().map(<[u8]>::to_vec));
        streamed.push((found.offset(), found.text().to_vec(), found.address(), said));
        ControlFlow::<Infallible>::Continue(())
    });
    assert!(flow.is_ok());
    assert_eq!(streamed, whole);
});

fn turned(switches: u32) -> Extractor {
    let on = |bit: u32| switches >> bit & 1 == 1;
    Extractor::default()
        .ipv4(on(0))
        .ipv6(on(1))
        .mapped_as_ipv6(on(2))
        .defanged(on(3))
        .eui_addresses(on(4))
        .glued_letters(on(5))
        .labels(on(6))
        .leading_dots(on(7))
        .leading_zeros(on(8))
        .masks(on(9))
        .netstat_ports(on(10))
        .scopes(on(11))
        .slices(on(12))
        .tcpdump_ports(on(13))
        .underscores(on(14))
        .unspecified(on(15))
        .versions(on(16))
}
