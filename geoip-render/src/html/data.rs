//! What the script of the page reads: the JSON twin of `web/src/data.ts`.

use std::{borrow::Cow, collections::BTreeMap};

use geoip_core::{CountryCode, LatLng};
use serde::{Serialize, Serializer};

use super::{
    columns::{Positions, Text, Texts},
    text::{InScript, visible},
};
use crate::{
    Arcs, Choropleth, Error, Extent, Group, Groups, Heat, Layer, Map, Marker, Points,
    Theme, Unit, draw::of_country,
};

/// The map as the page's script reads it.
#[derive(Debug, Serialize)]
pub(super) struct PageData<'a> {
    title: Cow<'a, str>,
    notes: Vec<Cow<'a, str>>,
    theme: &'static str,
    extent: ExtentData,
    /// Names by code, where a layer speaks of countries.
    countries: BTreeMap<&'static str, &'static str>,
    layers: Vec<LayerData<'a>>,
}

/// What is written about places. The page is drawn before this is read.
#[derive(Debug, Serialize)]
pub(super) struct TextsData<'a> {
    shared: Vec<Cow<'a, str>>,
    layers: Vec<PointsTexts<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase", untagged)]
enum ExtentData {
    Named(&'static str),
    Box { west: f64, south: f64, east: f64, north: f64 },
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum LayerData<'a> {
    Heat(HeatData),
    Points(PointsData),
    Choropleth(ChoroplethData),
    Groups(GroupsData<'a>),
    Arcs(ArcsData<'a>),
}

#[derive(Debug, Serialize)]
struct HeatData {
    unit: &'static str,
    bandwidth_km: Option<f64>,
    #[serde(flatten)]
    positions: Positions,
    weight: Vec<u64>,
}

#[derive(Debug, Serialize)]
struct PointsData {
    unit: &'static str,
    #[serde(flatten)]
    positions: Positions,
    weight: Vec<u64>,
    coarse: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct PointsTexts<'a> {
    title: Vec<Text<'a>>,
    shapes: Vec<Vec<Text<'a>>>,
    shape: Vec<usize>,
    values: Vec<Text<'a>>,
}

#[derive(Debug, Serialize)]
struct ChoroplethData {
    unit: &'static str,
    counts: Vec<(&'static str, u64)>,
}

#[derive(Debug, Serialize)]
struct GroupsData<'a> {
    unit: &'static str,
    groups: Vec<GroupData<'a>>,
}

#[derive(Debug, Serialize)]
struct ArcsData<'a> {
    unit: &'static str,
    home: Cow<'a, str>,
    from: Positions,
    to: Positions,
    weight: Vec<u64>,
}

#[derive(Debug, Serialize)]
struct GroupData<'a> {
    label: Cow<'a, str>,
    weight: u64,
    outline: Vec<[Degrees; 2]>,
    center: [Degrees; 2],
    radius_km: f64,
    details: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> PageData<'a> {
    pub(super) fn new(map: &'a Map) -> Result<Self, Error> {
        let is_choropleth = |layer: &Layer| matches!(layer, Layer::Choropleth(_));
        Self::with(map, map.layers.iter().any(is_choropleth), |_| true)
    }

    /// Without layers: those of a report are drawn of its rows.
    pub(super) fn of_report(map: &'a Map) -> Result<Self, Error> {
        Self::with(map, true, |_| false)
    }

    fn with(
        map: &'a Map,
        names_countries: bool,
        takes: impl Fn(&Layer) -> bool,
    ) -> Result<Self, Error> {
        let layers = map.layers.iter().filter(|layer| takes(layer));
        let layers = layers.map(LayerData::new).collect::<Result<Vec<_>, Error>>()?;
        let countries = CountryCode::all()
            .filter(|_| names_countries)
            .map(|country| (country.as_str(), country.name()))
            .collect();
        Ok(Self {
            title: visible(&map.title),
            notes: map.notes.iter().map(|note| visible(note)).collect(),
            theme: theme_name(map.theme),
            extent: ExtentData::new(map.extent)?,
            countries,
            layers,
        })
    }
}

impl<'a> TextsData<'a> {
    pub(super) fn new(map: &'a Map) -> Self {
        let points = || {
            map.layers.iter().filter_map(|layer| match layer {
                Layer::Points(points) => Some(points),
                _ => None,
            })
        };
        let mut texts = Texts::default();
        points().for_each(|points| note_texts(&mut texts, points));
        let layers = points().map(|points| PointsTexts::new(points, &texts)).collect();
        Self { shared: texts.into_shared(), layers }
    }
}

/// JSON that can stand in a script element.
pub(super) fn to_json(data: &impl Serialize) -> Result<String, Error> {
    let mut out = Vec::new();
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut out, InScript::default());
    data.serialize(&mut serializer)
        .map_err(|source| Error::Encode { source: source.into() })?;
    String::from_utf8(out).map_err(|source| Error::Encode { source: source.into() })
}

pub(super) fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::Dark => "dark",
        Theme::Light => "light",
    }
}

impl ExtentData {
    fn new(extent: Extent) -> Result<Self, Error> {
        match extent {
            Extent::Country(country) => Self::new(of_country(country)?),
            Extent::World => Ok(Self::Named("world")),
            Extent::Auto => Ok(Self::Named("auto")),
            Extent::Box { west, south, east, north } => {
                let is_on_globe = [west, east].iter().all(|lng| lng.abs() <= 180.0)
                    && [south, north].iter().all(|lat| lat.abs() <= 90.0);
                let reason = if !is_on_globe {
                    "must lie in -180..=180 and -90..=90"
                } else if south >= north {
                    "the south side must lie south of the north side"
                } else {
                    return Ok(Self::Box { west, south, east, north });
                };
                Err(Error::InvalidExtent { west, south, east, north, reason })
            }
        }
    }
}

