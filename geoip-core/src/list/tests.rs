//! Each kind of list, and every list against a search through all of it.

use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> List {
    List::parse("list", text.as_bytes()).unwrap()
}

fn error(text: &[u8]) -> String {
    List::parse("list", text).unwrap_err().to_string()
}

fn has(list: &List, address: &str) -> bool {
    list.contains(address.parse().unwrap())
}

fn date(list: &List) -> String {
    list.info().to_string()
}

#[test]
fn lines_hold_addresses_networks_ranges_and_systems() {
    let list = parse(
        "\u{feff}# Last update: Sat, 22 Aug 2026 03:00:29 +0200\r\n\
         192.0.2.1\t10\r\n198.51.100.2/24 ; host bits\n203.0.113.1 - 203.0.113.9\n\
         203.0.113.20-203.0.113.29\n\n 2001:db8::/32,GB,GB-EN,London,\n\
         AS64496 # Example, \"quoted\"\nas64497\n::ffff:192.0.2.9\n",
    );
    assert_eq!(list.kind(), ListKind::Lines);
    assert!(list.flags().is_empty());
    assert_eq!((list.networks(), list.systems()), (6, &[Asn(64496), Asn(64497)][..]));
    for address in
        ["192.0.2.1", "198.51.100.255", "203.0.113.5", "2001:db8::9", "192.0.2.9"]
    {
        assert!(has(&list, address), "{address}");
        let mapped = format!("::ffff:{address}");
        assert!(mapped.parse::<IpAddr>().is_err() || has(&list, &mapped));
    }
    assert!(!has(&list, "203.0.113.10") && !has(&list, "2001:db9::"));
    assert_eq!(date(&list), "list 2026-08-22");
}

#[test]
fn a_header_says_that_numbers_are_systems() {
    let list =
        parse("ASN,Entity\n64496,\"EXAMPLE, FR\"\n64497, \"Sloppy, NL\"\nAS64498,\n");
    assert_eq!((list.kind(), list.flags()), (ListKind::Systems, Flags::HOSTING));
    assert_eq!(list.systems(), [Asn(64496), Asn(64497), Asn(64498)]);
    assert!(error(b"64496\n").contains("line 1: `64496` is no address"));
    assert_eq!(parse("network,count\n192.0.2.0/24,5\n").networks(), 1);
    assert!(error(b"192.0.2.1\nnetwork\n").starts_with("list, line 2: "));
}

#[test]
fn tor_lists_are_told_by_their_content() {
    let exits = parse(
        "ExitNode 0011BD2485AD45D984EC4159C88FC066E5E3300E\n\
         Published 2026-07-01 19:47:53\nLastStatus 2026-07-02 04:00:00\n\
         ExitAddress 192.0.2.7 2026-07-02 04:20:11\n\
         ExitAddress 2001:db8::7 2026-07-02 04:20:11\n",
    );
    assert_eq!((exits.kind(), exits.flags()), (ListKind::TorExitAddresses, Flags::TOR));
    assert!(has(&exits, "192.0.2.7") && has(&exits, "2001:db8::7"));
    assert_eq!(date(&exits), "list 2026-07-02");
    assert!(error(b"ExitNode 00\nExitAddress 2026-07-02\n").contains("line 2"));
}

