//! Tables against plain lists.

use proptest::prelude::*;

use super::*;

/// Disjoint networks in order, as starts: (bits of the base, prefix) are cut to fit.
fn starts(width: u32, networks: &[(u128, u8)]) -> Vec<(u128, Cell)> {
    let mut sorted: Vec<_> = networks
        .iter()
        .map(|&(bits, prefix)| {
            let host_bits = width - u32::from(prefix);
            let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
            let bits = bits >> (128 - width) & mask;
            (bits, bits | !mask & (u128::MAX >> (128 - width)), prefix)
        })
        .collect();
    sorted.sort_unstable();
    let mut starts: Vec<(u128, Cell)> = Vec::new();
    let mut next = 0;
    for ((first, last, prefix), row) in sorted.into_iter().zip(1..) {
        if first < next && next != 0 {
            continue;
        }
        if starts.last().is_some_and(|&(start, _)| start == first) {
            starts.pop();
        }
        starts.push((first, Cell::new(row, prefix)));
        let Some(after) = last.checked_add(1).filter(|after| after >> (width - 1) < 2)
        else {
            break;
        };
        starts.push((after, Cell::new(NOTHING, 0)));
        next = after;
    }
    starts
}

/// The cells of addresses of IPv4, some at a time.
fn in_batches(table: &V4, addresses: &[u32]) -> Vec<Cell> {
    let mut found = Vec::new();
    for some in addresses.chunks(BATCH) {
        let mut cells = [Cell::new(NOTHING, 0); BATCH];
        table.cells(some, &mut cells);
        found.extend(&cells[..some.len()]);
    }
    found
}

fn in_list(starts: &[(u128, Cell)], address: u128) -> Cell {
    let held = starts.iter().take_while(|&&(start, _)| start <= address).last();
    held.map_or(Cell::new(NOTHING, 0), |&(_, cell)| cell)
}

/// Where a mistake by one would be seen, and somewhere else.
fn asked(starts: &[(u128, Cell)], width: u32, others: &[u128]) -> Vec<u128> {
    let ends = starts.iter().flat_map(|&(start, _)| [start, start.saturating_sub(1)]);
    let others = others.iter().map(|&other| other >> (128 - width));
    ends.chain(others).chain([0, u128::MAX >> (128 - width)]).collect()
}

fn networks(
    prefixes: std::ops::RangeInclusive<u8>,
) -> impl Strategy<Value = Vec<(u128, u8)>> {
    // Few first bits, so that networks are near each other, and deep ones in one /64.
    let bits = prop_oneof![
        any::<u128>(),
        (0_u128..6, any::<u32>(), any::<u16>()).prop_map(|(a, b, c)| {
            a << 125 | u128::from(b) << 90 | u128::from(c) << 40
        }),
        any::<u64>().prop_map(|low| 0x2001_0db8 << 96 | u128::from(low)),
    ];
    prop::collection::vec((bits, prefixes), 0..60)
}

fn narrow(bits: u128) -> u32 {
    u32::try_from(bits).unwrap()
}

/// Around every start and at other addresses, one by one and in batches.
fn agrees_with_list(
    table: &V4,
    starts: &[(u128, Cell)],
    others: &[u128],
) -> Result<(), TestCaseError> {
    let asked: Vec<u32> = asked(starts, 32, others).into_iter().map(narrow).collect();
    for (&address, batched) in asked.iter().zip(in_batches(table, &asked)) {
        let expected = in_list(starts, address.into());
        prop_assert_eq!(table.cell(address), expected);
        prop_assert_eq!(batched, expected);
    }
    Ok(())
}

proptest! {
    // Each makes 262,144 groups.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn v4_agrees_with_a_list(
        networks in networks(0..=32), others in prop::collection::vec(any::<u128>(), 20),
    ) {
        let starts = starts(32, &networks);
        let table = V4::new(starts.iter().map(|&(at, cell)| (narrow(at), cell)));
        agrees_with_list(&table, &starts, &others)?;
        let again: Vec<_> = table.starts().map(|(at, _)| at).collect();
        prop_assert!(again.is_sorted() && again.len() <= 6 * starts.len() + (1 << 18));
    }

    #[test]
    fn v6_agrees_with_a_list(
        networks in networks(0..=128), others in prop::collection::vec(any::<u128>(), 20),
    ) {
        let starts = starts(128, &networks);
        let table = V6::new(starts.iter().copied());
        for some in asked(&starts, 128, &others).chunks(BATCH) {
            let mut cells = [Cell::new(NOTHING, 0); BATCH];
            table.cells(some, &mut cells);
            for (&address, batched) in some.iter().zip(cells) {
                let expected = in_list(&starts, address);
                prop_assert_eq!(table.cell(address), expected, "{:x}", address);
                prop_assert_eq!(batched, expected, "{:x}", address);
            }
        }
    }
}

proptest! {
    // Each fills 64 MiB.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_direct_table_agrees_with_a_list(
        networks in networks(0..=32), others in prop::collection::vec(any::<u128>(), 50),
    ) {
        let starts = starts(32, &networks);
        let mut table = V4::new(starts.iter().map(|&(at, cell)| (narrow(at), cell)));
        table.make_direct();
        agrees_with_list(&table, &starts, &others)?;
    }
}

#[test]
fn a_row_gives_back_its_answer_and_is_there_once() {
    use crate::{Asn, AutonomousSystem, Connection, Flags, LatLng, Location, Place};
    let place = Place {
        country: "FR".parse().ok(),
        country_name: Some("France"),
        city: Some("Lyon"),
        location: LatLng::new(45.76, 4.84).ok().map(|point| Location {
            accuracy_radius_km: Some(25),
            time_zone: Some("Europe/Paris"),
            ..Location::new(point)
        }),
        ..Place::default()
    };
    let answers = [
        Answer { place: Some(place), ..Answer::default() },
        Answer {
            autonomous_system: Some(AutonomousSystem::new(Asn(64496), Some("Lyon"))),
            connection: Some(Connection { isp: Some("France"), ..Connection::default() }),
            flags: Flags::TOR,
            ..Answer::default()
        },
        Answer { place: Some(place), flags: Flags::VPN, ..Answer::default() },
    ];
    let mut builder = RowsBuilder::default();
    let numbers = answers.map(|answer| builder.add(&answer).unwrap());
    assert_eq!(answers.map(|answer| builder.add(&answer).unwrap()), numbers);
    let rows = builder.finish();
    for (answer, number) in answers.iter().zip(numbers) {
        assert_eq!(rows.answer(number), *answer);
    }
    assert_eq!(rows.answer(NOTHING), Answer::default());
}
