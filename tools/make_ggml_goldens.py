#!/usr/bin/env python3
"""Writes tests/unit/numeric/blocks/ggml_golden.tsv: what the gguf package (requirements-models.txt) makes of random blocks.

A row is: type, number of blocks, SHA-256 of the decoded f32 with every NaN as 0x7fc00000. The bytes of the blocks come from splitmix64
with a seed of 1, so that both sides can make them; one f16 scale in 32 is a NaN or infinite among them.
"""
import hashlib
import pathlib

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type, quants

OUT = pathlib.Path(__file__).parents[1] / "tests/unit/numeric/blocks/ggml_golden.tsv"
TYPES = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS",
         "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ4_NL", "IQ4_XS", "TQ1_0", "TQ2_0", "MXFP4", "NVFP4"]
BLOCKS = 2048


def random_bytes(count):
    state = np.uint64(1) + np.arange(1, count // 8 + 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ state >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ state >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return (state ^ state >> np.uint64(31)).view(np.uint8)[:count]


def settled(values):
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32).copy()
    bits[(bits & 0x7FFFFFFF) > 0x7F800000] = 0x7FC00000
    return bits


def main():
    with np.errstate(all="ignore"), OUT.open("w") as out:
        for name in TYPES:
            kind = Type[name]
            size = GGML_QUANT_SIZES[kind][1]
            values = quants.dequantize(random_bytes(BLOCKS * size).reshape(BLOCKS, size), kind)
            out.write(f"{name}\t{BLOCKS}\t{hashlib.sha256(settled(values).tobytes()).hexdigest()}\n")


if __name__ == "__main__":
    main()
