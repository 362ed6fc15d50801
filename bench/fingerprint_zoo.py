#!/usr/bin/env python3
"""The tables of docs/fingerprint.md: what fingerprints alone say of every pair of a zoo, beside the truth.

    fingerprint_zoo.py [--sampled] PAIRS_PROGRAM TRUTH.json FOLDER...      FOLDER holds model folders

--sampled: queries are known by samples of their weights (fingerprint --depth fast), the database by all of them.

PAIRS_PROGRAM is bench/fingerprint_pairs of a build."""
import collections
import json
import math
import pathlib
import statistics
import subprocess
import sys


def read_pairs(program, folders, sampled):
    paths = sorted(str(path) for folder in folders for path in pathlib.Path(folder).iterdir() if path.is_dir())
    run = subprocess.run([program, *["--sampled"] * sampled, *paths], capture_output=True, text=True, check=True)
    name = lambda path: pathlib.Path(path).name
    models, pairs = {}, []
    for line in run.stdout.splitlines():
        kind, *fields = line.split("\t")
        if kind == "model":
            models[name(fields[0])] = {"words": int(fields[1]), "sketch": int(fields[2]), "standard": int(fields[3])}
            continue
        numbers = [float(field) for field in fields[2:-1]]
        keys = ("shared", "fewer_words", "positional", "hidden", "tokens", "agreement", "agreeing", "log10_p", "order",
                "geometry", "units", "order_cosine", "geometry_cka")
        pairs.append({"a": name(fields[0]), "b": name(fields[1]), "class": fields[-1],
                      **dict(zip(keys, numbers))})
    return models, pairs


def share(pair):
    return pair["shared"] / pair["fewer_words"] if pair["fewer_words"] else 0


def digits(values):
    return f"{min(values):.3f} / {statistics.median(values):.3f} / {max(values):.3f}" if values else "-"


def normal_tail(z):
    """-log10 P(X > z), by the leading term of the asymptotic series."""
    return 0 if z < 4 else (z * z / 2 + math.log(z * math.sqrt(2 * math.pi))) / math.log(10)


CODE_BITS = 8192


def code_z(differing):
    """Of bits that would differ by the toss of a coin."""
    return (CODE_BITS / 2 - differing) / math.sqrt(CODE_BITS / 4)


def strength(pair):
    """The strongest of the tests that need no weights, as -log10 p."""
    return max(-pair["log10_p"], normal_tail(pair["order"]), normal_tail(pair["geometry"]),
               normal_tail(code_z(pair["positional"])), normal_tail(code_z(pair["hidden"])))


def print_relations(pairs, truth):
    groups = collections.defaultdict(list)
    for pair in pairs:
        known = truth[frozenset((pair["a"], pair["b"]))]
        groups[known["derived"], known["label"]].append(pair)
    print("| relation | pairs | shared words, min / median / max | pairs with common tokens | agreement, min / median / max "
          "| highest cosine of units in their order, min / median / max |")
    print("|---|---|---|---|---|---|")
    for (derived, label), members in sorted(groups.items()):
        compared = [pair for pair in members if pair["units"] > 0]
        print(f"| {label}{'' if derived else ' (not derived)'} | {len(members)} | {digits([share(p) for p in members])} "
              f"| {len(compared)} | {digits([p['agreement'] for p in compared])} "
              f"| {digits([p['order_cosine'] for p in members])} |")


def print_ranking(models, pairs, truth):
    derived_from = collections.defaultdict(set)
    for known in truth.values():
        if known["derived"] and known["direction"] == "a->b":
            derived_from[known["b"]].add(known["a"])
    database = {name for name in models if not derived_from[name]}
    by_models = {(pair["b"], pair["a"]): pair for pair in pairs} | {(pair["a"], pair["b"]): pair for pair in pairs}
    queries = [name for name in sorted(models) if derived_from[name] & database]
    scores = {"words": share, "words and codes, then the standard part": strength,
              "positional code alone": lambda p: max(0, code_z(p["positional"]) - 4),
              "hidden-axis code alone": lambda p: max(0, code_z(p["hidden"]) - 4)}
    print(f"\ndatabase: {len(database)} models, queries: {len(queries)}\n")
    for title, score in scores.items():
        wrong = []
        for query in queries:
            ranked = sorted(database, key=lambda name: (-score(by_models[query, name]), name))
            if ranked[0] not in derived_from[query] or score(by_models[query, ranked[0]]) == 0:
                wrong.append(query)
        print(f"{title}: true root first {len(queries) - len(wrong)} of {len(queries)}; not: {', '.join(wrong) or '-'}")


def print_classes(pairs, truth):
    """The class that two fingerprints give, beside the truth."""
    counts = collections.Counter((truth[frozenset((pair["a"], pair["b"]))]["label"],
                                  truth[frozenset((pair["a"], pair["b"]))]["derived"], pair["class"]) for pair in pairs)
    print()
    for (label, derived, given), count in sorted(counts.items()):
        print(f"{label}{'' if derived else ' (not derived)'}: {given} {count}")
    for pair in pairs:
        known = truth[frozenset((pair["a"], pair["b"]))]
        if known["label"] in ("independent", "distilled") and pair["class"] != "inconclusive":
            print(f"WRONG {pair['a']} {pair['b']}: {pair['class']}")


def main():
    sampled = "--sampled" in sys.argv
    program, truth_file, *folders = [argument for argument in sys.argv[1:] if argument != "--sampled"]
    truth = {frozenset((pair["a"], pair["b"])): pair for pair in json.loads(pathlib.Path(truth_file).read_text())["pairs"]}
    models, pairs = read_pairs(program, folders, sampled)
    pairs = [pair for pair in pairs if frozenset((pair["a"], pair["b"])) in truth]
    print(f"{len(models)} models, {len(pairs)} pairs; sketch at most {max(m['sketch'] for m in models.values())} bytes\n")
    print_relations(pairs, truth)
    print_ranking(models, pairs, truth)
    print_classes(pairs, truth)


if __name__ == "__main__":
    main()
