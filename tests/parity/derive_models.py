#!/usr/bin/env python3
"""Makes the derived models that a golden set compares, beside links to the trained ones.

usage: derive_models.py ZOO GOLDEN_PAIRS OUT

ZOO holds derive.py, recipes-dev.json and dev/. Models that the kit could not read are left out. Where PyTorch is not
installed, torch_stand_in/ writes pytorch_model.bin. Does nothing where OUT is complete.
"""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys


def main(zoo, golden_pairs, out):
    zoo, out = pathlib.Path(zoo), pathlib.Path(out)
    made = out / "made with pytorch_model.bin"
    if made.exists():
        return
    out.mkdir(parents=True, exist_ok=True)
    pairs = [p for p in json.loads(pathlib.Path(golden_pairs).read_text())["pairs"] if "error" not in p]
    names = {pair[side] for pair in pairs for side in "ab"}
    trained = {name for name in names if (zoo / "dev" / name).is_dir()}
    for name in trained:
        link = out / name
        link.unlink(missing_ok=True)
        link.symlink_to((zoo / "dev" / name).resolve())
    derived = sorted(names - trained)
    environment = dict(os.environ)
    if importlib.util.find_spec("torch") is None:
        environment["PYTHONPATH"] = str(pathlib.Path(__file__).parent / "torch_stand_in")
    subprocess.run([sys.executable, zoo / "derive.py", zoo, out, zoo / "recipes-dev.json", *derived], check=True, env=environment)
    made.touch()


if __name__ == "__main__":
    main(*sys.argv[1:])
