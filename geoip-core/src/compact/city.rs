//! City files: labels with names and coordinates.

use std::borrow::Cow;
use std::net::IpAddr;

use ipnetwork::IpNetwork;

use crate::AddressRange;

use super::both::both;
use super::container::{Columns, Container};
use super::cursor::Cursor;
use super::format::{CITY_COLUMNS, GROUP_LIMIT, Kind, LAT_OFFSET, LNG_OFFSET};
use super::labels::{LabelOrder, check_labels};
use super::names::{Names, NamesBuilder};
use super::{CompactError, Families, Provenance};

/// The city of every address, from an embedded database.
#[derive(Debug)]
pub struct CityTable {
    families: Families,
    cities: Cities,
}

/// What a city database says about an address.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CityAnswer<'t> {
    /// The largest network around the address for which the answer is the same.
    pub network: IpNetwork,
    /// ISO 3166-1 alpha-2 code, as the source writes it.
    pub country: [u8; 2],
    /// State, province or region.
    pub subdivision: Option<&'t str>,
    /// City, without its district.
    pub city: Option<&'t str>,
    /// Degrees north, in hundredths.
    pub lat: f64,
    /// Degrees east, in hundredths.
    pub lng: f64,
    /// Radius around the coordinates within which lie two thirds of the ranges that the source
    /// puts into the city; 1 at least. It says how spread out the city's districts are,
    /// not how often the source is wrong.
    pub radius_km: u16,
}

impl CityTable {
    /// Takes over a file: unpacks the cities, and leaves the ranges of either family for
    /// when they are first asked for.
    ///
    /// # Errors
    /// When the bytes are not a city file, or not whole.
    pub fn from_bytes(
        bytes: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, CompactError> {
        const LABELS: usize = CITY_COLUMNS.len();
        let file = Container::read(bytes.into(), Kind::City, LABELS + Families::COLUMNS)?;
        let (cities, order) = Cities::read(&file.columns(0..LABELS))?;
        Ok(Self { families: Families::new(file, LABELS, order), cities })
    }

    /// Finds the city of an address; IPv4-mapped IPv6 addresses are looked up as IPv4.
    ///
    /// # Errors
    /// When the ranges of the address's family contradict themselves, which the checksum
    /// rules out for a file that was merely damaged.
    ///
    /// # Complexity
    /// Two binary searches in small parts of the table, without allocation; but the first
    /// lookup of each family unpacks its ranges, in a time linear in their number.
    #[inline]
    pub fn lookup(
        &self,
        address: IpAddr,
    ) -> Result<Option<CityAnswer<'_>>, CompactError> {
        let found = self.families.lookup(address)?;
        Ok(found.and_then(|(label, network)| self.answer(label, network)))
    }

    fn answer(&self, label: u32, network: IpNetwork) -> Option<CityAnswer<'_>> {
        let number = label as usize - 1;
        let city = *self.cities.rows.get(number)?;
        let region = usize::from(city.region);
        Some(CityAnswer {
            network,
            country: *self.cities.countries.get(region)?,
            subdivision: self.cities.region_names.get(region),
            city: self.cities.names.get(number),
            lat: (f64::from(city.lat) - f64::from(LAT_OFFSET)) / 100.0,
            lng: (f64::from(city.lng) - f64::from(LNG_OFFSET)) / 100.0,
            radius_km: u16::from(city.radius_km),
        })
    }

    /// Visits all ranges of addresses that something is known of, in order, those of IPv4
    /// first. The network of an answer is the first of its range.
    ///
    /// # Errors
    /// As [`lookup`](Self::lookup).
    pub(crate) fn for_each_range<'t>(
        &'t self,
        mut visit: impl FnMut(AddressRange, CityAnswer<'t>),
    ) -> Result<(), CompactError> {
        self.families.for_each_range(|range, label| {
            let network = IpNetwork::from(range.first());
            if let Some(answer) = self.answer(label, network) {
                visit(range, answer);
            }
        })
    }

    /// Where the data come from.
    pub fn provenance(&self) -> &Provenance {
        self.families.provenance()
    }

    /// Unpacks the ranges of both families now.
    ///
    /// # Errors
    /// As [`lookup`](Self::lookup).
    pub fn load(&self) -> Result<(), CompactError> {
        self.families.v4()?;
        self.families.v6()?;
        Ok(())
    }

    /// Number of cities that an answer can name.
    pub fn city_count(&self) -> usize {
        self.cities.names.len()
    }
}

/// The labels, sorted by country, region and name.
#[derive(Debug)]
struct Cities {
    /// Country and name of each region.
    countries: Vec<[u8; 2]>,
    region_names: Names,
    /// One for each city, beside its name.
    rows: Vec<City>,
    names: Names,
}

