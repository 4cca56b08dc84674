//! Our side of `benches/peers/cluster.py`: a graph and its maximal cliques out of a file of
//! points, with the processor time of each step.
//!
//! `cluster-peer [--merged] POINTS RADIUS_M [EDGES [CLIQUES]]`: POINTS has a latitude and a
//! longitude a line. With `--merged` points at one place become one, and the time for that
//! is part of the graph's. EDGES gets each pair as two little-endian 32-bit numbers, CLIQUES
//! the sorted members of a clique a line.
//!
//! `cluster-peer --threads POINTS RADIUS_M` finds the heaviest clique on all processors (as
//! `RAYON_NUM_THREADS` has it), and tells the time on the wall.

use std::{
    collections::HashMap,
    env, fs,
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    time::Instant,
};

use geoip_cluster::{
    CliqueOptions, ProximityGraph, VertexId, for_each_maximal_clique,
    heaviest_maximal_cliques,
};
use geoip_core::{LatLng, WeightedPoint};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1).peekable();
    let is_option = |it: &String| it.starts_with("--");
    let option = arguments.next_if(is_option).unwrap_or_default();
    let mut argument = || arguments.next();
    let (Some(points), Some(radius_m)) = (argument(), argument()) else {
        return Err("usage: cluster-peer POINTS RADIUS_M [EDGES [CLIQUES]]".into());
    };
    let (edges, cliques) = (argument(), argument());
    let mut points = read(&fs::read_to_string(points)?)?;

    let start = Clock::start();
    if !option.is_empty() {
        points = merged(&points);
    }
    let graph = ProximityGraph::new(&points, radius_m.parse()?)?;
    let graph_s = start.seconds();
    if option == "--threads" {
        return heaviest(&graph);
    }
    if let Some(path) = edges {
        let mut out = BufWriter::new(fs::File::create(path)?);
        for edge in graph.edges() {
            out.write_all(&edge.a.0.to_le_bytes())?;
            out.write_all(&edge.b.0.to_le_bytes())?;
        }
        out.flush()?;
    }

    // The clock moves in steps of some milliseconds: what is short is done several times.
    let start = Clock::start();
    let (mut count, mut members, mut runs) = (0_u64, 0_u64, 0.0);
    while runs == 0.0 || start.seconds() < 0.2 {
        (count, members) = (0, 0);
        let _ = for_each_maximal_clique(&graph, |clique| {
            count += 1;
            members += clique.len() as u64;
            ControlFlow::<()>::Continue(())
        });
        runs += 1.0;
    }
    let cliques_s = start.seconds() / runs;
    if let Some(path) = cliques {
        write_cliques(&graph, BufWriter::new(fs::File::create(path)?))?;
    }
    writeln!(
        io::stdout(),
        "{{\"vertices\":{},\"edges\":{},\"graph_s\":{graph_s},\"cliques\":{count},\
         \"members\":{members},\"cliques_s\":{cliques_s}}}",
        graph.len(),
        graph.edge_count()
    )?;
    Ok(())
}

/// The points without those that are there already, whose weights they have.
fn merged(points: &[WeightedPoint]) -> Vec<WeightedPoint> {
    let mut weights = HashMap::with_capacity(points.len());
    for point in points {
        weights.entry(point.point.key()).or_insert((point.point, 0)).1 += point.weight;
    }
    let mut merged: Vec<_> = weights.into_values().collect();
    merged.sort_by_key(|(point, _)| point.key());
    merged.into_iter().map(|(point, weight)| WeightedPoint { point, weight }).collect()
}

fn heaviest(graph: &ProximityGraph) -> Result<(), Failure> {
    let start = Instant::now();
    let found = heaviest_maximal_cliques(graph, 1, &CliqueOptions::default(), |_| false);
    let wall_s = start.elapsed().as_secs_f64();
    let cliques = found.enumeration().cliques;
    Ok(writeln!(io::stdout(), "{{\"cliques\":{cliques},\"wall_s\":{wall_s}}}")?)
}

fn read(text: &str) -> Result<Vec<WeightedPoint>, Failure> {
    let point = |line: &str| {
        let (lat, lng) = line.split_once(' ').ok_or("not `lat lng`")?;
        let point = LatLng::new(lat.parse()?, lng.parse()?)?;
        Ok(WeightedPoint { point, weight: 1 })
    };
    text.lines().map(point).collect()
}

fn write_cliques(graph: &ProximityGraph, mut out: impl Write) -> io::Result<()> {
    let mut members: Vec<VertexId> = Vec::new();
    let ended = for_each_maximal_clique(graph, |clique| {
        members.clear();
        members.extend(clique);
        members.sort_unstable();
        let texts: Vec<String> = members.iter().map(|it| it.0.to_string()).collect();
        match writeln!(out, "{}", texts.join(" ")) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    });
    match ended {
        ControlFlow::Continue(()) => out.flush(),
        ControlFlow::Break(error) => Err(error),
    }
}

/// Processor time of all threads where the system tells it, else time on the wall.
struct Clock {
    on_cpu_ns: Option<u64>,
    wall: Instant,
}

impl Clock {
    fn start() -> Self {
        Self { on_cpu_ns: on_cpu_ns(), wall: Instant::now() }
    }

    #[expect(clippy::cast_precision_loss, reason = "hours of nanoseconds are exact")]
    fn seconds(&self) -> f64 {
        match (self.on_cpu_ns, on_cpu_ns()) {
            (Some(start), Some(end)) => (end - start) as f64 / 1e9,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

/// The first number of `schedstat` is the time on a processor (Linux).
fn on_cpu_ns() -> Option<u64> {
    let mut sum = 0;
    for task in fs::read_dir("/proc/self/task").ok()? {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        sum += text.split(' ').next()?.parse::<u64>().ok()?;
    }
    Some(sum)
}
