//! Any bytes as one haystack, and nothing else, so that very many can be tried: rules and
//! readings as the first bytes say, and now and then the oracle of the tests.

#![no_main]

use geoip_extract::{Extractor, Rule};
use libfuzzer_sys::fuzz_target;

#[path = "../../geoip-extract/tests/extract/oracle.rs"]
mod oracle;

fuzz_target!(|input: (u32, &[u8])| {
    let (switches, text) = input;
    // The oracle knows the default rules, and is slow.
    if switches % 64 == 0 {
        let extractor = Extractor::default();
        let found: Vec<_> =
            extractor.find_iter(text).map(|found| (found.span(), found.address())).collect();
        assert_eq!(found, oracle::addresses(text));
        return;
    }
    // Half of the rest have the rules of most users, the others any.
    let extractor = if switches % 2 == 0 {
        Extractor::default()
    } else {
        let on = |index: usize| switches >> (index % 31 + 1) & 1 == 1;
        let rules = Rule::ALL.iter().enumerate();
        rules.fold(Extractor::default(), |extractor, (index, rule)| {
            extractor.rule(*rule, on(index))
        })
    };
    let mut end = 0;
    let mut count = 0;
    for found in extractor.find_iter(text) {
        let span = found.span();
        assert!(end <= span.start && span.start < span.end);
        assert_eq!(found.text(), &text[span.clone()]);
        // An address that is written plainly is what the standard library reads there.
        let plain = !found.text().iter().any(|byte| b"[](){}\\%\x1b ".contains(byte));
        if switches % 2 == 0
            && plain
            && let Ok(written) = str::from_utf8(found.text())
            && let Ok(address) = written.parse::<std::net::IpAddr>()
        {
            assert_eq!(found.address(), address.to_canonical());
        }
        let _ = (found.prefix(), found.port(), found.zone());
        end = span.end;
        count += 1;
    }
    // Counting is another loop than walking.
    assert_eq!(extractor.find_iter(text).count(), count);
});
