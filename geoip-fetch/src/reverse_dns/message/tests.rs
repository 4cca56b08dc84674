//! Replies as servers write them, and as liars do.

use super::*;
use proptest::prelude::*;

fn name(text: &str) -> Name {
    let labels = text.split('.').filter(|label| !label.is_empty());
    let wire =
        |label: &str| [&[u8::try_from(label.len()).unwrap()], label.as_bytes()].concat();
    Name(labels.flat_map(wire).collect())
}

/// A reply to a question with these records: owner, kind, seconds, data.
fn message(asked: &Name, kind: Kind, records: &[(&Name, u16, u32, Vec<u8>)]) -> Vec<u8> {
    let mut message = question(7, asked, kind);
    message[2] = 0x81;
    message[7] = u8::try_from(records.len()).unwrap();
    for (owner, kind, ttl_s, data) in records {
        message.extend_from_slice(&owner.0);
        message.push(0);
        message.extend_from_slice(&kind.to_be_bytes());
        message.extend_from_slice(&IN.to_be_bytes());
        message.extend_from_slice(&ttl_s.to_be_bytes());
        let len = u16::try_from(data.len()).unwrap();
        message.extend_from_slice(&len.to_be_bytes());
        message.extend_from_slice(data);
    }
    message
}

fn wire(name: &Name) -> Vec<u8> {
    [&name.0[..], &[0]].concat()
}

#[test]
fn addresses_have_names_in_reverse() {
    let text = |address: &str| Name::reverse(address.parse().unwrap()).to_text();
    assert_eq!(text("192.0.2.1"), "1.2.0.192.in-addr.arpa");
    let v6 = text("2001:db8::567:89ab");
    assert_eq!(
        v6,
        "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    );
    // The example of RFC 3596, section 2.5.
    assert_eq!(
        text("4321:0:1:2:3:4:567:89ab"),
        "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa"
    );
}

#[test]
fn aliases_are_followed_as_small_networks_need() {
    // RFC 2317: the /25 of a customer.
    let asked = name("1.2.0.192.in-addr.arpa");
    let alias = name("1.0/25.2.0.192.in-addr.arpa");
    let host = name("HOST.example");
    let other = name("other.example");
    let reply_to = message(
        &asked,
        Kind::Ptr,
        &[
            (&asked, 5, 300, wire(&alias)),
            (&other, 12, 9, wire(&other)),
            (&alias, 12, 600, wire(&host)),
        ],
    );
    let record = Record { data: Data::Name(host), ttl_s: 300 };
    assert_eq!(
        reply(&reply_to, 7, &asked, Kind::Ptr),
        Some(Reply::Records(vec![record]))
    );
    let looped = message(&asked, Kind::Ptr, &[(&asked, 5, 1, wire(&asked))]);
    assert_eq!(reply(&looped, 7, &asked, Kind::Ptr), Some(Reply::Records(vec![])));
}

#[test]
fn replies_to_something_else_are_none() {
    let asked = name("a.example");
    let good = message(&asked, Kind::A, &[(&asked, 1, 60, vec![192, 0, 2, 1])]);
    assert!(
        matches!(reply(&good, 7, &asked, Kind::A), Some(Reply::Records(r)) if r.len() == 1)
    );
    assert!(reply(&good, 7, &name("A.EXAMPLE"), Kind::A).is_some());
    assert_eq!(reply(&good, 8, &asked, Kind::A), None, "another id");
    assert_eq!(reply(&good, 7, &asked, Kind::Aaaa), None, "another kind");
    assert_eq!(reply(&good, 7, &name("b.example"), Kind::A), None, "another name");
    assert_eq!(reply(&question(7, &asked, Kind::A), 7, &asked, Kind::A), None);
    for cut in 0..good.len() {
        assert_eq!(reply(&good[..cut], 7, &asked, Kind::A), None, "cut at {cut}");
    }
    let code = |code: u8| {
        let mut message = good.clone();
        message[3] = code;
        reply(&message, 7, &asked, Kind::A)
    };
    assert_eq!(code(3), Some(Reply::NoSuchName));
    assert_eq!(code(2), Some(Reply::Refused));
    let mut truncated = good.clone();
    truncated[2] |= 2;
    assert_eq!(reply(&truncated, 7, &asked, Kind::A), Some(Reply::Truncated));
}

#[test]
fn names_that_point_at_themselves_or_on_are_refused() {
    let asked = name("a.example");
    let with_name = |data: Vec<u8>| {
        let message = message(&asked, Kind::Ptr, &[(&asked, 12, 1, data)]);
        reply(&message, 7, &asked, Kind::Ptr)
    };
    // The data stands 2 + 2 + 4 + 2 behind the owner.
    let at = u8::try_from(question(7, &asked, Kind::Ptr).len() + 11 + 10).unwrap();
    assert_eq!(with_name(vec![0xc0, at]), None, "itself");
    assert_eq!(with_name(vec![0xc0, at + 2, 0xc0, at]), None, "each other");
    assert_eq!(with_name(vec![0x80, 0]), None, "a kind of label there is not");
    let far = with_name(vec![0xc0, 12]);
    let far_name = Record { data: Data::Name(asked.clone()), ttl_s: 1 };
    assert_eq!(far, Some(Reply::Records(vec![far_name])));
    let long: Vec<u8> = [&[63; 64][..]; 4].concat();
    assert_eq!(with_name([&long[..], &[0]].concat()), None, "too long");
}

#[test]
fn text_of_a_name_acts_on_nothing() {
    let hostile = Name([&[5][..], b"a\x1b[.b", &[2], "é".as_bytes()].concat());
    assert_eq!(hostile.to_text(), "a\\027[\\.b.\\195\\169");
    assert_eq!(Name(Vec::new()).to_text(), "");
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_an_end(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0xc0), 0_u8..20], 0..600),
    ) {
        let asked = name("a.example");
        let mut message = question(7, &asked, Kind::Ptr);
        (message[2], message[7]) = (0x81, 9);
        message.extend_from_slice(&bytes);
        if let Some(Reply::Records(records)) = reply(&message, 7, &asked, Kind::Ptr) {
            for record in records {
                if let Data::Name(name) = record.data {
                    prop_assert!(name.0.len() < LONGEST_NAME);
                    prop_assert!(name.to_text().is_ascii());
                }
            }
        }
    }
}
