#!/usr/bin/env python3
"""Draws the lines of the verdict from an evaluation and writes them: src/verdict/calibration_table.hpp, and docs/lines.md for people.

usage: calibrate.py [FOLDER] [--from REPORT] [--more-negatives N] [--print] [--check] [options of evaluate.py]

Without --from the zoo is evaluated first: core pairs at --depth deep, and 400 further pairs of strangers that are shared out
evenly over pairs of families. Merges and other models are taken apart besides, and fingerprints compared. The numbers that the
lines come from are kept in evaluation/calibration_pairs.json and calibration_cases.json; --from takes the first of them too. --print writes the table to standard output and leaves the files alone. --check draws the lines again from the
kept numbers and compares: exit status 1 where a file is not what the numbers and the rules give.
"""
import argparse
import json
import pathlib
import sys

import calibration_source
import decision_lines
import evaluate
import lines
import lines_page
import measured_pairs
import summary

TABLE = evaluate.ROOT / "src" / "verdict" / "calibration_table.hpp"
PAGE = evaluate.ROOT / "docs" / "lines.md"
FORENSIC_LINES = evaluate.ROOT / "src" / "forensics" / "calibrated_lines.hpp"
PAIRS = evaluate.ROOT / "evaluation" / "calibration_pairs.json"
CASES = evaluate.ROOT / "evaluation" / "calibration_cases.json"


def arguments(words):
    parser = argparse.ArgumentParser(prog="calibrate", allow_abbrev=False,
                                     description="Draw the lines of the verdict from a zoo. Other options: evaluate.py.")
    parser.add_argument("--from", dest="report", metavar="REPORT", help="report.json of an evaluation, or kept numbers")
    parser.add_argument("--print", action="store_true", help="write the table to standard output only")
    parser.add_argument("--check", action="store_true", help="compare the written files with the kept numbers")
    parser.add_argument("--out", metavar="FOLDER", default=evaluate.ROOT / "build/calibration", help="where the reports go")
    return parser.parse_known_args(words)


def text_lines(calibration, decisions):
    """The calibration for people."""
    yield from summary.columns([lines_page.cells(row) for row in decisions], lines_page.HEADS)
    yield ""
    rows = [lines_page.held_cells(row["name"], held) for row in decisions for held in row["held"] if row["from_data"]]
    yield from summary.columns(rows, lines_page.HELD_HEADS)
    yield ""
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


def drawn(measured):
    """(calibration of the statistics, lines that decide, {file: text})."""
    outcomes = measured_pairs.outcomes(measured)
    calibration, decisions = lines.calibrate(outcomes), decision_lines.draw_all([*measured["pairs"], *measured["cases"]])
    return calibration, decisions, {
        FORENSIC_LINES: calibration_source.render_forensic(decisions),
        TABLE: calibration_source.render(calibration, decisions, measured), PAGE: lines_page.render(calibration, decisions, measured)}


def check():
    """The files that are not what the kept numbers give."""
    texts = drawn(measured_pairs.load(PAIRS.read_text(), CASES.read_text()))[2]
    stale = [path for path, text in texts.items() if not path.is_file() or path.read_text() != text]
    for path in stale:
        print(f"{path.relative_to(evaluate.ROOT)}: not what evaluation/calibration_pairs.json and evaluation/line_rules.json give; "
              "./dev calibrate --from evaluation/calibration_pairs.json writes it")
    return 1 if stale else 0


def main(words):
    options, rest = arguments(words)
    if options.check:
        return check()
    out = pathlib.Path(options.out)
    if options.report is None:
        defaults = ["--calibration", "--depth", "deep", "--more-negatives", "400", "--report-only", "--quiet", "--out", str(out)]
        if status := evaluate.main([*defaults, *rest]):
            return status
    try:
        measured = measured_pairs.load(pathlib.Path(options.report or out / "report.json").read_text(), CASES.read_text())
        calibration, decisions, texts = drawn(measured)
    except (OSError, ValueError, KeyError) as error:
        print(f"calibrate: {options.report or out}: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    if not any(row["negatives"] for row in calibration["statistics"]):
        print("calibrate: no pair of strangers was judged", file=sys.stderr)
        return 2
    if options.print:
        print(texts[TABLE], end="")
        return 0
    kept = {PAIRS: measured_pairs.dump(measured, "pairs"), CASES: measured_pairs.dump(measured, "cases")}
    for path, text in (texts | kept).items():
        path.write_text(text)
    print("\n".join(text_lines(calibration, decisions)))
    print(f"written: {', '.join(str(path.relative_to(evaluate.ROOT)) for path in (*texts, *kept))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
