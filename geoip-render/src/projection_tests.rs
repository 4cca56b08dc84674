use super::{straight::Straight, *};
use proptest::prelude::*;

#[test]
fn equal_earth_agrees_with_published_values() {
    // The bounds of EPSG:8857 in metres, whose sphere of equal area has this radius.
    let radius = 6_371_007.181;
    for ((lng, lat), (x, y)) in
        [((0.0, 90.0), (0.0, 8_392_927.60)), ((180.0, 0.0), (17_243_959.06, 0.0))]
    {
        let (our_x, our_y) = forward(Projection::EqualEarth, lng, lat);
        assert!((our_x * radius - x).abs() < 0.01, "{} for {x}", our_x * radius);
        assert!((our_y * radius - y).abs() < 0.01, "{} for {y}", our_y * radius);
    }
}

#[test]
fn known_places_of_the_other_projections() {
    use std::f64::consts::PI;
    for (projection, (lng, lat), (x, y)) in [
        (Projection::Mercator, (180.0, MERCATOR_LIMIT), (PI, PI)),
        (Projection::Equirectangular, (90.0, 45.0), (PI / 2.0, PI / 4.0)),
        (Projection::Robinson, (180.0, 0.0), (0.8487 * PI, 0.0)),
        (Projection::Robinson, (0.0, 90.0), (0.0, 1.3523)),
        (Projection::Robinson, (180.0, 45.0), (0.8487 * PI * 0.8962, 1.3523 * 0.5571)),
        (Projection::NaturalEarth, (180.0, 0.0), (0.8707 * PI, 0.0)),
    ] {
        let (our_x, our_y) = forward(projection, lng, lat);
        assert!((our_x - x).abs() < 1e-9 && (our_y - y).abs() < 1e-9, "{projection:?}");
    }
}

/// The worked examples in the appendix of Snyder's manual, for the unit sphere.
#[test]
fn agrees_with_the_worked_examples_of_the_manual() {
    for (projection, middle, parallels, (lat, lng), (x, y)) in [
        // Pages 311 and 312; places are relative to the central meridian of -100.
        (
            Projection::Orthographic,
            40.0,
            None,
            (30.0, -10.0),
            (-0.150_383_7, -0.165_191_1),
        ),
        (
            Projection::Stereographic,
            40.0,
            None,
            (30.0, 25.0),
            (0.380_722_4, -0.126_380_2),
        ),
        // Page 332, for a sphere of radius 3.
        (
            Projection::AzimuthalEqualArea,
            40.0,
            None,
            (-20.0, -160.0),
            (-4.233_930_3 / 3.0, 4.025_777_5 / 3.0),
        ),
        // Page 291: standard parallels 29.5 and 45.5, which are a sixth inside of these.
        (
            Projection::Albers,
            23.0,
            Some((25.5, 49.5)),
            (35.0, 21.0),
            (0.295_272_0, 0.241_677_4),
        ),
    ] {
        let (our_x, our_y) =
            Aspect::new(projection, (middle, 0.0), parallels).forward((lng, lat));
        assert!(
            (our_x - x).abs() < 2e-7 && (our_y - y).abs() < 2e-7,
            "{projection:?} {our_x} {our_y}"
        );
    }
}

#[test]
fn equal_earth_keeps_the_area_of_the_globe() {
    // The sum of thin strips is the whole surface, 4 pi.
    let strips = 20_000;
    let area: f64 = (0..strips)
        .map(|i| {
            let lat = |i: i32| -90.0 + 180.0 * f64::from(i) / f64::from(strips);
            let (a, b) = (lat(i), lat(i + 1));
            let width = Straight::EqualEarth.width(f64::midpoint(a, b));
            let y = |lat| Straight::EqualEarth.parallel(lat).1;
            let rise = y(b) - y(a);
            2.0 * std::f64::consts::PI * width * rise
        })
        .sum();
    assert!((area - 4.0 * std::f64::consts::PI).abs() < 1e-4, "{area}");
}

