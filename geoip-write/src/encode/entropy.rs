//! The encoder of the entropy coder whose decoder is `geoip_core::compact`.

use geoip_core::compact::format::{
    CLUSTER_LIMIT, FREQUENCY_BITS, LANES, MODEL_FIXED_LENGTH, STATE_MIN,
};

use super::put_varint;
use crate::Error;

/// Contexts given to a column at most. More save less than 1 %, but their tables would
/// not fit the processor's caches.
const CONTEXTS: usize = 16;

/// Sum of the frequencies of a context.
const TOTAL: u32 = 1 << FREQUENCY_BITS;

/// How often each byte occurs.
type Counts = [u64; 256];

/// Packs a column.
pub(crate) fn pack(column: &[u8]) -> Result<Vec<u8>, Error> {
    let model = Model::new(column);
    let model_bytes = super::file::brotli(&model.bytes())?;
    let mut packed = Vec::new();
    put_varint(&mut packed, model.frequencies.len() as u64);
    put_varint(&mut packed, model_bytes.len() as u64);
    packed.extend(model_bytes);

    let quarter = column.len() / LANES;
    let (coded, rest) = column.split_at(quarter * LANES);
    let mut states = [STATE_MIN; LANES];
    let mut words = Vec::new();
    // The decoder takes back what was coded last, so that all goes backwards here.
    for position in (0..quarter).rev() {
        for lane in (0..LANES).rev() {
            let part = &coded[lane * quarter..(lane + 1) * quarter];
            let context = model.context(part, position);
            let (start, frequency) = model.slots(context, part[position]);
            let state = &mut states[lane];
            if u64::from(*state) >= u64::from(frequency) << (32 - FREQUENCY_BITS) {
                words.push(*state as u16);
                *state >>= 16;
            }
            *state =
                ((*state / frequency) << FREQUENCY_BITS) | (*state % frequency + start);
        }
    }
    packed.extend(states.iter().flat_map(|state| state.to_le_bytes()));
    packed.extend(rest);
    packed.extend(words.iter().rev().flat_map(|word| word.to_le_bytes()));
    Ok(packed)
}

/// What the probabilities depend on, and the probabilities.
struct Model {
    clusters: [u8; 256],
    contexts: [u8; CLUSTER_LIMIT * CLUSTER_LIMIT],
    /// The frequencies of each context, of sum `TOTAL`.
    frequencies: Vec<[u16; 256]>,
    /// For each context how many slots come before those of a byte.
    starts: Vec<[u16; 256]>,
}

impl Model {
    fn new(column: &[u8]) -> Self {
        let quarter = column.len() / LANES;
        let parts = || column[..quarter * LANES].chunks_exact(quarter.max(1)).take(LANES);

        let mut after_byte = vec![[0; 256]; 256];
        for part in parts() {
            for pair in part.array_windows::<2>() {
                after_byte[usize::from(pair[0])][usize::from(pair[1])] += 1;
            }
        }
        let clusters = group(after_byte, CLUSTER_LIMIT);
        let mut model = Self {
            clusters: as_array(&clusters),
            contexts: [0; CLUSTER_LIMIT * CLUSTER_LIMIT],
            frequencies: Vec::new(),
            starts: Vec::new(),
        };
        let mut after_pair = vec![[0; 256]; CLUSTER_LIMIT * CLUSTER_LIMIT];
        for part in parts() {
            for (position, &byte) in part.iter().enumerate() {
                after_pair[model.pair(part, position)][usize::from(byte)] += 1;
            }
        }
        let contexts = group(after_pair.clone(), CONTEXTS);
        model.contexts = as_array(&contexts);
        let count = usize::from(contexts.into_iter().max().unwrap_or(0)) + 1;
        let mut counts = vec![[0; 256]; count];
        for (pair, &context) in after_pair.iter().zip(&model.contexts) {
            add(&mut counts[usize::from(context)], pair);
        }
        model.frequencies = counts.iter().map(frequencies).collect();
        model.starts = model.frequencies.iter().map(starts).collect();
        model
    }

    /// The pair of clusters of the two bytes before a position, zeros before the part.
    fn pair(&self, part: &[u8], position: usize) -> usize {
        let cluster = |back: usize| match position.checked_sub(back) {
            Some(before) => self.clusters[usize::from(part[before])],
            None => 0,
        };
        usize::from(cluster(1)) * CLUSTER_LIMIT + usize::from(cluster(2))
    }

    fn context(&self, part: &[u8], position: usize) -> usize {
        self.contexts[self.pair(part, position)].into()
    }