impl<'a> LayerData<'a> {
    fn new(layer: &'a Layer) -> Result<Self, Error> {
        Ok(match layer {
            Layer::Heat(heat) => Self::Heat(HeatData::new(heat)?),
            Layer::Points(points) => Self::Points(PointsData::new(points)),
            Layer::Choropleth(choropleth) => {
                Self::Choropleth(ChoroplethData::new(choropleth))
            }
            Layer::Groups(groups) => Self::Groups(GroupsData::new(groups)?),
            Layer::Arcs(arcs) => Self::Arcs(ArcsData::new(arcs)),
        })
    }
}

fn unit_name(unit: Unit) -> &'static str {
    unit.noun(2)
}

impl HeatData {
    fn new(heat: &Heat) -> Result<Self, Error> {
        if let Some(bandwidth_km) = heat.bandwidth_km
            && !(1.0..=5000.0).contains(&bandwidth_km)
        {
            return Err(Error::InvalidBandwidth { bandwidth_km });
        }
        let mut points = heat.points.clone();
        points.sort_by_key(|point| point.point.key());
        Ok(Self {
            unit: unit_name(heat.unit),
            bandwidth_km: heat.bandwidth_km,
            positions: Positions::new(points.iter().map(|point| point.point)),
            weight: points.iter().map(|point| point.weight).collect(),
        })
    }
}

fn note_texts<'a>(texts: &mut Texts<'a>, points: &'a Points) {
    for marker in &points.markers {
        texts.note(&marker.title);
        for (name, value) in &marker.details {
            texts.note(name);
            texts.note(value);
        }
    }
}

/// The markers in the order in which all columns have them.
fn in_order(points: &Points) -> Vec<&Marker> {
    let mut markers: Vec<&Marker> = points.markers.iter().collect();
    markers.sort_by_key(|marker| marker.point.key());
    markers
}

impl PointsData {
    fn new(points: &Points) -> Self {
        let markers = in_order(points);
        Self {
            unit: unit_name(points.unit),
            positions: Positions::new(markers.iter().map(|marker| marker.point)),
            weight: markers.iter().map(|marker| marker.weight).collect(),
            coarse: (0..markers.len()).filter(|&i| markers[i].coarse).collect(),
        }
    }
}

impl<'a> PointsTexts<'a> {
    fn new(points: &'a Points, texts: &Texts<'a>) -> Self {
        let markers = in_order(points);
        let mut numbers: BTreeMap<Vec<&'a str>, usize> = BTreeMap::new();
        let mut shapes = Vec::new();
        let mut shape = Vec::with_capacity(markers.len());
        let mut values = Vec::new();
        for marker in &markers {
            let names = marker.details.iter().map(|(name, _)| name.as_str()).collect();
            shape.push(*numbers.entry(names).or_insert_with_key(|names| {
                shapes.push(names.iter().map(|name| texts.get(name)).collect());
                shapes.len() - 1
            }));
            values.extend(marker.details.iter().map(|(_, value)| texts.get(value)));
        }
        let title = markers.iter().map(|marker| texts.get(&marker.title)).collect();
        Self { title, shapes, shape, values }
    }
}

impl ChoroplethData {
    fn new(choropleth: &Choropleth) -> Self {
        let mut counts: BTreeMap<CountryCode, u64> = BTreeMap::new();
        for &(country, count) in &choropleth.counts {
            let sum = counts.entry(country).or_default();
            *sum = sum.saturating_add(count);
        }
        let counts = counts.into_iter().filter(|&(_, count)| count > 0);
        Self {
            unit: unit_name(choropleth.unit),
            counts: counts.map(|(country, count)| (country.as_str(), count)).collect(),
        }
    }
}

impl<'a> GroupsData<'a> {
    fn new(groups: &'a Groups) -> Result<Self, Error> {
        let groups_of = groups.groups.iter().map(GroupData::new);
        Ok(Self {
            unit: unit_name(groups.unit),
            groups: groups_of.collect::<Result<_, Error>>()?,
        })
    }
}

impl<'a> ArcsData<'a> {
    fn new(arcs: &'a Arcs) -> Self {
        let mut shown: Vec<_> = arcs.arcs.iter().filter(|arc| arc.weight > 0).collect();
        shown.sort_by_key(|arc| (arc.from.key(), arc.to.key()));
        Self {
            unit: unit_name(arcs.unit),
            home: visible(&arcs.home),
            from: Positions::new(shown.iter().map(|arc| arc.from)),
            to: Positions::new(shown.iter().map(|arc| arc.to)),
            weight: shown.iter().map(|arc| arc.weight).collect(),
        }
    }
}

impl<'a> GroupData<'a> {
    fn new(group: &'a Group) -> Result<Self, Error> {
        let radius_km = group.radius_km;
        if !(0.0..=20_000.0).contains(&radius_km) {
            return Err(Error::InvalidRadius { label: group.label.clone(), radius_km });
        }
        let details = group.details.iter();
        Ok(Self {
            label: visible(&group.label),
            weight: group.weight,
            outline: group.outline.iter().copied().map(degrees).collect(),
            center: degrees(group.center),
            radius_km,
            details: details
                .map(|(name, value)| (visible(name), visible(value)))
                .collect(),
        })
    }
}

/// Degrees with four decimals: what is written is as short as it is exact.
#[derive(Debug)]
struct Degrees(f64);

fn degrees(point: LatLng) -> [Degrees; 2] {
    [Degrees(point.lat()), Degrees(point.lng())]
}

impl Serialize for Degrees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.0 * 1e4).round() / 1e4)
    }
}
