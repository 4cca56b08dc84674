//! Lists of autonomous systems that rent out computers or hide who is behind an address, as
//! text, and what has to be said of them.
//!
//! There is no code here: `geoip_core::List` reads them. The licence of each is MIT.
//!
//! ```
//! assert!(geoip_data_lists::ALL.iter().all(|list| list.text.starts_with("AS")));
//! ```

/// A list as its project publishes it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Snapshot {
    /// What it is called.
    pub name: &'static str,
    /// What is in the list: `vpn` or `hosting`.
    pub flag: &'static str,
    /// The list, whole and unchanged.
    pub text: &'static str,
    /// The day on which it was last changed, in seconds since 1970-01-01.
    pub build_epoch: u64,
    /// Whose list it is.
    pub attribution: &'static str,
    /// Where it comes from.
    pub url: &'static str,
    /// SPDX identifier of its licence.
    pub license: &'static str,
}

/// All lists.
pub const ALL: [Snapshot; 3] = [X4BNET_DATACENTER, X4BNET_VPN, BAD_ASN_LIST];

/// Autonomous systems of datacenters, of `X4BNet`.
pub const X4BNET_DATACENTER: Snapshot = Snapshot {
    name: "X4BNet datacenter systems",
    flag: "hosting",
    text: include_str!("../data/x4bnet-datacenter-asn.txt"),
    build_epoch: 1_785_024_000,
    attribution: "Lists of VPN and datacenter networks by X4BNet",
    url: "https://github.com/X4BNet/lists_vpn",
    license: "MIT",
};

/// Autonomous systems of providers of virtual private networks, of `X4BNet`.
pub const X4BNET_VPN: Snapshot = Snapshot {
    name: "X4BNet VPN systems",
    flag: "vpn",
    text: include_str!("../data/x4bnet-vpn-asn.txt"),
    ..X4BNET_DATACENTER
};

/// Autonomous systems of clouds, managed hosting and colocation, of Brian Hamachek.
pub const BAD_ASN_LIST: Snapshot = Snapshot {
    name: "bad-asn-list",
    flag: "hosting",
    text: include_str!("../data/bad-asn-list.csv"),
    build_epoch: 1_773_619_200,
    attribution: "bad-asn-list by Brian Hamachek",
    url: "https://github.com/brianhama/bad-asn-list",
    license: "MIT",
};
