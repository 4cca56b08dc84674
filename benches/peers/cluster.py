#!/usr/bin/env python3
"""Neighbours and maximal cliques beside networkx, igraph, scipy, scikit-learn and quick-cliques.

Usage: benches/peers/cluster.py [--seconds 60] [--scale small|full] [--venv FOLDER]
                                [--database FILE.mmdb] [--quick-cliques bin/qc]

Installs the peers into a virtual environment, makes the inputs (seeded, the same on every
machine), and measures each step of each program in a process of its own: processor seconds
of one thread, and peak memory. Nothing takes more of them than `--seconds`. Edges of all programs
are compared pair by pair, and cliques set by set with networkx where it comes to an end.
The recipe itself, all pairs by geopy and then networkx, is measured as far as it gets.

With `--database`, a file of IPv4 cities in MaxMind's format, inputs are drawn from it too:
`addresses` evenly from all that it locates, `coordinates` evenly from the distinct ones.
`--quick-cliques` names the program of https://github.com/darrenstrash/quick-cliques, built.

Needs `cargo`, Linux and a registry that pip can reach. Writes Markdown to standard output.
"""

import argparse
import bisect
import itertools
import json
import math
import os
import pathlib
import platform
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = ["networkx", "igraph", "scipy", "scikit-learn", "geopy", "numpy", "maxminddb"]
SEED = 20261121
RADIUS_M = 6_371_008.8
MILE_M = 1609.344
# What `time` and Python say of a process that the system ended after its processor seconds.
TIME_IS_UP = [128 + signal.SIGXCPU, 128 + signal.SIGKILL, -signal.SIGXCPU, -signal.SIGKILL]
ONE_THREAD = {name: "1" for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


# Inputs


def uniform(count):
    """Evenly over the sphere."""
    draw = random.Random(SEED)
    for _ in range(count):
        yield math.degrees(math.asin(draw.uniform(-1, 1))), draw.uniform(-180, 180)


def cities(count, south=-55.0, north=70.0, west=-180.0, east=180.0):
    """Around centers of very different sizes, as visitors are."""
    draw = random.Random(SEED)
    centers = [(draw.uniform(south, north), draw.uniform(west, east)) for _ in range(max(8, count // 40))]
    sizes = [1 / (rank + 1) for rank in range(len(centers))]
    for lat, lng in draw.choices(centers, sizes, k=count):
        lat, lng = draw.gauss(lat, 2.0), draw.gauss(lng, 3.0)
        yield max(-89.9, min(89.9, lat)), (lng + 180.0) % 360.0 - 180.0


INPUTS = {
    "uniform": uniform,
    "cities": cities,
    "Europe": lambda count: cities(count, 35, 65, -11, 40),
}


def write_points(kind, count, folder):
    path = folder / f"{kind}-{count}.txt"
    if not path.exists():
        # Rounded as databases do, so that every program reads the same numbers.
        path.write_text("".join(f"{lat:.4f} {lng:.4f}\n" for lat, lng in INPUTS[kind](count)))
    return path


def draw_points(database, folder):
    """Files of points out of a database, as those of `write_points`; runs in the environment."""
    import maxminddb

    sizes = {}
    starts, points = [], []
    total = 0
    with maxminddb.open_database(database) as reader:
        for network, record in reader:
            place = record.get("location", record)
            point = (place.get("latitude"), place.get("longitude"))
            if network.version == 4 and None not in point:
                starts.append(total)
                points.append(tuple(round(it, 4) for it in point))
                total += network.num_addresses
    distinct = sorted(set(points))
    europe = [(lat, lng) for lat, lng in distinct if 35 <= lat <= 70 and -11 <= lng <= 40]

    def addresses(count):
        draw = random.Random(SEED)
        return [points[bisect.bisect(starts, draw.randrange(total)) - 1] for _ in range(count)]

    def coordinates(among, count):
        return random.Random(SEED).sample(among, count)

    draws = {
        ("addresses", 10_000): addresses(10_000),
        ("addresses", 100_000): addresses(100_000),
        ("addresses", 1_000_000): addresses(1_000_000),
        ("coordinates", 2_000): coordinates(distinct, 2_000),
        ("coordinates of Europe", 2_000): coordinates(europe, 2_000),
    }
    for (kind, count), drawn in draws.items():
        text = "".join(f"{lat} {lng}\n" for lat, lng in drawn)
        (folder / f"{kind}-{count}.txt").write_text(text)


# Peers: each runs in a process of its own and prints what it measured as JSON.


def load(path):
    import numpy

    return numpy.loadtxt(path, ndmin=2)


def load_edges(path):
    import numpy

    return numpy.fromfile(path, dtype="<u4").reshape(-1, 2)


def unit_vectors(points):
    import numpy

    lat, lng = numpy.radians(points).T
    return numpy.column_stack([numpy.cos(lat) * numpy.cos(lng), numpy.cos(lat) * numpy.sin(lng), numpy.sin(lat)])


def timed(work):
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def peer_scipy(points, radius_m, edges):
    import numpy
    from scipy.spatial import cKDTree

    vectors = unit_vectors(load(points))
    chord = 2 * math.sin(radius_m / RADIUS_M / 2)
    pairs, seconds = timed(lambda: cKDTree(vectors).query_pairs(chord, output_type="ndarray"))
    same = None
    if edges:
        ours = {tuple(pair) for pair in load_edges(edges).tolist()} if len(pairs) < 3_000_000 else None
        if ours is not None:
            theirs = {tuple(pair) for pair in numpy.sort(pairs, axis=1).tolist()}
            # A pair at the very limit may round to either side of it.
            same = len(ours ^ theirs)
    return {"edges": len(pairs), "seconds": seconds, "different": same}


def peer_sklearn(points, radius_m, edges):
    import numpy
    from sklearn.neighbors import BallTree

    radians = numpy.radians(load(points))

    def work():
        tree = BallTree(radians, metric="haversine")
        return tree.query_radius(radians, radius_m / RADIUS_M)

    found, seconds = timed(work)
    edges_found = (sum(len(near) for near in found) - len(radians)) // 2
    return {"edges": edges_found, "seconds": seconds}


def peer_networkx(points, radius_m, edges, cliques):
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(len(load(points))))
    graph.add_edges_from(load_edges(edges).tolist())
    if not cliques:
        count, seconds = timed(lambda: sum(1 for _ in networkx.find_cliques(graph)))
        return {"cliques": count, "seconds": seconds}
    found, seconds = timed(lambda: list(networkx.find_cliques(graph)))
    theirs = {tuple(sorted(clique)) for clique in found}
    ours = {tuple(map(int, line.split())) for line in open(cliques)}
    return {"cliques": len(found), "seconds": seconds, "same": ours == theirs}


def peer_igraph(points, radius_m, edges):
    import igraph

    graph = igraph.Graph(n=len(load(points)), edges=load_edges(edges).tolist())
    found, seconds = timed(graph.maximal_cliques)
    return {"cliques": len(found), "seconds": seconds}


def peer_recipe(points, radius_m, budget_s):
    """All pairs by geopy, then all cliques by networkx; stops when its time is up."""
    import networkx
    from geopy.distance import distance

    places = [tuple(place) for place in load(points)]
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(places)))
    start, done = time.process_time(), 0
    total = len(places) * (len(places) - 1) // 2
    for first, place in enumerate(places):
        for second in range(first + 1, len(places)):
            if distance(place, places[second]).meters <= radius_m:
                graph.add_edge(first, second)
            done += 1
        if time.process_time() - start > budget_s:
            seconds = time.process_time() - start
            return {"pairs": done, "of": total, "seconds": seconds, "estimate": seconds * total / done}
    pairs_s = time.process_time() - start
    count = sum(1 for _ in networkx.find_cliques(graph))
    return {"pairs": done, "of": total, "seconds": time.process_time() - start, "pairs_s": pairs_s, "cliques": count}


def quick_cliques(program, points, edges, limit):
    """The fastest of its algorithms on dense graphs: Tomita's on a matrix of the graph."""
    count = sum(1 for _ in open(points))
    pairs = edges.read_bytes()
    pairs = list(zip(*[iter(memoryview(pairs).cast("I"))] * 2))
    path = edges.with_suffix(".qc")
    with open(path, "w") as out:
        out.write(f"{count}\n{2 * len(pairs)}\n")
        for a, b in sorted(itertools.chain(pairs, ((b, a) for a, b in pairs))):
            out.write(f"{a},{b}\n")
    command = ["/usr/bin/time", "-f", "%M", program, f"--input-file={path}", "--algorithm=tomita"]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit)
    if done.returncode in TIME_IS_UP:
        return None
    # `matrix-tomita: 262893 maximal cliques, in 2.94 seconds`, of its own clock of the processor.
    said = re.search(r"(\d+) maximal cliques, in ([0-9.]+) *seconds", done.stdout + done.stderr)
    mb = int(done.stderr.split()[-1]) / 1000
    return {"cliques": int(said[1]), "seconds": float(said[2]), "mb": mb}


