#!/usr/bin/env python3
"""Writes fuzz/corpus/fuzz_packed: of tests/unit/model/packed/data one file a scheme, its configuration in one line before its weights."""
import json
import pathlib

ROOT = pathlib.Path(__file__).parents[1]
CASES = ["gptq-3-act-order", "gptq-4", "gptq-v2", "awq-two-groups", "bnb-int8", "bnb-nf4-nested", "bnb-fp4", "ct-int-zeros", "ct-mxfp4",
         "ct-nvfp4", "ct-pack-3-zeros", "ct-pack-act-order", "fp8-block", "fp8-channel", "fp8-group", "hqq-3", "hqq-axis-0", "mlx-3",
         "mlx-4", "mlx-mxfp4", "mlx-nvfp4", "modelopt-nvfp4", "mxfp4-experts"]


def main():
    out = ROOT / "fuzz/corpus/fuzz_packed"
    out.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        folder = ROOT / "tests/unit/model/packed/data" / case
        config = json.dumps(json.loads((folder / "config.json").read_text())) if (folder / "config.json").exists() else "{}"
        (out / case).write_bytes(config.encode() + b"\n" + (folder / "model.safetensors").read_bytes())


if __name__ == "__main__":
    main()
