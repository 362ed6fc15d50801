#!/usr/bin/env python3
"""What a model that is not on this machine costs, 7 B-shaped or smaller: bytes, requests and seconds beside a Hub on the loopback address.

usage: remote_costs.py TOOL [--size 7b] [--delay SECONDS] [--runs NAME ...]

The checkpoints (13.5 GB each for 7b) lie nowhere: the server makes up every range that it is asked for, from a seeded block of normal values that repeats with a
period that fits no row. `b` is `a` plus a little noise, `c` a stranger. Every answer is delayed as by a link of that round trip; bandwidth is that of
the loopback. Prints a Markdown table. Needs numpy and 1 GB of memory.
"""
import argparse
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import types

import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests/hub"), str(ROOT / "bench")]
from hub_server import HubServer  # noqa: E402
from make_checkpoints import SIZES, bf16, header_of, shapes, write_small_files  # noqa: E402

PERIOD = (1 << 25) + 4099  # values


class RepeatedWeights:
    """As much of a `pathlib.Path` as the server asks of a weight file."""
    name = "model.safetensors"

    def __init__(self, size, values):
        self.block = bf16(values).tobytes()
        tensors = shapes(size)
        self.header = header_of(tensors)
        length = len(self.header) + sum(2 * int(numpy.prod(shape)) for _, shape in tensors)
        self.digest = hashlib.sha256(self.block[:4096]).hexdigest()
        self.facts = types.SimpleNamespace(st_size=length)

    def stat(self):
        return self.facts

    def is_file(self):
        return True

    def open(self, _):
        return Reading(self)

    def bytes_at(self, begin, count):
        out = self.header[begin:begin + count]
        at = begin + len(out) - len(self.header)
        while len(out) < count:
            start = at % len(self.block)
            piece = self.block[start:start + count - len(out)]
            out += piece
            at += len(piece)
        return out


class Reading:
    def __init__(self, weights):
        self.weights, self.at = weights, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def seek(self, at):
        self.at = at

    def read(self, count):
        return self.weights.bytes_at(self.at, min(count, self.weights.facts.st_size - self.at))


class ModelFolder:
    def __init__(self, small_files, weights):
        self.small_files, self.weights = small_files, weights

    def __truediv__(self, name):
        return self.weights if name == self.weights.name else self.small_files / name

    def iterdir(self):
        return [*self.small_files.iterdir(), self.weights]


def models(folder, size):
    write_small_files(ROOT / "tests/zoo/qwen-a", folder, size)
    random = numpy.random.default_rng(1)
    first, stranger = (random.standard_normal(PERIOD, dtype=numpy.float32) * numpy.float32(.02) for _ in range(2))
    noise = random.standard_normal(PERIOD, dtype=numpy.float32) * numpy.float32(.0005)
    return {f"org/{name}": RepeatedWeights(size, values) for name, values in (("a", first), ("b", first + noise), ("c", stranger))}


RUNS = {
    "relatives": ["compare", "hf:org/a", "hf:org/b"],
    "strangers": ["compare", "hf:org/a", "hf:org/c"],
    "fingerprint": ["fingerprint", "hf:org/a", "-o", "remote.fp"],
    "fingerprint --full": ["fingerprint", "hf:org/a", "-o", "remote.fp", "--full"],
}


def measured(tool, hub, run, folder):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HUGGING"))}
    begin = time.monotonic()
    result = subprocess.run([tool, *RUNS[run], "--bandwidth"], env=clean | {"HF_ENDPOINT": hub.endpoint, "HOME": str(folder)},
                            cwd=folder, capture_output=True, text=True)
    seconds = time.monotonic() - begin
    if result.returncode != 0:
        sys.exit(result.stderr)
    told = re.search(r"fetched (.*?) of (.*?) \((.*?)\) in ([\d,]+) requests", result.stderr)
    return f"| {run} | {told[1]} of {told[2]} | {told[3]} | {told[4]} | {seconds:.1f} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool", type=pathlib.Path)
    parser.add_argument("--size", choices=SIZES, default="7b")
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--runs", nargs="+", choices=RUNS, default=["relatives", "strangers", "fingerprint"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        made = models(folder / "small", SIZES[arguments.size])
        with HubServer(dict.fromkeys(made, folder), delay=arguments.delay) as hub:
            for model, weights in made.items():
                hub.models[model] = ModelFolder(folder / "small", weights)
            print("| run | bytes | share | requests | seconds |\n|---|---|---|---|---|")
            for run in arguments.runs:
                print(measured(arguments.tool.resolve(), hub, run, folder), flush=True)


if __name__ == "__main__":
    main()