PEERS = {name[5:]: work for name, work in globals().items() if name.startswith("peer_")}


def as_peer(name, arguments):
    points, radius_m, *rest = arguments
    rest = [None if it == "-" else it for it in rest]
    if name == "recipe":
        rest = [float(it) for it in rest]
    result = PEERS[name](points, float(radius_m), *rest)
    result["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps(result))


# The comparison


class Bench:
    def __init__(self, python, ours, folder, seconds, quick_cliques):
        self.python, self.ours, self.folder, self.seconds = python, ours, folder, seconds
        self.quick_cliques = quick_cliques

    def limit(self):
        resource.setrlimit(resource.RLIMIT_CPU, (self.seconds, self.seconds))

    def run(self, command):
        """What a process prints as JSON, or None if its time was up."""
        figures = self.folder / "time"
        timed = ["/usr/bin/time", "-q", "-o", figures, "-f", "%M", *map(str, command)]
        environment = dict(os.environ, **ONE_THREAD)
        done = subprocess.run(timed, capture_output=True, text=True, env=environment, preexec_fn=self.limit)
        if done.returncode in TIME_IS_UP:
            return None
        if done.returncode != 0:
            print(done.stderr, file=sys.stderr)
            return None
        return {"mb": int(figures.read_text()) / 1000, **json.loads(done.stdout)}

    def we(self, points, radius_m, edges=None, cliques=None, merged=False):
        options = ["--merged"] if merged else []
        outputs = [it for it in (edges, cliques) if it]
        return self.run([self.ours, *options, points, radius_m, *outputs])

    def peer(self, name, *arguments):
        arguments = ["-" if it is None else it for it in arguments]
        return self.run([self.python, __file__, "--peer", name, *arguments])

    def neighbors(self, cases):
        print("| neighbours within | points | pairs | geoip-cluster, CPU s | scipy cKDTree | scikit-learn BallTree | other edges |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for kind, count, radius_m, text in cases:
            points = write_points(kind, count, self.folder)
            edges = self.folder / "edges"
            ours = self.graph_only(points, radius_m, edges)
            scipy = self.peer("scipy", points, radius_m, edges)
            sklearn = self.peer("sklearn", points, radius_m, None)
            different = "" if not scipy or scipy["different"] is None else scipy["different"]
            print(
                f"| {text} | {count:,} {kind} | {ours['edges']:,} | {ours['graph_s']:.2f} | "
                f"{ratio(scipy, ours['graph_s'])} | {ratio(sklearn, ours['graph_s'])} | {different} |"
            )
            sys.stdout.flush()
        print()

    def graph_only(self, points, radius_m, edges):
        # Of uniform points there are few cliques: they cost little beside.
        return self.we(points, radius_m, edges)

    def cliques(self, cases):
        print("| within | points | cliques | geoip-cluster, CPU s / MB | networkx | igraph | quick-cliques | same sets as networkx |")
        print("|---|---:|---:|---:|---:|---:|---:|---|")
        for kind, count, miles, names in cases:
            points = write_points(kind, count, self.folder)
            edges, sets = self.folder / "edges", self.folder / "cliques"
            radius_m = miles * MILE_M
            compare = sets if "sets" in names else None
            if compare or {"networkx", "igraph", "quick-cliques"} & set(names):
                assert self.we(points, radius_m, edges, compare), "no edges for the peers"
            # Measured by itself: to write the edges takes memory too.
            # Addresses are many to a place, and places are what is grouped.
            ours = self.we(points, radius_m, merged=kind == "addresses")
            label = f"{miles:.0f} mi | {count:,} {kind}"
            if ours is None:
                print(f"| {label} | more than {self.seconds} s | | | | | |")
                continue
            found = {name: self.peer(name, points, radius_m, edges, *extra) for name, extra in
                     [("networkx", [compare]), ("igraph", [])] if name in names}
            if self.quick_cliques and "quick-cliques" in names:
                found["quick-cliques"] = quick_cliques(self.quick_cliques, points, edges, self.limit)
            for peer in found.values():
                assert peer is None or peer["cliques"] == ours["cliques"], (peer, ours)
            same = {None: "", True: "yes", False: "NO"}[(found.get("networkx") or {}).get("same")]
            figures = [ratio(found[name], ours["cliques_s"]) if name in found else ""
                       for name in ("networkx", "igraph", "quick-cliques")]
            print(
                f"| {label} | {ours['cliques']:,} | {ours['cliques_s']:.3f} / {ours['mb']:.0f} | "
                f"{' | '.join(figures)} | {same} |"
            )
            sys.stdout.flush()
        print()

    def recipe(self, cases):
        print("| the recipe, 300 mi | pairs measured | CPU s | igraph, the same graph | geoip-cluster, all, CPU s |")
        print("|---|---:|---:|---:|---:|")
        for kind, count in cases:
            points = write_points(kind, count, self.folder)
            edges = self.folder / "edges"
            self.we(points, 300 * MILE_M, edges)
            # Ours begins with merging what is at one place; the recipe knows addresses only.
            ours = self.we(points, 300 * MILE_M, merged=True)
            ours_s = ours["graph_s"] + ours["cliques_s"]
            igraph = self.peer("igraph", points, 300 * MILE_M, edges)
            theirs = self.peer("recipe", points, 300 * MILE_M, self.seconds * 0.6)
            if theirs is None:
                figure = f"| | more than {self.seconds} in all"
            elif "cliques" in theirs:
                # Geodesics are not great circles: a few pairs at the limit differ.
                figure = f"| {theirs['pairs']:,}, all | {theirs['seconds']:.1f}"
            else:
                figure = f"| {theirs['pairs']:,} of {theirs['of']:,} | {theirs['estimate']:.0f}, estimated, for the pairs alone"
            igraph = ratio(igraph, ours_s) if igraph else f"more than {self.seconds:.0f} s"
            print(f"| {count:,} {kind} {figure} | {igraph} | {ours_s:.4f} |")
            sys.stdout.flush()
        print()


def ratio(peer, ours_s):
    if peer is None:
        return "not in time"
    return f"{peer['seconds']:.2f} / {peer['mb']:.0f} MB ({peer['seconds'] / max(ours_s, 1e-6):.0f}x)"


def environment(folder):
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


def build():
    subprocess.run(
        ["cargo", "build", "-q", "--release", "-p", "geoip-benches", "--bin", "cluster-peer"], cwd=ROOT, check=True
    )
    target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    return pathlib.Path(target) / "release" / "cluster-peer"


def main():
    if sys.argv[1:2] == ["--peer"]:
        return as_peer(sys.argv[2], sys.argv[3:])
    if sys.argv[1:2] == ["--draw"]:
        return draw_points(sys.argv[2], pathlib.Path(sys.argv[3]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="processor seconds that one program may take")
    parser.add_argument("--scale", choices=["small", "full"], default="small")
    parser.add_argument("--venv", type=pathlib.Path, help="folder to keep the peers in")
    parser.add_argument("--database", help="draw inputs from this file too")
    parser.add_argument("--quick-cliques", help="the program qc of quick-cliques")
    parser.add_argument("--only", choices=["neighbors", "cliques", "recipe"], help="one part only")
    parser.add_argument("--kind", help="inputs of this kind only: uniform, cities, Europe, addresses, …")
    parser.add_argument("--ours", help="the program cluster-peer [default: built now]")
    options = parser.parse_args()
    full = options.scale == "full"
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        python = environment(options.venv or scratch / "venv")
        versions = subprocess.run(
            [python, "-m", "pip", "list", "--format", "json"], capture_output=True, text=True, check=True
        )
        versions = {it["name"]: it["version"] for it in json.loads(versions.stdout)}
        bench = Bench(python, options.ours or build(), scratch, options.seconds, options.quick_cliques)
        if options.database:
            subprocess.run([python, __file__, "--draw", options.database, scratch], check=True)
        told = ", ".join(f"{name} {versions.get(name)}" for name in PACKAGES)
        print(f"{platform.machine()}, Python {platform.python_version()}, {told}; load {os.getloadavg()[0]:.1f}.\n")
        neighbors = [("uniform", 100_000, 100 * MILE_M, "100 mi")]
        all_sets = ["networkx", "igraph", "sets"]
        cliques = [("cities", 500, 300, all_sets), ("cities", 1_000, 300, all_sets), ("Europe", 500, 300, all_sets)]
        recipe = [("cities", 300)]
        if full:
            neighbors.append(("uniform", 1_000_000, 50_000.0, "50 km"))
            everyone = ["networkx", "igraph", "quick-cliques"]
            cliques += [("cities", 2_000, 1_000, everyone), ("Europe", 2_000, 300, everyone), ("cities", 5_000, 300, everyone[2:])]
            recipe += [("cities", 1_000), ("cities", 10_000)]
            if options.database:
                cliques += [
                    ("coordinates of Europe", 2_000, 300, everyone[1:]),
                    ("coordinates", 2_000, 1_000, everyone),
                    ("addresses", 10_000, 300, []),
                    ("addresses", 100_000, 300, []),
                    ("addresses", 1_000_000, 50_000 / MILE_M, []),
                ]
                recipe.append(("addresses", 10_000))
        parts = {"neighbors": neighbors, "cliques": cliques, "recipe": recipe}
        for part, cases in parts.items():
            cases = [case for case in cases if options.kind in (None, case[0])]
            if cases and options.only in (None, part):
                getattr(bench, part)(cases)


if __name__ == "__main__":
    main()
