#!/usr/bin/env python3
"""Map pages of this program beside those of folium, gmplot and plotly, opened without a network.

Usage: benches/peers/pages.py [--places 10000] [--venv FOLDER] [--pictures FOLDER] [--geoip PROGRAM]

Installs the peers into a virtual environment, makes a page of the same places with each
(seeded, the same on every machine), and opens them all in Chromium with the network cut off:
how large they are, when they are ready, what they ask the network for, what they complain of,
and how many colours are seen; a blank page has one or two.

Needs `cargo`, `node` with the packages of geoip-render/web, Chromium, and a registry that pip
can reach. Writes Markdown to standard output.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEB = ROOT / "geoip-render/web"
PACKAGES = ["folium", "gmplot", "plotly"]
SEED = 20261121


def places(count):
    """Around centers of very different sizes, as visitors are: latitude, longitude, weight."""
    draw = random.Random(SEED)
    centers = [(draw.uniform(-45, 65), draw.uniform(-170, 170)) for _ in range(max(8, count // 40))]
    sizes = [1 / (rank + 1) for rank in range(len(centers))]
    for lat, lng in draw.choices(centers, sizes, k=count):
        lat, lng = draw.gauss(lat, 2.0), draw.gauss(lng, 3.0)
        yield max(-85, min(85, lat)), (lng + 180) % 360 - 180, draw.randint(1, 100)


def folium_heat(given, path):
    import folium
    from folium.plugins import HeatMap

    page = folium.Map(location=[20, 0], zoom_start=2)
    HeatMap([list(place) for place in given]).add_to(page)
    page.save(path)


def folium_cluster(given, path):
    import folium
    from folium.plugins import FastMarkerCluster

    page = folium.Map(location=[20, 0], zoom_start=2)
    FastMarkerCluster([place[:2] for place in given]).add_to(page)
    page.save(path)


def gmplot_heat(given, path):
    import gmplot

    page = gmplot.GoogleMapPlotter(20, 0, 2)
    page.heatmap([place[0] for place in given], [place[1] for place in given])
    page.draw(path)


def plotly_points(given, path):
    import plotly.graph_objects as go

    lats, lngs, weights = zip(*given)
    marker = {"size": 4, "color": weights}
    go.Figure(go.Scattergeo(lat=lats, lon=lngs, mode="markers", marker=marker)).write_html(
        path, include_plotlyjs=True
    )


PEERS = {
    "folium, heat": folium_heat,
    "folium, markers": folium_cluster,
    "gmplot, heat": gmplot_heat,
    "plotly, its script inlined": plotly_points,
}


def make(name, count, path):
    PEERS[name](list(places(count)), path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=int, default=10_000)
    parser.add_argument("--venv", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("--geoip", type=pathlib.Path, help="this program, and not one built for it")
    parser.add_argument("--make", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.make:
        return make(args.make[0], args.places, args.make[1])

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        venv = args.venv or folder / "venv"
        python = venv / "bin/python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)

        points = folder / "places.csv"
        with open(points, "w") as out:
            out.write("latitude,longitude,weight\n")
            out.writelines(f"{lat:.4f},{lng:.4f},{weight}\n" for lat, lng, weight in places(args.places))
        ours = folder / "0.html"
        command = ["cargo", "run", "--quiet", "--release", "-p", "geoip-toolkit", "--"]
        if args.geoip:
            command = [args.geoip.resolve()]
        command += ["map", "-q", "--weight", "hits", "--points", points, "-o", ours]
        subprocess.run(command, check=True, cwd=ROOT)

        names = {ours.name: "geoip map"}
        versions = subprocess.run(
            [python, "-m", "pip", "list", "--format", "freeze"], check=True, capture_output=True, text=True
        ).stdout.split()
        for number, name in enumerate(PEERS, 1):
            path = folder / f"{number}.html"
            command = [python, __file__, "--places", str(args.places), "--make", name, path]
            subprocess.run(command, check=True)
            names[path.name] = name
        pictures = []
        if args.pictures:
            args.pictures.mkdir(parents=True, exist_ok=True)
            pictures = ["--pictures", args.pictures.resolve()]
        command = ["node", "test/offline.mjs", *pictures, *(folder / name for name in names)]
        told = subprocess.run(command, check=True, cwd=WEB, capture_output=True, text=True).stdout

    print(", ".join(it.replace("==", " ") for it in versions if it.split("==")[0] in PACKAGES), end="\n\n")
    print(f"| {args.places:,} places | file | ready | asks the network for | complaints | colours |")
    print("|---|---|---|---|---|---|")
    for line in told.splitlines():
        it = json.loads(line)
        print(
            f"| {names[it['page']]} | {it['bytes'] / 1000:,.0f} kB | {it['ready_ms']} ms "
            f"| {it['requests']} files | {it['messages']} | {it['colors']} |"
        )


if __name__ == "__main__":
    main()