fn forward(projection: Projection, lng: f64, lat: f64) -> (f64, f64) {
    Aspect::new(projection, (0.0, 0.0), None).forward((lng, lat))
}

/// Two places on the ground, in degrees of arc.
fn apart(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (a, b) = (unit(a), unit(b));
    let chord: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
    (2.0 * (chord / 2.0).min(1.0).asin()).to_degrees()
}

fn unit((lng, lat): (f64, f64)) -> [f64; 3] {
    let (sin_lng, cos_lng) = lng.to_radians().sin_cos();
    let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
    [cos_lat * cos_lng, cos_lat * sin_lng, sin_lat]
}

proptest! {
    #[test]
    fn every_projection_round_trips(
        lat in -85.0..85.0, lng in -180.0..180.0, which in 0..Projection::ALL.len(),
        middle in -90.0..=90.0,
    ) {
        let projection = Projection::ALL[which];
        let aspect = Aspect::new(projection, (middle, 0.0), None);
        let place = (lng, lat);
        // Close to the rim of a globe seen from outside, numbers hold less.
        let near_rim = matches!(aspect.family, Family::Disk(disk)
            if disk.polar(lng, lat).1 > disk.horizon() - 1e-4);
        if aspect.shows(place) && !near_rim {
            let back = aspect.inverse(aspect.forward(place)).unwrap();
            prop_assert!(apart(place, back) < 1e-6, "{projection:?} {place:?} {back:?}");
            prop_assert!(
                projection == Projection::Orthographic || apart(place, back) < 1e-7,
                "{projection:?} {place:?} {back:?}"
            );
        }
    }

    #[test]
    fn the_public_functions_are_each_others_inverse(
        lat in -80.0..80.0, lng in -80.0..80.0, which in 0..Projection::ALL.len(),
    ) {
        let projection = Projection::ALL[which];
        let point = LatLng::new(lat, lng).unwrap();
        let (x, y) = projection.project(point);
        let back = projection.unproject(x, y).unwrap();
        prop_assert!(apart((lng, lat), (back.lng(), back.lat())) < 1e-6, "{back}");
    }

    /// The oracle of the area scale is the determinant by finite differences.
    #[test]
    fn area_scale_is_the_jacobian(
        lat in -80.0..80.0, lng in -170.0..170.0, which in 0..Projection::ALL.len(),
        middle in -80.0..=80.0,
    ) {
        let (projection, step) = (Projection::ALL[which], 1e-3_f64);
        let aspect = Aspect::new(projection, (middle, 0.0), None);
        let at = |east: f64, north: f64| aspect.forward((lng + east, lat + north));
        let (west, east) = (at(-step, 0.0), at(step, 0.0));
        let (south, north) = (at(0.0, -step), at(0.0, step));
        let by_lng = (east.0 - west.0, east.1 - west.1);
        let by_lat = (north.0 - south.0, north.1 - south.1);
        let flat = (by_lng.0 * by_lat.1 - by_lng.1 * by_lat.0) / (2.0 * step).to_radians().powi(2);
        let scale: f64 = flat / f64::to_radians(lat).cos();
        let far = match aspect.family {
            Family::Disk(disk) => disk.polar(lng, lat).1 > disk.horizon() - 0.05,
            _ => false,
        };
        if !far {
            let ours = aspect.area_scale((lng, lat));
            prop_assert!((ours / scale - 1.0).abs() < 2e-3, "{projection:?} {ours} {scale}");
        }
    }

    #[test]
    fn nothing_off_the_map_has_a_place(x in -9.0..9.0, y in -9.0..9.0, middle in -90.0..=90.0) {
        for projection in Projection::ALL {
            let aspect = Aspect::new(projection, (middle, 0.0), None);
            if let Some(place) = aspect.inverse((x, y)) {
                let (back_x, back_y) = aspect.forward(place);
                prop_assert!((back_x - x).abs() < 1e-6 && (back_y - y).abs() < 1e-6, "{projection:?}");
            }
        }
    }
}
