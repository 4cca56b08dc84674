//! Robinson's projection, which is defined by a table.

/// Length of the parallel and distance from the equator, each as a share of the
/// largest, every five degrees.
const TABLE: [(f64, f64); 19] = [
    (1.0000, 0.0000),
    (0.9986, 0.0620),
    (0.9954, 0.1240),
    (0.9900, 0.1860),
    (0.9822, 0.2480),
    (0.9730, 0.3100),
    (0.9600, 0.3720),
    (0.9427, 0.4340),
    (0.9216, 0.4958),
    (0.8962, 0.5571),
    (0.8679, 0.6176),
    (0.8350, 0.6769),
    (0.7986, 0.7346),
    (0.7597, 0.7903),
    (0.7186, 0.8435),
    (0.6732, 0.8936),
    (0.6213, 0.9394),
    (0.5722, 0.9761),
    (0.5322, 1.0000),
];

/// Width and y of a parallel, by the cubic through the slopes of the neighbours.
pub(super) fn parallel(lat: f64) -> (f64, f64) {
    let position = lat.abs().min(90.0) / 5.0;
    let index = (0..18).rev().find(|&i| position >= f64::from(i)).unwrap_or(0);
    let t = position - f64::from(index);
    let rows = [-1, 0, 1, 2].map(|offset| row(index + offset));
    let width = 0.8487 * cubic(rows.map(|row| row.0), t);
    let y = 1.3523 * cubic(rows.map(|row| row.1), t);
    (width, y.copysign(lat))
}

/// A row of the table, which goes on beyond both ends: mirrored at the equator and
/// straight on at the pole.
fn row(index: i32) -> (f64, f64) {
    let at = |i: i32| usize::try_from(i).ok().and_then(|i| TABLE.get(i).copied());
    if index < 0 {
        let (width, y) = at(-index).unwrap_or((1.0, 0.0));
        return (width, -y);
    }
    at(index).unwrap_or_else(|| {
        let (last, before) = (TABLE[18], TABLE[17]);
        (2.0 * last.0 - before.0, 2.0 * last.1 - before.1)
    })
}

/// Catmull and Rom's cubic between the middle two of four values.
fn cubic([before, start, end, after]: [f64; 4], t: f64) -> f64 {
    let (slope_at_start, slope_at_end) = ((end - before) / 2.0, (after - start) / 2.0);
    let (t2, t3) = (t * t, t * t * t);
    start * (2.0 * t3 - 3.0 * t2 + 1.0)
        + slope_at_start * (t3 - 2.0 * t2 + t)
        + end * (3.0 * t2 - 2.0 * t3)
        + slope_at_end * (t3 - t2)
}
