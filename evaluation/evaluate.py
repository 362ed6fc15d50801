#!/usr/bin/env python3
"""Runs the program over the pairs of a zoo and compares what it says with the truth. docs/evaluation.md says what is measured.

usage: evaluate.py [FOLDER] [--all] [--trained] [--pairs N] [--more-negatives N] [--depth LEVEL] [--jobs N]
                   [--derived FOLDER] [--no-derived] [--tool FILE] [--out FOLDER] [--report-only] [--quiet]

exit status: 0 no stranger was called a relative, no direction is wrong and no run failed (or --report-only); 1 otherwise; 2 no pair
could be run.
"""
import argparse
import json
import os
import pathlib
import sys
import time

import calibration_cases
import derivation
import merges
import metrics
import page
import selection
import summary
import tool as program
import truth
import verdicts

ROOT = pathlib.Path(__file__).resolve().parent.parent
RELATIONS = json.loads((pathlib.Path(__file__).resolve().parent / "relations.json").read_text())


def count(text):
    """A number of pairs or jobs, at least 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)


def arguments(words):
    parser = argparse.ArgumentParser(prog="evaluate", description="Compare what the program says with the truth of a zoo.")
    parser.add_argument("folder", nargs="?", help="zoo (default: ../shared/zoo if it is there, else tests/zoo)")
    parser.add_argument("--all", action="store_true", help="all pairs, not the core pairs only")
    parser.add_argument("--trained", action="store_true", help="pairs of trained models only")
    parser.add_argument("--pairs", type=count, metavar="N", help="a sample of N pairs, balanced over labels and families")
    parser.add_argument("--more-negatives", type=count, default=0, metavar="N", help="N further pairs of strangers, not core")
    parser.add_argument("--depth", choices=["fast", "standard", "deep"], help="passed to compare")
    parser.add_argument("--jobs", type=count, default=os.cpu_count() or 1, metavar="N", help="pairs at a time (default: cores)")
    parser.add_argument("--derived", metavar="FOLDER", help="derived models that are ready made; else they are made here")
    parser.add_argument("--no-derived", action="store_true", help="leave derived models out")
    parser.add_argument("--tool", metavar="FILE", default=ROOT / "build/release/provenancekit", help="program to run")
    parser.add_argument("--out", metavar="FOLDER", default=ROOT / "build/evaluation", help="where the report goes")
    parser.add_argument("--calibration", action="store_true", help="measure besides what only lines are drawn from")
    parser.add_argument("--report-only", action="store_true", help="exit status 0 whatever was found")
    parser.add_argument("--quiet", action="store_true", help="write the files only")
    return parser.parse_args(words)


def open_zoo(options):
    """The zoo with its derived models in place, and a sentence for each model that is left out."""
    shared = ROOT.parent / "shared" / "zoo"
    zoo = truth.Zoo(options.folder or (shared if shared.is_dir() else ROOT / "tests" / "zoo"))
    if options.no_derived or options.trained:
        return zoo, []
    if options.derived:
        derivation.place_ready_made(zoo, options.derived)
        return zoo, []
    own = ROOT / ".venv" / "bin" / "python"
    return zoo, derivation.derive_all(zoo, ROOT / "build" / "evaluation", own if own.is_file() else sys.executable)


def progress(text):
    if sys.stderr.isatty():
        print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)


def run_pairs(zoo, tool, pairs):
    """Judged outcomes in the order of the pairs, and the models that cannot be read."""
    keys = sorted({(pair.set, name) for pair in pairs for name in (pair.a, pair.b)})
    reasons = dict(zip(keys, tool.map(lambda key: program.why_unreadable(tool, zoo.models[key].path), keys)))

    def one(pair):
        ends = [zoo.models[pair.set, name].path for name in (pair.a, pair.b)]
        return tool.compare(*(reversed(ends) if selection.swapped(pair) else ends))

    outcomes = []
    for pair, (report, message, seconds) in zip(pairs, tool.map(one, pairs)):
        unreadable = "; ".join(f"{name}: {reasons[pair.set, name]}" for name in (pair.a, pair.b) if reasons[pair.set, name])
        outcome = verdicts.judge(pair, report, message, seconds, unreadable, RELATIONS)
        outcome["families"] = [zoo.family((pair.set, name)) for name in (pair.a, pair.b)]
        outcomes.append(outcome | {"faults": metrics.faults(outcome, RELATIONS)})
        progress(f"{len(outcomes)} of {len(pairs)} pairs")
    progress("")
    return outcomes, [{"name": key[1], "set": key[0], "message": reason} for key, reason in reasons.items() if reason]


def build_report(options, zoo, left_out, tool, pairs, absent):
    start = time.perf_counter()
    outcomes, unreadable = run_pairs(zoo, tool, pairs)
    merged = None if options.trained else merges.evaluate(zoo, tool)
    cases = []
    if options.calibration:
        cases = calibration_cases.taken_apart(zoo, tool, RELATIONS)
        cases += calibration_cases.add_fingerprints(zoo, tool, outcomes, RELATIONS)
    absent_names = sorted({name for pair in absent for name in (pair.a, pair.b) if not zoo.models[pair.set, name].path})
    if absent:
        left_out = [*left_out, f"left out: {len(absent)} pairs, because these models are not there: {', '.join(absent_names)}"]
    return {
        "report_version": 1, "tool": tool.version(), "zoo": zoo.folder.name, "sets": zoo.sets, "depth": options.depth, "jobs": tool.jobs,
        
        "selection": {key: getattr(options, key) for key in ("all", "trained", "pairs", "more_negatives")}, "left_out": left_out,
        "absent_pairs": len(absent), "unknown_transforms": verdicts.unknown_words(pairs, RELATIONS)[1],
        "totals": metrics.totals(outcomes, RELATIONS), "labels": metrics.by_label(outcomes, RELATIONS),
        "confusion": {"class": metrics.confusion(outcomes, lambda one: one["label"], lambda one: one["class"]),
                      "relation": metrics.confusion(outcomes, lambda one: one["label"], lambda one: one["relation"])},
        "merges": merged, "cases": cases, "unreadable_models": unreadable, "wall_seconds": time.perf_counter() - start, "pairs": outcomes}


def main(words):
    options = arguments(words)
    try:
        zoo, left_out = open_zoo(options)
    except (OSError, ValueError, KeyError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    if not pathlib.Path(options.tool).is_file():
        print(f"evaluate: {options.tool} is not there; ./dev build makes it", file=sys.stderr)
        return 2
    pairs, absent = selection.choose(zoo, options, RELATIONS)
    labels, _ = verdicts.unknown_words(pairs, RELATIONS)
    if labels or not pairs:
        print(f"evaluate: relations.json does not know the labels {labels}" if labels else "evaluate: no pairs to run",
              file=sys.stderr)
        return 2
    tool = program.Tool(options.tool, options.depth, options.jobs)
    report = build_report(options, zoo, left_out, tool, pairs, absent)
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    (out / "report.html").write_text(page.render(report), encoding="utf-8")
    if not options.quiet:
        print("\n".join(summary.lines(report)))
        print(f"written: {out / 'report.json'}, {out / 'report.html'}")
    if report["totals"]["decided"] == 0:
        print("evaluate: the program judged no pair", file=sys.stderr)
        return 2
    reasons = metrics.must_fail(report["totals"])
    for reason in reasons:
        print(f"evaluate: {reason}", file=sys.stderr)
    return 1 if reasons and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