#[cfg(feature = "json")]
#[test]
fn documents_of_clouds_and_tor_are_told_by_their_keys() {
    let cases = [
        (
            r#"{"syncToken":"1","createDate":"2014-11-19-23-29-02","prefixes":[{"ip_prefix":
            "198.51.100.2/24","region":"x","service":"EC2"}],"ipv6_prefixes":[{"ipv6_prefix":
            "2001:db8:1234::/64"}]}"#,
            (ListKind::Aws, Flags::HOSTING, 2, "list 2014-11-19"),
            ["198.51.100.9", "2001:db8:1234::1"],
        ),
        (
            r#"{"syncToken":"1","creationTime":"2021-07-14T10:01:33.08","prefixes":[
            {"ipv4Prefix":"192.0.2.0/25","scope":"x"},{"ipv6Prefix":"2001:db8::/44"}]}"#,
            (ListKind::Google, Flags::HOSTING, 2, "list 2021-07-14"),
            ["192.0.2.5", "2001:db8::1"],
        ),
        (
            r#"{"changeNumber":1,"cloud":"Public","values":[{"name":"A","properties":
            {"addressPrefixes":["192.0.2.0\/24","2001:db8::/36"]}}]}"#,
            (ListKind::Azure, Flags::HOSTING, 2, "list"),
            ["192.0.2.5", "2001:db8::1"],
        ),
        (
            r#"{"last_updated_timestamp":"2026-01-01T00:00:00","regions":[{"region":"x",
            "cidrs":[{"cidr":"192.0.2.0/24","tags":["OCI"]},{"cidr":"2001:db8::/50"}]}]}"#,
            (ListKind::Oracle, Flags::HOSTING, 2, "list 2026-01-01"),
            ["192.0.2.5", "2001:db8::1"],
        ),
        (
            r#"{"relays_published":"2026-09-10 12:00:00","relays":[{"or_addresses":
            ["192.0.2.5:9001","[2001:db8::1]:443"],"exit_addresses":["203.0.113.7"],
            "running":true,"flags":["Exit","Fast"]},{"or_addresses":["198.51.100.1:1"],
            "flags":["Guard"]},{"or_addresses":["198.51.100.2:1"],"running":false}]}"#,
            (ListKind::Onionoo, Flags::TOR, 3, "list 2026-09-10"),
            ["192.0.2.5", "2001:db8::1"],
        ),
    ];
    for (text, (kind, flags, networks, named), addresses) in cases {
        let list = parse(text);
        assert_eq!((list.kind(), list.flags(), list.networks()), (kind, flags, networks));
        assert_eq!(date(&list), named);
        assert!(addresses.iter().all(|address| has(&list, address)), "{kind:?}");
        assert!(!has(&list, "198.51.101.1"));
    }
    let wrong =
        b"{\"prefixes\": [\n{\"ip_prefix\": \"192.0.2.0/24\"},\n{\"ip_prefix\": \"x\"}]}";
    assert_eq!(error(wrong), "list, line 3: `x` is no network");
    assert!(error(b"{\n\"prefixes\": [").starts_with("list, line 2: "));
    assert!(error(b"{\"code\": \"LIMIT_EXCEEDED\"}").contains("error message"));
}

#[test]
fn what_is_no_list_is_an_error_that_says_what_it_is() {
    assert!(error(b" \n").contains("empty"));
    assert!(error(b"# nothing\n\n").contains("no address, network or AS number"));
    assert!(error(b"<!DOCTYPE html><title>429</title>").contains("web page"));
    assert!(error(b"\x1f\x8b\x08\x00").contains("gzip"));
    assert!(error(b"192.0.2.1\nPlease log in\n").contains("line 2: `Please log in`"));
    assert!(error(b"192.0.2.1\n\xff\xfe\n").contains("line 2"));
}

fn address(bits: u32) -> IpAddr {
    IpAddr::from(bits.to_be_bytes())
}

proptest! {
    #[test]
    fn a_list_marks_what_any_of_its_entries_holds(
        networks in prop::collection::vec((0_u32..4000, 20_u8..=32), 1..40),
        systems in prop::collection::vec(1_u32..50, 1..9),
        asked in prop::collection::vec((0_u32..4200, 1_u32..60), 1..60),
    ) {
        let base = 0xc000_0000;
        let networks: Vec<_> = networks
            .into_iter()
            .map(|(bits, prefix)| IpNetwork::new(address(base + bits), prefix).unwrap())
            .collect();
        let lines = networks.iter().map(ToString::to_string);
        let all = lines.chain(systems.iter().map(|asn| format!("AS{asn}")));
        let list = parse(&all.collect::<Vec<_>>().join("\n"));
        for (bits, asn) in asked {
            let asked = address(base + bits);
            let listed = networks.iter().any(|network| network.contains(asked));
            prop_assert_eq!(list.contains(asked), listed);
            let marked = list.marks(asked, Some(Asn(asn)), None);
            prop_assert_eq!(marked.is_some(), listed || systems.contains(&asn));
            if let Some(Some(network)) = list.marks(asked, None, None) {
                prop_assert!(network.contains(asked));
                prop_assert!(network.iter().all(|inside| list.contains(inside)));
            }
        }
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(List::parse("list", &bytes));
    }
}
