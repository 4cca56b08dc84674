//! The points at which a database puts whatever it cannot locate better.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hashbrown::{HashMap, HashSet};
use ipnetwork::IpNetwork;

use crate::{Answer, LatLng, Precision};

/// How many addresses are looked up to learn the default points of a database.
///
/// In GeoLite2 this finds those of the 70 countries and regions that hold 97 % of the
/// addresses without a city, in about 10 ms.
pub(crate) const SAMPLES: u32 = 8192;

/// From this many networks without a city on, one point is no coincidence.
const PILE: usize = 3;

/// The default points of countries and regions, as far as a sample shows them.
///
/// A quarter of all IPv4 addresses in GeoLite2 is on one lake in Kansas. Such a point is told
/// by what is on it: many networks, none with a city.
#[derive(Debug, Default)]
pub(crate) struct DefaultPoints(HashMap<(i64, i64), Precision>);

impl DefaultPoints {
    /// Learns from answers for addresses that are spread evenly.
    pub(crate) fn learn<'a>(answers: impl IntoIterator<Item = Answer<'a>>) -> Self {
        let mut piles: HashMap<(i64, i64), Pile<'a>> = HashMap::new();
        for answer in answers {
            let Some(place) = answer.place.filter(|place| place.city.is_none()) else {
                continue;
            };
            let Some(location) = place.location else { continue };
            let pile = piles.entry(location.point.key()).or_default();
            pile.networks.extend(answer.network);
            pile.subdivisions.insert(place.subdivision);
        }
        let is_pile = |pile: &Pile<'_>| pile.networks.len() >= PILE;
        let points = piles.into_iter().filter(|(_, pile)| is_pile(pile));
        Self(points.map(|(point, pile)| (point, pile.stands_for())).collect())
    }

    /// What a point stands for, if it is a default point.
    pub(crate) fn get(&self, point: LatLng) -> Option<Precision> {
        self.0.get(&point.key()).copied()
    }
}

/// What is known of one point.
#[derive(Default)]
struct Pile<'a> {
    networks: HashSet<IpNetwork>,
    subdivisions: HashSet<Option<&'a str>>,
}

impl Pile<'_> {
    /// The point of one region is that region's; of several, or of none, the country's.
    fn stands_for(&self) -> Precision {
        if self.subdivisions.len() == 1 && !self.subdivisions.contains(&None) {
            Precision::Region
        } else {
            Precision::Country
        }
    }
}

/// Addresses of IPv4 in an order in which any first part is spread evenly.
pub(crate) fn spread_v4() -> impl Iterator<Item = IpAddr> {
    (0..SAMPLES).map(|number| Ipv4Addr::from(spread(number)).into())
}

/// The same of IPv6: in what most registries have given out by now.
///
/// # References
/// IANA, "IPv6 Global Unicast Address Assignments".
pub(crate) fn spread_v6() -> impl Iterator<Item = IpAddr> {
    /// The first 16 bits, and how many of them all addresses of a block share.
    const BLOCKS: [(u128, u32); 6] = [
        (0x2001, 16),
        (0x2400, 12),
        (0x2600, 12),
        (0x2800, 12),
        (0x2a00, 12),
        (0x2c00, 12),
    ];
    let blocks = BLOCKS.into_iter().cycle();
    (0..SAMPLES).zip(blocks).map(|(number, (start, length))| {
        let within = u128::from(spread(number)) << (96 - length);
        Ipv6Addr::from(start << 112 | within).into()
    })
}

/// Multiples of the golden ratio (Fibonacci hashing).
fn spread(number: u32) -> u32 {
    number.wrapping_mul(0x9e37_79b9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Location, Place};

    /// Networks that a database puts on one point, all with this name of a subdivision.
    fn on(
        point: (f64, f64),
        networks: u8,
        place: Place<'static>,
    ) -> impl Iterator<Item = Answer<'static>> {
        (0..networks).map(move |number| Answer {
            network: format!("192.0.{number}.0/24").parse().ok(),
            place: Some(Place {
                location: LatLng::new(point.0, point.1).ok().map(Location::new),
                ..place
            }),
            ..Answer::default()
        })
    }

    #[test]
    fn many_networks_without_a_city_on_one_point_make_it_a_default() {
        let named = |subdivision, city| Place { subdivision, city, ..Place::default() };
        let kansas = (37.751, -97.822);
        let texas = (31.0, -100.0);
        let answers = on(kansas, 9, named(None, None))
            .chain(on(kansas, 4, named(Some("Ohio"), None)))
            .chain(on(texas, 3, named(Some("Texas"), None)))
            .chain(on((1.0, 1.0), 2, named(None, None)))
            .chain(on((2.0, 2.0), 9, named(None, Some("Town"))));
        let points = DefaultPoints::learn(answers);
        let of = |point: (f64, f64)| points.get(LatLng::new(point.0, point.1).unwrap());
        assert_eq!(of(kansas), Some(Precision::Country));
        assert_eq!(of(texas), Some(Precision::Region));
        assert_eq!(of((1.0, 1.0)), None);
        assert_eq!(of((2.0, 2.0)), None);
    }
}
