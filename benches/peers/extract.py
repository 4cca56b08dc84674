#!/usr/bin/env python3
"""Extraction beside other programs: time, memory, and who finds what.

Usage: benches/peers/extract.py [--megabytes 1100] [--runs 5] [--corpus FOLDER] [--threads 1,2]

Needs `cargo` and `/usr/bin/time` of GNU. Other programs are measured if they are there: `justips` (cargo install
justips), `rg` (ripgrep), `grep`, `perl`. Runs of all programs alternate, so that a busy
machine is unfair to none; what is printed is the median. Processor time is user + system,
of all threads. Writes Markdown to standard output.
"""

import argparse
import collections
import ipaddress
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
OCTET = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
QUAD = rf"{OCTET}(\.{OCTET}){{3}}"


def programs(geoip, threads):
    """Name, command, what it does, and whether it finds IPv6."""
    one = ["--threads", "1"]
    found = [
        ("geoip extract", [geoip, "extract", *one], "text", True),
        ("geoip extract --unique", [geoip, "extract", "-u", *one], "unique", True),
        ("geoip extract --count", [geoip, "extract", "-c", *one], "unique", True),
    ]
    for n in threads:
        if n != 1:
            more = ["--threads", str(n)]
            found += [
                (f"geoip extract, {n} threads", [geoip, "extract", *more], "text", True),
                (f"geoip extract --count, {n} threads", [geoip, "extract", "-c", *more], "unique", True),
            ]
    peers = [
        ("justips", ["justips"], "text", True),
        ("justips -u", ["justips", "-u"], "unique", True),
        ("rg -o, IPv4", ["rg", "-aoN", "--no-config", "-j1", QUAD.replace("(", "(?:")], "text", False),
        ("grep -oE, IPv4", ["grep", "-aoE", QUAD], "text", False),
        ("perl, first IPv4 of a line", ["perl", "-nle", r"print $& if /\d+(\.\d+){3}/"], "text", False),
    ]
    return found + [peer for peer in peers if shutil.which(peer[1][0])]


def run(command, file, output):
    """Wall seconds, processor seconds and peak MB of a run."""
    figures = output.with_suffix(".time")
    # A child of time(1), so that the memory is not that of this script before it started.
    timed = ["/usr/bin/time", "-q", "-o", figures, "-f", "%e %U %S %M", *command, file]
    with open(output, "wb") as out:
        subprocess.run(
            timed,
            stdout=out,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ, LC_ALL="C"),
        )
    wall, user, system, memory = figures.read_text().split()
    return float(wall), float(user) + float(system), int(memory) / 1000


def canonical(text):
    try:
        address = ipaddress.ip_address(text.decode("ascii").strip())
    except (UnicodeDecodeError, ValueError):
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def addresses(path):
    """How often each address is in a file of one a line; other lines count as themselves."""
    counts = collections.Counter()
    with open(path, "rb") as lines:
        counts.update(lines)
    merged = collections.Counter()
    for text, count in counts.items():
        merged[canonical(text) or text] += count
    return merged


def scores(found, truth):
    """Precision and recall, matches counted as often as they stand there."""
    right = sum((found & truth).values())
    precision = right / max(1, sum(found.values()))
    return precision, right / max(1, sum(truth.values()))


def corpus(folder, kind, megabytes):
    folder.mkdir(parents=True, exist_ok=True)
    log, truth = folder / f"{kind}.log", folder / f"{kind}.truth"
    if not truth.exists() or log.stat().st_size < megabytes * 1_000_000:
        make = ["cargo", "run", "-q", "--release", "-p", "geoip-testkit", "--bin", "big-log"]
        with open(log, "wb") as out:
            subprocess.run([*make, "--", kind, str(megabytes), str(truth)], stdout=out, cwd=ROOT, check=True)
    return log, truth


def timings(tools, log, runs, scratch):
    size = log.stat().st_size / 1e9
    figures = {name: [] for name, *_ in tools}
    for _ in range(runs):
        for name, command, _, _ in tools:
            slow = name.startswith("grep")
            if not slow or not figures[name]:
                figures[name].append(run(command, log, scratch / "found"))
    print("| program | CPU s | GB per CPU s | wall s | peak MB |")
    print("|---|---|---|---|---|")
    for name, *_ in tools:
        wall, cpu, memory = (statistics.median(column) for column in zip(*figures[name]))
        note = "" if len(figures[name]) > 1 else " (one run)"
        print(f"| {name}{note} | {cpu:.2f} | {size / cpu:.2f} | {wall:.2f} | {memory:.0f} |")
    print()


