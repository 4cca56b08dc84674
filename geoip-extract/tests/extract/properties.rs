//! The extractor against the oracle, on texts made to be difficult.

use std::convert::Infallible;
use std::net::IpAddr;
use std::ops::{ControlFlow, Range};

use geoip_extract::Extractor;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;

use crate::oracle;
use crate::table::Case;

fn found(extractor: &Extractor, text: &[u8]) -> Vec<(Range<usize>, IpAddr)> {
    extractor.find_iter(text).map(|found| (found.span(), found.address())).collect()
}

/// Pieces that addresses and their traps are made of.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[0-9]{1,3}",
        4 => "[.:]",
        2 => "[0-9a-f]{1,5}",
        2 => "::|:::|[.]{2,3}",
        2 => any::<[u8; 4]>().prop_map(|octets| std::net::Ipv4Addr::from(octets).to_string()),
        2 => any::<[u16; 8]>().prop_map(|groups| std::net::Ipv6Addr::from(groups).to_string()),
        2 => (any::<u16>(), any::<u16>()).prop_map(|(a, b)| format!("{a:x}::{b:x}")),
        6 => "[ =,\n]",
        1 => "[\\]\\[/%_-]",
        1 => "Chrome/|OPR/|ip6:|src:|x|std|/24|:443|\\[::\\]|10[.]0[.]0[.]0|ffff:",
    ]
    .prop_map(String::into_bytes)
}

pub(crate) fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat()),
        proptest::collection::vec(
            prop_oneof![any::<u8>(), select(b"0129af.:/[] ".to_vec())],
            0..80
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn finds_what_the_oracle_finds(text in text()) {
        prop_assert_eq!(
            found(&Extractor::default(), &text),
            oracle::addresses(&text),
            "{}", String::from_utf8_lossy(&text)
        );
    }

    #[test]
    fn any_real_address_is_found_between_spaces(
        bits in any::<u128>(), small in any::<u32>(), is_ipv4 in any::<bool>()
    ) {
        let address = if is_ipv4 {
            IpAddr::from(small.to_be_bytes())
        } else {
            // Global unicast, where addresses come from: 2000::/3.
            IpAddr::from((bits >> 3 | 1 << 125).to_be_bytes())
        };
        let text = format!("from {address} port");
        let found = found(&Extractor::default(), text.as_bytes());
        prop_assert_eq!(found, vec![(5..text.len() - 5, address)]);
    }

    #[test]
    fn a_stream_cut_anywhere_gives_the_same(
        text in text(), cut in any::<prop::sample::Index>(), defanged in any::<bool>()
    ) {
        let extractor = Extractor::default().defanged(defanged);
        let (head, tail) = text.split_at(cut.index(text.len() + 1));
        let mut streamed = Vec::new();
        let flow = extractor.for_each(std::io::Read::chain(head, tail), |found| {
            let start = usize::try_from(found.offset()).expect("a short text");
            streamed.push((start..start + found.text().len(), found.address()));
            ControlFlow::<Infallible>::Continue(())
        });
        prop_assert!(flow.is_ok());
        prop_assert_eq!(streamed, found(&extractor, &text));
    }

    #[test]
    fn disguise_changes_no_address(octets in any::<[u8; 4]>(), groups in any::<[u16; 8]>()) {
        let quad = std::net::Ipv4Addr::from(octets).to_string();
        let full = groups.map(|group| format!("{group:x}")).join(":");
        prop_assume!(groups.iter().any(|group| !(0x10..0x100).contains(group)));
        let expected: Vec<IpAddr> = vec![quad.parse().unwrap(), full.parse().unwrap()];
        for (dot, colon) in [("[.]", "[:]"), ("(dot)", "(:)"), ("\\.", "{:}"), (" [.] ", ":")] {
            let text = format!("from {} to {}!", quad.replace('.', dot), full.replace(':', colon));
            let found: Vec<_> = Extractor::default()
                .defanged(true)
                .find_iter(text.as_bytes())
                .map(|found| found.address())
                .filter(|address| address.to_canonical() == *address)
                .collect();
            prop_assert_eq!(&found, &expected, "{}", text);
        }
    }

    #[test]
    fn plain_text_reads_the_same_whether_disguise_is_looked_for_or_not(
        pieces in proptest::collection::vec(piece(), 0..24)
    ) {
        let text = pieces.concat();
        prop_assume!(!text.iter().any(|byte| b"[]".contains(byte)));
        prop_assert_eq!(
            found(&Extractor::default().defanged(true), &text),
            found(&Extractor::default(), &text)
        );
    }
}

#[test]
fn the_random_texts_hold_addresses_and_texts_that_are_none() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let with_address = (0..1000)
        .filter(|_| {
            let text =
                text().new_tree(&mut runner).expect("nothing is filtered").current();
            !oracle::addresses(&text).is_empty()
        })
        .count();
    assert!((200..900).contains(&with_address), "{with_address} of 1000");
}

#[test]
fn the_table_and_the_oracle_agree() {
    let mut compared = 0;
    for case in Case::all() {
        if case.extractor == Extractor::default() && case.text.len() < 1000 {
            let expected: Vec<_> = oracle::addresses(&case.text)
                .into_iter()
                .map(|(span, _)| String::from_utf8_lossy(&case.text[span]).into_owned())
                .collect();
            assert_eq!(expected, case.expected, "line {}", case.line);
            compared += 1;
        }
    }
    assert!(compared > 100);
}
