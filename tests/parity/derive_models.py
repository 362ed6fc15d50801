#!/usr/bin/env python3
"""Makes the derived models that a golden set compares, beside links to the trained ones.

usage: derive_models.py ZOO GOLDEN_PAIRS OUT

ZOO holds derive.py, recipes-dev.json and dev/. Models that the kit could not read are left out, and those that need torch
(pytorch_model.bin). Does nothing where OUT is complete.
"""
import json
import pathlib
import subprocess
import sys

NEEDS_TORCH = {"d-bin"}


def main(zoo, golden_pairs, out):
    zoo, out = pathlib.Path(zoo), pathlib.Path(out)
    made = out / "made"
    if made.exists():
        return
    out.mkdir(parents=True, exist_ok=True)
    pairs = [p for p in json.loads(pathlib.Path(golden_pairs).read_text())["pairs"] if "error" not in p]
    names = {pair[side] for pair in pairs for side in "ab"} - NEEDS_TORCH
    trained = {name for name in names if (zoo / "dev" / name).is_dir()}
    for name in trained:
        link = out / name
        link.unlink(missing_ok=True)
        link.symlink_to((zoo / "dev" / name).resolve())
    derived = sorted(names - trained)
    subprocess.run([sys.executable, zoo / "derive.py", zoo, out, zoo / "recipes-dev.json", *derived], check=True)
    made.touch()


if __name__ == "__main__":
    main(*sys.argv[1:])
