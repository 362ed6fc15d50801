#!/usr/bin/env python3
"""Times `compare` at each depth on two 3 B-shaped checkpoints of 6 GB, beside a plain read of the same bytes.

usage: depth_costs.py TOOL [--workdir DIR]

Prints a Markdown table: seconds of wall and CPU, peak anonymous memory, bytes read (sampled), and the ratio to `cat` of both files, from the page cache
and from disk (the files' pages are dropped before each run; the disk's own cache is not ours to empty). Needs numpy and 14 GB of disk.
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool")
    parser.add_argument("--workdir", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "provenancekit-bench-3b")
    options = parser.parse_args()
    if not (options.workdir / "complete").exists():
        subprocess.run([sys.executable, ROOT / "bench/make_checkpoints.py", ROOT / "tests/zoo/qwen-a", options.workdir, "3b"],
                       check=True)
    models = [options.workdir / side for side in "ab"]
    files = [model / "model.safetensors" for model in models]
    print(f"{sum(file.stat().st_size for file in files) / 1e9:.2f} GB in two files\n")
    print("| work | from | wall s | CPU s | peak anonymous MiB | GB read | ratio to cat | answer |\n|---|---|--:|--:|--:|--:|--:|---|")
    for place in ("page cache", "disk"):
        def run(command):
            if place == "disk":
                drop(files)
            return timed(command)

        if place == "page cache":
            timed(["cat", *files, "/dev/null"])
        plain = min(run(["sh", "-c", 'cat "$@" > /dev/null', "sh", *map(str, files)])[0] for _ in range(2))
        print(f"| cat | {place} | {plain:.2f} | | | | 1 | |")
        for depth in ("fast", "standard", "deep"):
            runs = [run([options.tool, "compare", *map(str, models), "--json", "--depth", depth]) for _ in range(2)]
            wall, cpu, peak, read, status, output = min(runs, key=lambda item: item[0])
            if status != 0:
                sys.exit(f"compare --depth {depth} ended with status {status}")
            lineage = json.loads(output)["lineage"]
            print(f"| compare --depth {depth} | {place} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {read / 1e9:.2f} | {wall / plain:.2f} | "
                  f"{lineage['class']}, {lineage['relation']} |", flush=True)


if __name__ == "__main__":
    main()
