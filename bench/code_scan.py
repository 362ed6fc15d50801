#!/usr/bin/env python3
"""Times the exact scan over binary codes beside FAISS IndexBinaryFlat, one thread each, on the same data in one run.

usage: code_scan.py [--tool FILE] [--codes N] [--runs N]

--tool    the program bench/code_scan (default: build/release/bench/code_scan)
--codes   number of codes (default: 1000000)

Prints a Markdown table; a ratio above 1 means that we are faster. Of each query the least time counts, since other work on the machine
only ever adds. A query has 1 % to 40 % of the bits of some code turned. Both
must find the same distances, else the exit code is 1: the scan is exact.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = "1"

import faiss  # noqa: E402  after the environment is set
import numpy  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
NEAREST = 100
RUNS = 3


def turned(random, codes, queries):
    rows = codes[random.integers(len(codes), size=queries)]
    share = random.uniform(0.01, 0.4, size=(queries, 1, 1))
    return rows ^ numpy.packbits(random.random((queries, codes.shape[1], 8)) < share, axis=2)[:, :, 0]


def ours(tool, path, codes, queries, runs):
    sizes = [codes.shape[1], len(codes), len(queries), NEAREST, runs]
    *seconds, total = subprocess.run([tool, path, *map(str, sizes)], check=True, capture_output=True, text=True).stdout.split()
    return numpy.array(seconds, dtype=float), int(total)


def theirs(index, queries, runs):
    seconds, total = [], 0
    for query in queries:
        taken = []
        for _ in range(runs):
            begin = time.perf_counter()
            distances = index.search(query[None], NEAREST)[0]
            taken.append(time.perf_counter() - begin)
        seconds.append(min(taken))
        total += int(distances.sum())
    return numpy.array(seconds), total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", default=ROOT / "build/release/bench/code_scan")
    parser.add_argument("--codes", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    random = numpy.random.default_rng(1)
    failed = False
    print(f"{options.codes} codes, {NEAREST} nearest, one query after the other, seconds a query, one thread\n")
    print("| bytes a code | ours | FAISS IndexBinaryFlat | ratio |\n|---|---|---|---|")
    for size in (64, 128, 256):
        codes = random.integers(256, size=(options.codes, size), dtype=numpy.uint8)
        queries = turned(random, codes, 10)
        index = faiss.IndexBinaryFlat(size * 8)
        index.add(codes)
        with tempfile.NamedTemporaryFile() as file:
            file.write(codes.tobytes() + queries.tobytes())
            file.flush()
            pairs = [
                (ours(options.tool, file.name, codes, queries, RUNS), theirs(index, queries, RUNS)) for _ in range(options.runs)
            ]
        failed |= any(us[1] != them[1] for us, them in pairs)
        us, them = (numpy.mean(numpy.min([pair[side][0] for pair in pairs], axis=0)) for side in (0, 1))
        print(f"| {size} | {us:.4f} | {them:.4f} | {them / us:.2f} |")
    if failed:
        sys.exit("the distances found differ")


if __name__ == "__main__":
    main()