    /// The first slot of a byte and the number of its slots.
    fn slots(&self, context: usize, byte: u8) -> (u32, u32) {
        let byte = usize::from(byte);
        (self.starts[context][byte].into(), self.frequencies[context][byte].into())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(MODEL_FIXED_LENGTH);
        bytes.extend(self.clusters);
        bytes.extend(self.contexts);
        for frequencies in &self.frequencies {
            bytes.extend(frequencies.iter().map(|frequency| frequency.to_be_bytes()[0]));
            bytes.extend(frequencies.iter().map(|frequency| frequency.to_be_bytes()[1]));
        }
        bytes
    }
}

fn as_array(numbers: &[u8]) -> [u8; 256] {
    numbers.try_into().expect("there are 256 bytes, and pairs of clusters")
}

fn add(sum: &mut Counts, other: &Counts) {
    for (sum, other) in sum.iter_mut().zip(other) {
        *sum += other;
    }
}

/// Joins distributions, always the two whose union costs the least, until at most `limit`
/// are left; gives the number of the one that each became part of.
///
/// Distributions without any count join the first.
fn group(mut counts: Vec<Counts>, limit: usize) -> Vec<u8> {
    let mut number: Vec<usize> = (0..counts.len()).collect();
    let mut live: Vec<usize> = number.clone();
    live.retain(|&one| counts[one].iter().any(|&count| count > 0));
    let mut bits: Vec<f64> = counts.iter().map(cost_bits).collect();
    let union_bits = |counts: &[Counts], a: usize, b: usize| {
        let mut union = counts[a];
        add(&mut union, &counts[b]);
        cost_bits(&union)
    };
    let mut losses: Vec<(usize, usize, f64)> = Vec::new();
    for (position, &b) in live.iter().enumerate() {
        for &a in &live[..position] {
            losses.push((a, b, union_bits(&counts, a, b) - bits[a] - bits[b]));
        }
    }
    while live.len() > limit {
        let &(a, b, _) = losses
            .iter()
            .min_by(|x, y| x.2.total_cmp(&y.2))
            .expect("two distributions are left at least");
        let joined = counts[b];
        add(&mut counts[a], &joined);
        bits[a] = cost_bits(&counts[a]);
        live.retain(|&one| one != b);
        number.iter_mut().filter(|one| **one == b).for_each(|one| *one = a);
        losses.retain(|loss| ![loss.0, loss.1].iter().any(|one| [a, b].contains(one)));
        for &one in live.iter().filter(|&&one| one != a) {
            let loss = union_bits(&counts, a, one) - bits[a] - bits[one];
            losses.push((a.min(one), a.max(one), loss));
        }
    }
    let position =
        |one: &usize| live.iter().position(|live| live == one).unwrap_or(0) as u8;
    number.iter().map(position).collect()
}

/// Bits that an ideal coder would need for the counted bytes.
fn cost_bits(counts: &Counts) -> f64 {
    let total: u64 = counts.iter().sum();
    let bits = |count: u64| count as f64 * (total as f64 / count as f64).log2();
    counts.iter().filter(|&&count| count > 0).map(|&count| bits(count)).sum()
}

/// Scales counts to frequencies of sum `TOTAL`; what occurs keeps 1 at least.
fn frequencies(counts: &Counts) -> [u16; 256] {
    let total = counts.iter().sum::<u64>();
    let mut frequencies = [0_u16; 256];
    if total == 0 {
        frequencies[0] = TOTAL as u16;
        return frequencies;
    }
    let mut left = i64::from(TOTAL);
    for (frequency, &count) in frequencies.iter_mut().zip(counts) {
        if count > 0 {
            *frequency = (count * u64::from(TOTAL) / total).max(1) as u16;
            left -= i64::from(*frequency);
        }
    }
    // The rounding is settled where a slot more gains, or a slot less costs, the least.
    while left != 0 {
        let step = left.signum();
        let change = |byte: usize| {
            let now = f64::from(frequencies[byte]);
            counts[byte] as f64 * ((now + step as f64) / now).log2()
        };
        let best = (0..256)
            .filter(|&byte| counts[byte] > 0 && i64::from(frequencies[byte]) + step > 0)
            .max_by(|&a, &b| change(a).total_cmp(&change(b)))
            .expect("256 bytes share 4096 slots");
        frequencies[best] = frequencies[best].wrapping_add_signed(step as i16);
        left -= step;
    }
    frequencies
}

fn starts(frequencies: &[u16; 256]) -> [u16; 256] {
    let mut next = 0;
    frequencies.map(|frequency| {
        let start = next;
        next += frequency;
        start
    })
}
