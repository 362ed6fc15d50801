#!/usr/bin/env python3
"""Draws the lines of the verdict from an evaluation and writes them as src/verdict/calibration_table.cpp.

usage: calibrate.py [FOLDER] [--from REPORT] [--more-negatives N] [--print] [options of evaluate.py]

Without --from the zoo is evaluated first: core pairs at --depth deep, and 400 further pairs of strangers that are shared out
evenly over pairs of families. --print writes the table to standard output and leaves the source alone.
"""
import argparse
import json
import pathlib
import sys

import calibration_source
import evaluate
import lines
import summary

TABLE = evaluate.ROOT / "src" / "verdict" / "calibration_table.cpp"


def arguments(words):
    parser = argparse.ArgumentParser(prog="calibrate", allow_abbrev=False,
                                     description="Draw the lines of the verdict from a zoo. Other options: evaluate.py.")
    parser.add_argument("--from", dest="report", metavar="REPORT", help="report.json of an evaluation that was run before")
    parser.add_argument("--print", action="store_true", help="write the table to standard output only")
    parser.add_argument("--out", metavar="FOLDER", default=evaluate.ROOT / "build/calibration", help="where the reports go")
    return parser.parse_known_args(words)


def text_lines(calibration):
    """The calibration for people."""
    rows = [[row["test"], str(row["negatives"]), str(row["positives"]), summary.number(row["worst_negative"]),
             summary.number(row["weakest_positive"]), summary.number(row["line"]), str(row["blind"]),
             f"{row['held_false_positives']}/{row['held_negatives']}", f"{row['held_misses']}/{row['held_positives']}"]
            for row in calibration["statistics"]]
    yield from summary.columns(rows, ["statistic", "strangers", "relatives", "worst stranger", "weakest relative", "line",
                                      "below it", "held-out false", "held-out missed"])
    yield ""
    rows = [[row["family"], f"{row['false_positives']}/{row['negatives']}", f"{row['misses']}/{row['positives']}"]
            for row in calibration["families"]]
    yield from summary.columns(rows, ["family left out", "false positives", "misses"])
    yield ""
    rows = [[row["band"], str(row["positives"]), str(row["negatives"]), f"{row['probability']:.4f}"]
            for row in calibration["bands"]]
    yield from summary.columns(rows, ["band (held-out lines)", "relatives", "strangers", "probability"])


def main(words):
    options, rest = arguments(words)
    out = pathlib.Path(options.out)
    if options.report is None:
        defaults = ["--depth", "deep", "--more-negatives", "400", "--report-only", "--quiet", "--out", str(out)]
        if status := evaluate.main([*defaults, *rest]):
            return status
    try:
        report = json.loads(pathlib.Path(options.report or out / "report.json").read_text())
        calibration = lines.calibrate(report["pairs"])
    except (OSError, ValueError, KeyError) as error:
        print(f"calibrate: {options.report or out}: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    if not any(row["negatives"] for row in calibration["statistics"]):
        print("calibrate: no pair of strangers was judged", file=sys.stderr)
        return 2
    source = calibration_source.render(calibration, report)
    if options.print:
        print(source, end="")
        return 0
    TABLE.write_text(source)
    out.mkdir(parents=True, exist_ok=True)
    (out / "calibration.json").write_text(json.dumps(calibration, indent=1) + "\n")
    print("\n".join(text_lines(calibration)))
    print(f"written: {TABLE.relative_to(evaluate.ROOT)}, {out / 'calibration.json'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
