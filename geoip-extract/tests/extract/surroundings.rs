//! What a match says about the prefix length, port and zone written with it.

use geoip_extract::Extractor;

/// Prefix length, port and zone of the only address of a text.
fn said(text: &str) -> (Option<u8>, Option<u16>, Option<String>) {
    let extractor = Extractor::default().tcpdump_ports(true);
    let mut matches = extractor.find_iter(text.as_bytes());
    let found = matches.next().unwrap_or_else(|| panic!("an address in {text}"));
    assert!(matches.next().is_none(), "one address in {text}");
    let zone = found.zone().map(|zone| String::from_utf8_lossy(zone).into_owned());
    (found.prefix(), found.port(), zone)
}

#[test]
fn a_prefix_length_is_a_whole_number_that_fits_the_family() {
    let prefix = |text| said(text).0;
    assert_eq!(prefix("192.0.2.0/24"), Some(24));
    assert_eq!(prefix("192.0.2.0/0,"), Some(0));
    assert_eq!(prefix("192.0.2.0/32."), Some(32));
    assert_eq!(prefix("2001:db8::/128]"), Some(128));
    assert_eq!(prefix("::/0"), Some(0));
    assert_eq!(prefix("fe80::1%eth0/64"), Some(64));
    for text in ["192.0.2.0/33", "192.0.2.0/51234", "192.0.2.0/24x", "192.0.2.0/24/x"] {
        assert_eq!(prefix(text), None, "{text}");
    }
    for text in ["192.0.2.0/", "192.0.2.0/.", "192.0.2.0/1.5", "2001:db8::/129"] {
        assert_eq!(prefix(text), None, "{text}");
    }
}

#[test]
fn a_port_follows_a_colon_or_bracket_and_fits_sixteen_bits() {
    let port = |text| said(text).1;
    assert_eq!(port("192.0.2.1:443->"), Some(443));
    assert_eq!(port("192.0.2.1:65535"), Some(65535));
    assert_eq!(port("[2001:db8::1]:8080/x"), Some(8080));
    assert_eq!(port("[fe80::1%eth0]:22"), Some(22));
    assert_eq!(port("2001:db8::1:51234"), Some(51234));
    assert_eq!(port("::ffff:192.0.2.1:80"), Some(80));
    assert_eq!(port("listen :::80"), Some(80));
    assert_eq!(port("192.0.2.1.443 >"), Some(443));
    assert_eq!(port("2001:db8::1.53:"), Some(53));
    for text in ["192.0.2.1:65536", "192.0.2.1:80a", "192.0.2.1: 80", "192.0.2.1:80:90"] {
        assert_eq!(port(text), None, "{text}");
    }
    for text in ["2001:db8::1]:80", "[2001:db8::1] :80", "192.0.2.1", "192.0.2.1:"] {
        assert_eq!(port(text), None, "{text}");
    }
}

#[test]
fn a_zone_is_the_name_behind_the_percent_sign() {
    let zone = |text| said(text).2;
    assert_eq!(zone("fe80::1%eth0 "), Some("eth0".to_owned()));
    assert_eq!(zone("[fe80::1%25]"), Some("25".to_owned()));
    assert_eq!(zone("fe80::1% "), None);
    assert_eq!(zone("192.0.2.1%20"), None);
}