/// A city but for its name. The fields lie together because each answer needs all.
#[derive(Debug, Clone, Copy)]
struct City {
    /// Hundredths of a degree from the South Pole.
    lat: u16,
    /// Hundredths of a degree from 180° West.
    lng: u16,
    region: u16,
    radius_km: u8,
}

const REGIONS: &str = CITY_COLUMNS[0];
const NAMES: &str = CITY_COLUMNS[1];
const COORDINATES: &str = CITY_COLUMNS[2];
const CLASSES: &str = CITY_COLUMNS[3];
const RADII: &str = CITY_COLUMNS[4];

impl Cities {
    fn read(columns: &Columns<'_>) -> Result<(Self, LabelOrder), CompactError> {
        // Names take about as long to unpack as all else.
        let (names, others) = both(
            || {
                let names = columns.after(1).next(NAMES)?;
                Names::read(&mut Cursor::new(NAMES, &names))
            },
            || {
                let regions = columns.clone().next(REGIONS)?;
                let mut columns = columns.after(2);
                let coordinates = columns.next(COORDINATES)?;
                let classes = columns.next(CLASSES)?;
                Ok((regions, coordinates, classes, columns.next(RADII)?))
            },
        );
        let names = names?;
        let (regions, coordinates, classes, radii_km) = others?;
        check_labels(CLASSES, names.len(), &classes)?;
        let (countries, region_names, regions, groups) =
            read_regions(&mut Cursor::new(REGIONS, &regions), names.len())?;
        let coordinates = read_coordinates(&coordinates, names.len())?;
        if radii_km.len() != names.len() {
            return Err(CompactError::Invalid {
                part: RADII,
                reason: "not one for each label",
            });
        }
        let order = LabelOrder::new(&groups, &classes);
        let rows = (coordinates.into_iter().zip(regions).zip(radii_km))
            .map(|(((lat, lng), region), radius_km)| City { lat, lng, region, radius_km })
            .collect();
        Ok((Self { countries, region_names, rows, names }, order))
    }
}

type Regions = (Vec<[u8; 2]>, Names, Vec<u16>, Vec<u16>);

/// Country and name of each region, then region and group of each city.
fn read_regions(column: &mut Cursor<'_>, cities: usize) -> Result<Regions, CompactError> {
    let mut countries: Vec<[u8; 2]> = Vec::new();
    let mut names = NamesBuilder::default();
    let mut regions = Vec::with_capacity(cities);
    let mut groups = Vec::with_capacity(cities);
    let mut group = 0;
    while !column.is_at_end() {
        let country = column.bytes(2)?.try_into().expect("two bytes were asked for");
        if countries.last().is_some_and(|&last| last != country) {
            group += 1;
        }
        let region =
            u16::try_from(countries.len()).map_err(|_| column.invalid("too many"))?;
        countries.push(country);
        let count: usize = column.number()?;
        if count > cities - regions.len() {
            return Err(column.invalid("they hold more cities than have names"));
        }
        regions.resize(regions.len() + count, region);
        groups.resize(groups.len() + count, group);
        names
            .push(0, column.until_nul()?)
            .ok_or_else(|| column.invalid("text is too long"))?;
    }
    if regions.len() != cities {
        return Err(column.invalid("they hold fewer cities than have names"));
    }
    if usize::from(group) >= GROUP_LIMIT {
        return Err(column.invalid("there are too many countries"));
    }
    let names = names.finish().ok_or_else(|| column.invalid("text is not UTF-8"))?;
    Ok((countries, names, regions, groups))
}

/// Four planes: the high and the low bytes of the latitudes, then of the longitudes.
fn read_coordinates(
    column: &[u8],
    cities: usize,
) -> Result<Vec<(u16, u16)>, CompactError> {
    let invalid = |reason| CompactError::Invalid { part: COORDINATES, reason };
    if column.len() != cities * 4 {
        return Err(invalid("not one for each label"));
    }
    let plane = |number: usize| &column[number * cities..(number + 1) * cities];
    let join = |high: u8, low: u8| u16::from_be_bytes([high, low]);
    let lats = plane(0).iter().zip(plane(1)).map(|(&high, &low)| join(high, low));
    let lngs = plane(2).iter().zip(plane(3)).map(|(&high, &low)| join(high, low));
    let coordinates: Vec<_> = lats.zip(lngs).collect();
    let on_earth =
        |&(lat, lng): &(u16, u16)| lat <= 2 * LAT_OFFSET && lng <= 2 * LNG_OFFSET;
    if coordinates.iter().all(on_earth) {
        Ok(coordinates)
    } else {
        Err(invalid("not on Earth"))
    }
}
