//! Answers of the embedded databases in the words of every database.

use super::{AsnAnswer, CityAnswer, Provenance, format::Kind};
use crate::{
    Answer, Asn, Attribution, AutonomousSystem, CountryCode, DatabaseInfo, Facts, LatLng,
    Location, Place,
};

/// How far off a city-level answer is at best, in kilometres.
///
/// The file knows how far its own cities are spread, but not how often its source is
/// wrong. Two vendors put only 56 % of 120,430 hosts within 25 km of each other, so no
/// answer may claim to be better than that: see `docs/decisions/001-radius.md`.
const CITY_LEVEL_KM: u16 = 25;

impl<'t> From<CityAnswer<'t>> for Answer<'t> {
    fn from(answer: CityAnswer<'t>) -> Self {
        let country = CountryCode::from_alpha2(answer.country);
        let point = LatLng::new(answer.lat, answer.lng).ok();
        let location = point.map(|point| Location {
            accuracy_radius_km: Some(answer.radius_km.max(CITY_LEVEL_KM)),
            ..Location::new(point)
        });
        let place = Place {
            name: None,
            country,
            country_name: country.map(CountryCode::name),
            subdivision: answer.subdivision,
            city: answer.city,
            location,
        };
        Self { network: Some(answer.network), place: Some(place), ..Self::default() }
    }
}

impl<'t> From<AsnAnswer<'t>> for Answer<'t> {
    fn from(answer: AsnAnswer<'t>) -> Self {
        let system = AutonomousSystem::new(Asn(answer.number), answer.organization);
        Self {
            network: Some(answer.network),
            autonomous_system: Some(system),
            ..Self::default()
        }
    }
}

impl Provenance {
    /// The same in the words of every database.
    pub(crate) fn info(&self, kind: Kind) -> DatabaseInfo {
        DatabaseInfo {
            name: self.source.clone(),
            build_epoch: Some(self.build_epoch),
            attribution: Some(Attribution::new(
                &self.attribution,
                &self.attribution_url,
                &self.license,
            )),
            facts: match kind {
                Kind::City => Facts { country: true, city: true, ..Facts::default() },
                Kind::Asn => Facts { autonomous_system: true, ..Facts::default() },
            },
            entries: None,
        }
    }
}
