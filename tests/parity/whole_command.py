#!/usr/bin/env python3
"""Runs `provenancekit compare --json` on every golden pair whose models are at hand and demands the published kit's numbers.

usage: whole_command.py TOOL GOLDENS SET=FOLDER... [--fewest N]

SET is a golden set (zoo-dev, fixtures, real), FOLDER where its models lie by name; a set may be given several times. Fails
on any number that differs, and when fewer than N pairs ran. Where the kit is known to answer by shards or by a container,
the numbers of the same weights elsewhere are demanded (SAME_WEIGHTS), or the failure that stands in OURS.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

SIGNALS = ("eas", "nlf", "lep", "end", "wvc", "tfv", "voa")
# A model of the fixtures whose weights ours sees differently -> exit code demanded of every pair with it.
OURS = {
    "bad-missing-shard": (2, "a missing shard is an error, not a model without weights"),
    "bad-shard-escape": (2, "a shard outside the folder is an error, not a model without weights"),
}
# Models of the same weights as another one, which ours sees as that one. The kit's WVC depends on the order of shards and
# of tensors in a container, and it rounds a .bin to float16.
SAME_WEIGHTS = {"tiny-a-sharded": "tiny-a", "tiny-a-bin": "tiny-a", "d-bin": "llama-a-sft"}


def expected(pair):
    scores = {name: pair[name] for name in ("identity_score", "tokenizer_score", "pipeline_score", "provenance_decision")}
    scores |= {"mfi_score": pair["mfi"]["score"], "mfi_tier": pair["mfi"]["tier"], "mfi_match": pair["mfi"]["match"]}
    signals = {name: pair["signals"][name] for name in SIGNALS}
    interpretation = {"label": pair["label"], "colour": pair["colour"]}
    text = json.dumps({"signals": signals, "scores": scores, "interpretation": interpretation})
    return json.loads(text.replace('"NaN"', "null"))


def differences(tool, a, b, code, wanted):
    """What is wrong with the answer for the folders a and b, as a list of sentences."""
    answer = subprocess.run([tool, "compare", "--json", a, b], capture_output=True, text=True)
    if answer.returncode != code:
        return [f"exit code {answer.returncode}, expected {code}: {answer.stderr.strip()}"]
    if code:
        return [] if answer.stderr and not answer.stdout else ["an error must be on stderr alone"]
    got = json.loads(answer.stdout)
    return [
        f"{part}.{name} is {got[part].get(name)}, expected {value}"
        for part, values in wanted.items()
        for name, value in values.items()
        if got[part].get(name) != value
    ]


def golden_pairs(goldens, name, folder):
    pairs, named = ([p for p in json.loads((goldens / f"pairs-{one}.json").read_text())["pairs"] if "error" not in p]
                    for one in (name, name.removesuffix("-core")))
    by_names = {(p["a"], p["b"]): p for p in named + pairs}
    for pair in pairs:
        if not all((folder / pair[side]).is_dir() for side in "ab"):
            continue
        code = max((OURS[pair[side]][0] for side in "ab" if pair[side] in OURS), default=0)
        a, b = (SAME_WEIGHTS.get(pair[side], pair[side]) for side in "ab")
        same = by_names.get((a, b)) or by_names.get((b, a))
        if same is not None:
            yield folder / pair["a"], folder / pair["b"], code, expected(same)


def main(tool, goldens, *rest):
    fewest = int(rest[rest.index("--fewest") + 1]) if "--fewest" in rest else 1
    sets = [argument.split("=", 1) for argument in rest if "=" in argument]
    work = [job for name, folder in sets for job in golden_pairs(pathlib.Path(goldens), name, pathlib.Path(folder))]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda job: differences(tool, *job), work)
        for (a, b, _, _), problems in zip(work, found):
            for problem in problems:
                failures += 1
                print(f"{a.name} {b.name}: {problem}")
    print(f"{len(work)} pairs, {failures} differences")
    return failures > 0 or len(work) < fewest


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
