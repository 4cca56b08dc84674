//! City files: labels with names and coordinates.

use std::net::IpAddr;

use ipnetwork::IpNetwork;

use super::container::Container;
use super::cursor::Cursor;
use super::format::{GROUP_LIMIT, Kind, LAT_OFFSET, LNG_OFFSET};
use super::labels::{LabelOrder, check_labels};
use super::names::{Names, NamesBuilder};
use super::{CompactError, Families, Provenance};

/// The city of every address, from an embedded database.
#[derive(Debug)]
pub struct CityTable {
    provenance: Provenance,
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
    /// Radius around the coordinates within which 95 % of the ranges that the source puts
    /// there lie, by weight; at least 1.
    pub radius_km: u16,
}

impl CityTable {
    /// Unpacks a file.
    ///
    /// # Errors
    /// When the bytes are not a city file, or not whole.
    ///
    /// # Complexity
    /// Linear in the size of the unpacked columns: about a tenth of a second and 40 MB
    /// for the embedded database.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CompactError> {
        let mut file = Container::read(bytes, Kind::City)?;
        let (cities, order) = Cities::read(&mut file)?;
        let families = Families::read(&mut file, &order)?;
        Ok(Self { provenance: file.provenance, families, cities })
    }

    /// Finds the city of an address; IPv4-mapped IPv6 addresses are looked up as IPv4.
    #[inline]
    pub fn lookup(&self, address: IpAddr) -> Option<CityAnswer<'_>> {
        let (label, network) = self.families.lookup(address)?;
        let number = label as usize - 1;
        let (country, subdivision) = self.cities.region(number)?;
        let (lat, lng) = *self.cities.coordinates.get(number)?;
        Some(CityAnswer {
            network,
            country,
            subdivision,
            city: self.cities.names.get(number),
            lat: (f64::from(lat) - f64::from(LAT_OFFSET)) / 100.0,
            lng: (f64::from(lng) - f64::from(LNG_OFFSET)) / 100.0,
            radius_km: u16::from(*self.cities.radii_km.get(number)?),
        })
    }

    /// Where the data come from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Number of cities that an answer can name.
    pub fn city_count(&self) -> usize {
        self.cities.names.len()
    }
}

/// The labels, column by column. They are sorted by country, region and name.
#[derive(Debug)]
struct Cities {
    /// Country and name of each region.
    countries: Vec<[u8; 2]>,
    region_names: Names,
    /// Region of each city.
    regions: Vec<u16>,
    names: Names,
    /// Latitude and longitude in hundredths of a degree, from the South Pole and from
    /// 180° West.
    coordinates: Vec<(u16, u16)>,
    radii_km: Vec<u8>,
}

const REGIONS: &str = "regions";
const COORDINATES: &str = "coordinates";
const RADII: &str = "radii";

impl Cities {
    fn read(file: &mut Container<'_>) -> Result<(Self, LabelOrder), CompactError> {
        let regions = file.next_column(REGIONS)?;
        let names = file.next_column("city names")?;
        let coordinates = file.next_column(COORDINATES)?;
        let classes = file.next_column("city classes")?;
        let radii_km = file.next_column(RADII)?;

        let names = Names::read(&mut Cursor::new("city names", &names))?;
        check_labels("city classes", names.len(), &classes)?;
        let (countries, region_names, regions, groups) =
            read_regions(&mut Cursor::new(REGIONS, &regions), names.len())?;
        let coordinates = read_coordinates(&coordinates, names.len())?;
        if radii_km.len() != names.len() {
            return Err(CompactError::Invalid { part: RADII, reason: "not one for each label" });
        }
        let order = LabelOrder::new(&groups, &classes);
        Ok((Self { countries, region_names, regions, names, coordinates, radii_km }, order))
    }

    fn region(&self, number: usize) -> Option<([u8; 2], Option<&str>)> {
        let region = usize::from(*self.regions.get(number)?);
        Some((*self.countries.get(region)?, self.region_names.get(region)))
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
        let region = u16::try_from(countries.len()).map_err(|_| column.invalid("too many"))?;
        countries.push(country);
        let count: usize = column.number()?;
        if count > cities - regions.len() {
            return Err(column.invalid("they hold more cities than have names"));
        }
        regions.resize(regions.len() + count, region);
        groups.resize(groups.len() + count, group);
        names.push(0, column.until_nul()?).ok_or_else(|| column.invalid("text is too long"))?;
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
fn read_coordinates(column: &[u8], cities: usize) -> Result<Vec<(u16, u16)>, CompactError> {
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
    if coordinates.iter().all(on_earth) { Ok(coordinates) } else { Err(invalid("not on Earth")) }
}
