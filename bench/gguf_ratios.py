#!/usr/bin/env python3
"""Times the decoding of ggml's blocks against the gguf package and memcpy, one thread each, in turns, on blocks of random bytes.

usage: gguf_ratios.py [--tool FILE] [--runs N]

--tool    the program bench/gguf_work (default: build/release/bench/gguf_work)

Prints a Markdown table in GB/s of f32 that come out. Needs gguf and numpy (requirements-models.txt).
"""
import argparse
import pathlib
import subprocess
import time

import numpy
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type, quants

ROOT = pathlib.Path(__file__).resolve().parent.parent
TYPES = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS",
         "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ4_NL", "IQ4_XS", "TQ1_0", "TQ2_0", "MXFP4", "NVFP4"]
NUMBERS = 1 << 22


def package_seconds(kind, runs):
    numbers, size = GGML_QUANT_SIZES[kind]
    blocks = numpy.random.default_rng(1).integers(0, 256, (64, NUMBERS // numbers // 64 * size), dtype=numpy.uint8)
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        with numpy.errstate(all="ignore"):
            quants.dequantize(blocks, kind)
        best = min(best, time.perf_counter() - start)
    return best


def tool_seconds(tool, name, numbers, runs):
    result = subprocess.run([tool, name, str(NUMBERS // numbers), str(runs)], check=True, capture_output=True, text=True)
    return float(result.stdout.split()[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / "build/release/bench/gguf_work"))
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    gigabytes = NUMBERS * 4 / 1e9
    print(f"memcpy: {gigabytes / tool_seconds(args.tool, 'memcpy', 32, args.runs):.1f} GB/s\n")
    print("| type | ours, GB/s | gguf, GB/s | ratio |\n|---|---|---|---|")
    for name in TYPES:
        ours = tool_seconds(args.tool, name, GGML_QUANT_SIZES[Type[name]][0], args.runs)
        theirs = package_seconds(Type[name], max(2, args.runs // 2))
        print(f"| {name} | {gigabytes / ours:.2f} | {gigabytes / theirs:.3f} | {theirs / ours:.0f} |")


if __name__ == "__main__":
    main()
