#!/usr/bin/env python3
"""Writes tests/parity/data/mfi-cases.json from the golden sets beside the repository (argument: their folder).

For each model: its config.json where it is at hand, and the kit's 26 fields. For each pair: two model indices, score, tier and match type."""
import json
import pathlib
import sys

SETS = ["fixtures", "real", "tokvar", "zoo-dev"]


def config_of(shared, group, name, record):
    if group == "tokvar":  # tiny-a with another model_type; see goldens/tools/mktok.py
        config = json.loads((shared / "goldens/fixtures/tiny-a/config.json").read_text())
        config["model_type"] = record["model_type"]
        return config
    folder = {"fixtures": "goldens/fixtures", "real": "goldens/fixtures", "zoo-dev": "zoo/dev"}[group]
    path = shared / folder / name / "config.json"
    return json.loads(path.read_text()) if path.exists() else None


def main():
    shared = pathlib.Path(sys.argv[1])
    models, pairs = [], []
    for group in SETS:
        features = json.loads((shared / f"goldens/features-{group}.json").read_text())["models"]
        for name, features_of_model in features.items():
            if "mfi" not in features_of_model:
                continue
            record = features_of_model["mfi"]
            models.append({"name": f"{group}/{name}", "family": features_of_model["family"],
                           "config": config_of(shared, group, name, record), "mfi": record})
        index = {model["name"]: i for i, model in enumerate(models)}
        for pair in json.loads((shared / f"goldens/pairs-{group}.json").read_text())["pairs"]:
            if "mfi" in pair:
                mfi = pair["mfi"]
                pairs.append([index[f"{group}/{pair['a']}"], index[f"{group}/{pair['b']}"],
                              mfi["score"], mfi["tier"], mfi["match"]])
    out = pathlib.Path(__file__).parent.parent / "tests/parity/data/mfi-cases.json"
    lines = lambda rows: ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    out.write_text('{"models":[\n' + lines(models) + '\n],"pairs":[\n' + lines(pairs) + "\n]}\n")


main()
