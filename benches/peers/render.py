#!/usr/bin/env python3
"""Heat maps beside other programs: time, processor time and memory of whole processes.

Usage: benches/peers/render.py [--points 1000,100000,1000000,10000000] [--runs 3]
                               [--heatmap-most 100000] [--folder FOLDER]

Needs `cargo` and `/usr/bin/time` of GNU, and a Python with `venv`, into which heatmap.py
(heatmap77 on the registry, AGPL-3.0: it is run, nothing of it is here) and datashader are
installed. Points are draws with replacement, seeded, from the places of 200,000 random
public IPv4 addresses in the embedded database, as "latitude longitude" a line; every
program reads the same file. Runs of all programs alternate. Pictures are left in the
folder, to be looked at. Writes Markdown to standard output.
"""

import argparse
import ipaddress
import json
import pathlib
import random
import statistics
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIDTH = 1600

# Cold is what a user of a script waits for; warm is the second picture of one process.
DATASHADER = """
import sys, time
import numpy as np, pandas as pd
import datashader as ds, datashader.transfer_functions as tf
from scipy.ndimage import gaussian_filter
import colorcet
source, output, warm = sys.argv[1], sys.argv[2], sys.argv[3] == "warm"
points = pd.read_csv(source, sep=" ", names=["lat", "lon"], dtype=np.float64)
def draw():
    canvas = ds.Canvas(1600, 800, x_range=(-180, 180), y_range=(-90, 90))
    counts = canvas.points(points, "lon", "lat", ds.count())
    blurred = gaussian_filter(counts.values.astype(np.float32), 6)
    counts = counts.astype(np.float32).copy(data=np.where(blurred > 1e-6, blurred, np.nan))
    tf.shade(counts, cmap=colorcet.fire, how="log").to_pil().save(output)
draw()
if warm:
    start = time.perf_counter()
    draw()
    print(time.perf_counter() - start)
"""


def prepare(folder, geoip):
    """The places and how often each was drawn; a virtual environment with the peers."""
    draw = random.Random(1)
    addresses = folder / "addresses"
    if not addresses.exists():
        with open(addresses, "w") as out:
            count = 0
            while count < 200_000:
                address = ipaddress.IPv4Address(draw.getrandbits(32))
                if address.is_global:
                    print(address, file=out)
                    count += 1
    places = folder / "places.geojson"
    subprocess.run([geoip, "map", "-q", "-o", places, addresses], check=True)
    features = json.loads(places.read_text())["features"]
    found = [
        (feature["geometry"]["coordinates"], feature["properties"]["addresses"])
        for feature in features
    ]
    environment = folder / "venv"
    if not environment.exists():
        venv.create(environment, with_pip=True)
        pip = environment / "bin" / "pip"
        wanted = ["heatmap77==1.14.0", "datashader==0.19.1", "pandas", "scipy", "colorcet", "pillow"]
        subprocess.run([pip, "install", "-q", *wanted], check=True)
    return found, environment / "bin"


def draw_points(folder, places, count):
    """A file of so many lines, drawn from the places by how many addresses each has."""
    file = folder / f"points-{count}"
    if not file.exists():
        draw = random.Random(count)
        lines = [f"{lat:.4f} {lng:.4f}\n" for (lng, lat), _ in places]
        weights = [weight for _, weight in places]
        with open(file, "w") as out:
            left = count
            while left > 0:
                some = min(left, 100_000)
                out.writelines(draw.choices(lines, weights, k=some))
                left -= some
    return file


def measure(command, folder):
    """Wall seconds, processor seconds, peak MB, and what was printed."""
    figures = folder / "figures"
    timed = ["/usr/bin/time", "-q", "-o", figures, "-f", "%e %U %S %M", *map(str, command)]
    done = subprocess.run(timed, check=True, capture_output=True, text=True)
    wall, user, system, kilobytes = map(float, figures.read_text().split())
    return wall, user + system, kilobytes / 1024, done.stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", default="1000,100000,1000000,10000000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--heatmap-most", type=int, default=100_000)
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "target" / "peers-render")
    parser.add_argument("--geoip", type=pathlib.Path, help="a binary that is there already")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    geoip = options.geoip
    if geoip is None:
        build = ["cargo", "build", "--release", "-q", "-p", "geoip-toolkit"]
        subprocess.run(build, check=True, cwd=ROOT)
        geoip = ROOT / "target" / "release" / "geoip"
    places, programs = prepare(options.folder, geoip)
    script = options.folder / "datashader_heat.py"
    script.write_text(DATASHADER)

    print(f"{len(places)} places; median of {options.runs} runs.\n")
    print("| points | program | wall | processor | peak memory |")
    print("|---|---|---|---|---|")
    empty = options.folder / "empty"
    empty.write_text("0 0\n")
    rows = [(0, empty)]
    rows += [
        (int(count), draw_points(options.folder, places, int(count)))
        for count in options.points.split(",")
    ]
    for count, file in rows:
        output = options.folder / f"{count}"
        ours = [geoip, "map", "-q", "--width", WIDTH, "--points", file]
        commands = [("geoip map", [*ours, "-o", f"{output}-geoip.png"])]
        if count:
            python = programs / "python"
            shader = [python, script, file, f"{output}-datashader.png"]
            commands += [
                ("datashader, cold", [*shader, "cold"]),
                ("datashader, warm", [*shader, "warm"]),
            ]
        if 0 < count <= options.heatmap_most:
            heatmap = [programs / "heatmap77", "-W", WIDTH, "-r", 20, "-d", 0.5]
            heatmap += ["-P", "equirectangular", "-b", "black"]
            heatmap += ["-o", f"{output}-heatmap.png", file]
            commands.append(("heatmap.py -r 20 -d 0.5", heatmap))
        results = {name: [] for name, _ in commands}
        for run in range(options.runs):
            for name, command in commands:
                # Minutes for each run, and as long each time.
                if name.startswith("heatmap.py") and run > 0 and count > 10_000:
                    continue
                results[name].append(measure(command, options.folder))
        for name, runs in results.items():
            wall, processor, memory = (
                statistics.median(run[column] for run in runs) for column in range(3)
            )
            if name.endswith("warm"):
                second = statistics.median(float(run[3]) for run in runs)
                print(f"| {count:,} | {name}: the second picture alone | {second:.2f} s | | |")
                continue
            label = f"{count:,}" if count else "1, the base map"
            print(f"| {label} | {name} | {wall:.2f} s | {processor:.2f} s | {memory:,.0f} MB |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
