//! Each method of the extractor is the rule of the same name.

use geoip_extract::{Extractor, Rule};

type Method = fn(Extractor, bool) -> Extractor;

const METHODS: &[(Rule, Method)] = &[
    (Rule::Ipv4, Extractor::ipv4),
    (Rule::Ipv6, Extractor::ipv6),
    (Rule::MappedAsIpv6, Extractor::mapped_as_ipv6),
    (Rule::AnsiEscapes, Extractor::ansi_escapes),
    (Rule::Defanged, Extractor::defanged),
    (Rule::JsonEscapes, Extractor::json_escapes),
    (Rule::PercentEncoded, Extractor::percent_encoded),
    (Rule::EuiAddresses, Extractor::eui_addresses),
    (Rule::GluedLetters, Extractor::glued_letters),
    (Rule::Labels, Extractor::labels),
    (Rule::LeadingDots, Extractor::leading_dots),
    (Rule::LeadingZeros, Extractor::leading_zeros),
    (Rule::Masks, Extractor::masks),
    (Rule::NetstatPorts, Extractor::netstat_ports),
    (Rule::Scopes, Extractor::scopes),
    (Rule::Slices, Extractor::slices),
    (Rule::TcpdumpPorts, Extractor::tcpdump_ports),
    (Rule::Underscores, Extractor::underscores),
    (Rule::Unspecified, Extractor::unspecified),
    (Rule::Versions, Extractor::versions),
];

#[test]
fn a_method_turns_its_rule_and_no_other() {
    let with_method: Vec<_> = METHODS.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(with_method, Rule::ALL);
    for (rule, method) in METHODS {
        let turned = method(Extractor::default(), !rule.is_default());
        assert_eq!(turned, Extractor::default().rule(*rule, !rule.is_default()));
        for other in Rule::ALL {
            let changed = turned.has(*other) != other.is_default();
            assert_eq!(changed, other == rule, "{other} after turning {rule}");
        }
    }
}
