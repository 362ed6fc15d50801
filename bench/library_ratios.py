#!/usr/bin/env python3
"""Times our assignment, matrix product and CKA against scipy and numpy on the same data, one thread each, in one run.

usage: library_ratios.py [--tool FILE] [--runs N] [--quick]

--tool    the program bench/library_work (default: build/release/bench/library_work)
--quick   leave the largest sizes out

Prints a Markdown table; a ratio above 1 means that we are faster. Times are the least of the runs for both sides, which take
turns, because other work on the machine only ever adds. Results must agree, else the exit code is 1. OpenBLAS chooses its own
kernels: variables that would force them are taken out of the environment.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy  # noqa: E402  after the environment is set
from scipy.optimize import linear_sum_assignment  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent


def unit_rows(matrix):
    return (matrix / numpy.linalg.norm(matrix, axis=1, keepdims=True)).astype(numpy.float32)


def gaussian_scores(random, rows, columns, noise):
    """Cosines of unrelated units (noise None), or of units that noise and a permutation hide."""
    width = max(rows, columns)
    a = random.standard_normal((rows, width))
    b = random.standard_normal((columns, width))
    if noise is not None:
        b = a[random.permutation(rows)[:columns]] + noise * b
    return unit_rows(a) @ unit_rows(b).T


def assigned_score(scores):
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return float(scores[rows, columns].sum(dtype=numpy.float64))


def product_corner(a, b):
    return float((a @ b.T)[0, -1])


def unbiased_cka(a, b):
    grams = []
    for matrix in (a, b):
        gram = (matrix @ matrix.T).astype(numpy.float64)
        numpy.fill_diagonal(gram, 0)
        grams.append((gram, gram.sum(axis=0)))
    n = len(a)

    def hsic(k, l):
        (k, k_sums), (l, l_sums) = k, l
        return numpy.vdot(k, l) + k_sums.sum() * l_sums.sum() / ((n - 1) * (n - 2)) - 2 * (k_sums @ l_sums) / (n - 2)

    k, l = grams
    return float(hsic(k, l) / numpy.sqrt(hsic(k, k) * hsic(l, l)))


def cases(quick):
    """(what, work of the tool, work of the library, its name, matrices)"""
    random = numpy.random.default_rng(251)
    for size in (128, 256, 1024) + (() if quick else (4096,)):
        for what, noise in (("unrelated", None), ("related", 0.5)):
            scores = gaussian_scores(random, size, size, noise)
            yield f"assignment, {what}, {size} x {size}", "assignment", assigned_score, "scipy", [scores]
    yield "assignment, unrelated, 512 x 1024", "assignment", assigned_score, "scipy", [gaussian_scores(random, 512, 1024, None)]
    for rows, columns in ((256, 256), (256, 1024), (1024, 1024)) + (() if quick else ((2048, 2048),)):
        pair = [random.standard_normal((rows, columns)).astype(numpy.float32) for _ in range(2)]
        yield f"product, {rows} x {columns} by its like", "product", product_corner, "numpy", pair
    for rows, columns in ((256, 512), (1024, 1024)) + (() if quick else ((2048, 4096),)):
        pair = [unit_rows(random.standard_normal((rows, columns))) for _ in range(2)]
        pair[1] = unit_rows(pair[0] + pair[1])
        yield f"unbiased CKA, {rows} units, {columns} features", "agreement", unbiased_cka, "numpy", pair


def time_library(work, matrices):
    start = time.perf_counter()
    result = work(*matrices)
    return time.perf_counter() - start, result


def time_both(tool, work, library, matrices, runs):
    """Least seconds and result of each; the sides take turns."""
    ours, theirs = [], []
    with tempfile.NamedTemporaryFile() as file:
        for matrix in matrices:
            file.write(numpy.ascontiguousarray(matrix, dtype="<f4").tobytes())
        file.flush()
        size = [str(number) for number in matrices[0].shape]
        inner = 1 if matrices[0].size > 1 << 21 else 5
        for _ in range(runs):
            output = subprocess.run([tool, work, file.name, *size, str(inner)], check=True, capture_output=True, text=True).stdout
            ours.append(tuple(float(word) for word in output.split()))
            theirs.append(min(time_library(library, matrices) for _ in range(inner)))
    return min(ours), min(theirs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", type=pathlib.Path, default=ROOT / "build/release/bench/library_work")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    print("| work | library | library, ms | ours, ms | times as fast |")
    print("|---|---|--:|--:|--:|")
    disagree = []
    for what, work, library, name, matrices in cases(options.quick):
        (ours, our_result), (theirs, their_result) = time_both(options.tool, work, library, matrices, options.runs)
        print(f"| {what} | {name} | {1e3 * theirs:.3f} | {1e3 * ours:.3f} | {theirs / ours:.2f} |", flush=True)
        if abs(our_result - their_result) > 1e-4 * max(1, abs(their_result)):
            disagree.append(f"{what}: {our_result} here, {their_result} in {name}")
    print("\n".join(disagree), file=sys.stderr)
    sys.exit(bool(disagree))


if __name__ == "__main__":
    main()
