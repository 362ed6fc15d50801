#!/usr/bin/env python3
"""Writes the goldens of tests/peers: small files that the true packages write, and what they read in them.

    python -m venv ENV && ENV/bin/pip install -r tools/peers/requirements.txt && ENV/bin/python tools/peers/make.py [SET...]

A set is a folder of tests/peers. packed_mlx, packed_modelopt, packed_fbgemm and llama_cpp need environments of their own, which their scripts name.
The packages are some 6 GB, torch among them. No test needs them: the files made here are read by tests/peers/*_test.cpp.
"""
import pathlib
import shutil
import sys

import made

OUT = pathlib.Path(__file__).parents[2] / "tests/peers"


def make(name):
    module, out = __import__(name), OUT / name
    if name in ("adapters", "llama_cpp"):
        return module.make(out)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return made.write_expected(out, module.cases(out))


if __name__ == "__main__":
    for name in sys.argv[1:] or ["packed", "pytorch", "adapters", "byte_order"]:
        make(name)
