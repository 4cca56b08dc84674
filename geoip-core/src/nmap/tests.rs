//! Scans as Nmap writes them, and as others would.

use super::*;
use proptest::prelude::*;

const SCAN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.94 scan -->
<nmaprun scanner="nmap" start="1767225600" version="7.94">
<host><status state="up" reason="reset"/>
<address addr="192.0.2.1" addrtype="ipv4"/>
<address addr="00:00:5E:00:53:01" addrtype="mac" vendor="ICANN"/>
<hostnames><hostname name="a.example" type="user"/><hostname name="a.example" type="PTR"/>
<hostname name="x&#27;[2J&quot;.example" type="PTR"/></hostnames>
<ports><extraports state="closed" count="997"/>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/><service name="ssh"
 product="OpenSSH" version="9.6 &lt;p1&gt;"/><script id="x" output="&#10;"/></port>
<port protocol="tcp" portid="25"><state state="filtered"/><service name="smtp"/></port>
<port protocol="udp" portid="53"><state state="open"/></port></ports>
<os><osmatch name="Linux 5.0" accuracy="90"/><osmatch name="Linux 6.0" accuracy="96"/>
<osmatch name="BSD" accuracy="96"/></os>
</host>
<host><status state="up"/><address addr="::ffff:192.0.2.2" addrtype="ipv6"/></host>
<runstats><finished time="1767225700"/></runstats>
</nmaprun>
"#;

fn host(address: &str) -> ScannedHost {
    let scan = NmapScan::parse("scan.xml", SCAN.as_bytes()).unwrap();
    assert!(scan.is_complete() && scan.len() == 2);
    assert_eq!(scan.info().build_date(), Some((2026, 1, 1)));
    scan.host(address.parse().unwrap()).unwrap().clone()
}

#[test]
fn names_open_ports_and_the_best_guess_of_a_system_are_read() {
    let host = host("192.0.2.1");
    assert_eq!(host.host_names, ["a.example", "x\u{1b}[2J\".example"]);
    let ports: Vec<_> = host.open_ports.iter().map(ToString::to_string).collect();
    assert_eq!(ports, ["22/tcp ssh OpenSSH 9.6 <p1>", "53/udp"]);
    assert_eq!(host.operating_system.as_deref(), Some("Linux 6.0"));
}

#[test]
fn mapped_addresses_are_those_of_version_4() {
    assert_eq!(host("192.0.2.2"), ScannedHost::default());
    assert_eq!(host("::ffff:192.0.2.2"), ScannedHost::default());
}

#[test]
fn entities_of_a_documents_own_are_refused_and_nothing_is_expanded() {
    let error = |text: &str| NmapScan::parse("s", text.as_bytes()).unwrap_err();
    let laughs = "<!DOCTYPE nmaprun [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n\
        <nmaprun><host><hostname name=\"&b;\"/></host></nmaprun>";
    assert!(error(laughs).to_string().contains("not of a scan"), "{}", error(laughs));
    let late = "<nmaprun>\n<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    assert!(error(late).to_string().contains("line 2: it declares entities"));
    let unknown = "<nmaprun>\n<host>\n<hostname name=\"&b;\"/></host></nmaprun>";
    assert!(error(unknown).to_string().starts_with("s, line 3: "), "{}", error(unknown));
}

#[test]
fn what_is_no_scan_is_refused_with_a_reason() {
    let error = |text: &[u8]| NmapScan::parse("s", text).unwrap_err().to_string();
    assert_eq!(error(b"1.2.3.4"), "s is not a list: no XML");
    assert_eq!(error(b"\xff\xfe<"), "s is not a list: no text in UTF-8");
    assert!(error(b"<html><p></html>").contains("not of a scan by Nmap"));
    assert!(error(b"<!-- -->").contains("not of a scan by Nmap"));
    let port = b"<nmaprun><host><port portid='70000'/></host></nmaprun>";
    assert!(error(port).contains("`70000` is no port"));
    assert!(error(b"<nmaprun></host></nmaprun>").starts_with("s, line 1: "));
}

proptest! {
    #[test]
    fn a_scan_cut_anywhere_has_the_hosts_before(cut in 0..SCAN.len()) {
        let text = &SCAN.as_bytes()[..cut];
        let Ok(scan) = NmapScan::parse("s", text) else {
            // Before the first element nothing says what it is.
            prop_assert!(cut <= SCAN.find("<nmaprun").unwrap() + 60);
            return Ok(());
        };
        prop_assert_eq!(scan.is_complete(), cut >= SCAN.len() - 1);
        let whole = str::from_utf8(text).unwrap().matches("</host>").count();
        prop_assert_eq!(scan.len(), whole);
    }

    #[test]
    fn no_text_ends_the_program(text in "(<nmaprun>)?(<host>|</host>|<port |portid='1'|>|/>|&[a-z]{1,3};|\\PC){0,30}") {
        drop(NmapScan::parse("s", text.as_bytes()));
    }
}
