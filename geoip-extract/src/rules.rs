//! The switches of an [`Extractor`](crate::Extractor), as a set of bits.

/// One switch; the public methods of `Extractor` document what each means.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(crate) enum Rule {
    Ipv4,
    Ipv6,
    Defanged,
    EuiAddresses,
    GluedLetters,
    Labels,
    LeadingDots,
    LeadingZeros,
    MappedAsIpv6,
    Masks,
    NetstatPorts,
    Scopes,
    Slices,
    TcpdumpPorts,
    Underscores,
    Unspecified,
    Versions,
}

/// A set of [`Rule`]s that are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules(u32);

impl Rules {
    const NONE: Self = Self(0);

    pub(crate) const fn with(self, rule: Rule, on: bool) -> Self {
        let bit = 1 << rule as u32;
        Self(if on { self.0 | bit } else { self.0 & !bit })
    }

    pub(crate) const fn has(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u32) != 0
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::NONE
            .with(Rule::Ipv4, true)
            .with(Rule::Ipv6, true)
            .with(Rule::Labels, true)
            .with(Rule::Masks, true)
            .with(Rule::NetstatPorts, true)
            .with(Rule::Underscores, true)
    }
}
