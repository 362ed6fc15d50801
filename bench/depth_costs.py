#!/usr/bin/env python3
"""Times `compare` at each depth on two 3 B-shaped checkpoints of 6 GB, relatives and strangers, beside a plain read of the same bytes.

usage: depth_costs.py TOOL [--workdir DIR] [--runs N] [--places PLACE ...] [--depths DEPTH ...]

`cat` and the tool take turns, and the least time of each counts, because other work on the machine only ever adds. Prints a Markdown table: seconds of wall and CPU, peak anonymous memory, bytes read (sampled), and the ratio to `cat` of both files, from the page cache
and from disk (the files' pages are dropped before each run; the disk's own cache is not ours to empty). Needs numpy and 20 GB of disk.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def drop(files):
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def figures_of(pid):
    """Anonymous memory in MiB and bytes read so far; the pages of mapped or cached files belong to the system."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        counters = pathlib.Path(f"/proc/{pid}/io").read_text()
    except OSError:
        return 0.0, 0
    value = lambda text, name: next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name)), 0)
    return value(status, "RssAnon:") / 1024, value(counters, "rchar:")


def timed(command):
    """Wall and CPU seconds, peak anonymous MiB, bytes read, exit status and output of one run."""
    start, memory, read = time.monotonic(), 0.0, 0
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output)
        while True:
            now_memory, now_read = figures_of(process.pid)
            memory, read = max(memory, now_memory), max(read, now_read)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            time.sleep(0.01)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return wall, usage.ru_utime + usage.ru_stime, memory, read, process.returncode, output.read()


def measure(tool, models, place, depth, runs):
    """One row of the table."""
    files = [model / "model.safetensors" for model in models]
    cat = ["sh", "-c", 'cat "$@" > /dev/null', "sh", *map(str, files)]
    compare = [tool, "compare", *map(str, models), "--json", "--no-cache", "--depth", depth]
    if place == "page cache":
        timed(cat)
    plain, ours = [], []
    for _ in range(runs):
        for command, results in ((cat, plain), (compare, ours)):
            if place == "disk":
                drop(files)
            results.append(timed(command))
    plain_wall, plain_cpu = (min(result[i] for result in plain) for i in (0, 1))
    wall, _, peak, read, _, output = min(ours, key=lambda result: result[0])
    cpu = min(result[1] for result in ours)
    if any(result[4] != 0 for result in ours):
        sys.exit(f"compare --depth {depth} failed")
    lineage = json.loads(output)["lineage"]
    answer = ", ".join(filter(None, (lineage["class"], lineage["relation"])))
    return (f"| {models[1].name} | {depth} | {place} | {plain_wall:.2f} | {plain_cpu:.2f} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {read / 1e9:.2f} | "
            f"{wall / plain_wall:.2f} | {answer} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("--workdir", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "provenancekit-bench-3b")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--places", nargs="+", default=["page cache", "disk"])
    parser.add_argument("--depths", nargs="+", default=["fast", "standard", "deep"])
    options = parser.parse_args()
    subprocess.run([sys.executable, ROOT / "bench/make_checkpoints.py", ROOT / "tests/zoo/qwen-a", options.workdir, "3b"], check=True)
    print("| a beside | depth | from | cat, wall s | cat, CPU s | wall s | CPU s | peak anonymous MiB | GB read | ratio to cat | answer |\n"
          "|---|---|---|--:|--:|--:|--:|--:|--:|--:|---|")
    for sides in ("ab", "ac"):
        for place in options.places:
            for depth in options.depths:
                models = [options.workdir / side for side in sides]
                print(measure(options.tool, models, place, depth, options.runs), flush=True)


if __name__ == "__main__":
    main()