def found_in(tools, log, truth, scratch):
    everything = addresses(truth)
    only_v4 = collections.Counter({k: n for k, n in everything.items() if b":" not in str(k).encode()})
    output = scratch / "found"
    print("| program | matches | precision | recall | recall of IPv4 alone |")
    print("|---|---|---|---|---|")
    for name, command, what, _ in tools:
        if what != "text" or "threads" in name:
            continue
        run(command, log, output)
        found = addresses(output)
        precision, recall = scores(found, everything)
        _, recall_v4 = scores(found, only_v4)
        print(f"| {name} | {sum(found.values()):,} | {precision:.4f} | {recall:.4f} | {recall_v4:.4f} |")
    print()


def unescape(text):
    """The text of a case: escapes as in the table, and <<S*N>> for S repeated."""
    out, at = bytearray(), 0
    escapes = {"t": b"\t", "n": b"\n", "r": b"\r", "\\": b"\\"}
    while at < len(text):
        character = text[at]
        if text.startswith("<<", at) and ">>" in text[at:]:
            end = text.index(">>", at)
            unit, _, times = text[at + 2 : end].rpartition("*")
            if times.isdigit():
                out += unescape(unit) * int(times)
                at = end + 2
                continue
        if character == "\\" and at + 1 < len(text):
            kind = text[at + 1]
            if kind in escapes:
                out, at = out + escapes[kind], at + 2
                continue
            if kind == "x":
                out.append(int(text[at + 2 : at + 4], 16))
                at += 4
                continue
            if kind == "u":
                out += chr(int(text[at + 2 : at + 6], 16)).encode()
                at += 6
                continue
        out += character.encode()
        at += 1
    return bytes(out)


def cases(tools, scratch):
    table = ROOT / "geoip-extract/tests/extract/cases.tsv"
    rows = [line.rstrip("\n").split("\t") for line in open(table, encoding="utf-8") if not line.startswith("#")]
    rows = [row for row in rows if len(row) >= 3 and row[1] == "-"]
    text, output = scratch / "case", scratch / "found"
    print(f"The {len(rows)} cases of `geoip-extract/tests/extract/cases.tsv` that need no switch:\n")
    print("| program | right | with a miss | with a false one |")
    print("|---|---|---|---|")
    for name, command, what, _ in tools:
        if what != "text" or "threads" in name:
            continue
        right = missed = false = 0
        for row in rows:
            text.write_bytes(unescape(row[0]))
            expected = collections.Counter(
                canonical(part.encode()) or part.encode() for part in row[2].split(",") if part not in ("", "-")
            )
            run(command, text, output)
            found = addresses(output)
            right += found == expected
            missed += bool(expected - found)
            false += bool(found - expected)
        print(f"| {name} | {right} | {missed} | {false} |")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1100)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--corpus", type=pathlib.Path, help="folder to keep the logs in")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--timings-only", action="store_true", help="not who finds what")
    parser.add_argument("--geoip", help="the program to measure [default: built now]")
    options = parser.parse_args()
    geoip = options.geoip
    if not geoip:
        subprocess.run(["cargo", "build", "--release", "-p", "geoip-toolkit"], cwd=ROOT, check=True)
        target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
        geoip = str(pathlib.Path(target) / "release" / "geoip")
    tools = programs(geoip, [int(n) for n in options.threads.split(",")])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        folder = options.corpus or scratch
        for kind, title in (("web", "web log"), ("ssh", "log of an SSH server")):
            log, truth = corpus(folder, kind, options.megabytes)
            print(f"A {title}, {log.stat().st_size:,} bytes, median of {options.runs}, output to a file:\n")
            timings(tools, log, options.runs, scratch)
            if not options.timings_only:
                found_in(tools, log, truth, scratch)
            sys.stdout.flush()
        if not options.timings_only:
            cases(tools, scratch)


if __name__ == "__main__":
    main()
