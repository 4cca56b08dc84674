//! Encodes databases of autonomous systems.

use geoip_core::compact::Provenance;
use geoip_core::compact::format::Kind;

use crate::Error;
use crate::encode::{File, Ranges, front_coded, put_varint};
use crate::runs::Runs;
use crate::source::AsnSource;

/// The AS file of a source.
///
/// # Errors
/// [`Error::Compact`] if the format has no room for something.
pub fn encode_systems(
    source: &AsnSource,
    provenance: Provenance,
) -> Result<Vec<u8>, Error> {
    let mut order: Vec<usize> = (0..source.systems.len()).collect();
    order.sort_by_key(|&system| &source.systems[system]);
    let mut label_of = vec![0; order.len()];
    for (&system, label) in order.iter().zip(1..) {
        label_of[system] = label;
    }
    let v4 = Runs::from_ranges(&source.v4, 32, 32, |system| label_of[system as usize]);
    let v6 = Runs::from_ranges(&source.v6, 128, 48, |system| label_of[system as usize]);

    let systems: Vec<_> = order.iter().map(|&system| &source.systems[system]).collect();
    let mut numbers = Vec::new();
    let mut before = 0;
    for &&(number, _) in &systems {
        put_varint(&mut numbers, (number - before).into());
        before = number;
    }
    // A single group: autonomous systems have no country here.
    let ranges = Ranges::new(&v4, &v6, &vec![0; systems.len()])?;
    let organizations = front_coded(systems.iter().map(|system| system.1.as_str()))?;
    let mut columns = vec![numbers, organizations, ranges.classes];
    columns.extend(ranges.columns);
    File { kind: Kind::Asn, provenance, columns }.pack()
}
