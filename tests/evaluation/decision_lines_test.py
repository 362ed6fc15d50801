#!/usr/bin/env python3
"""The lines that decide, on made-up pairs whose lines are known, and the files made from them."""
import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "evaluation"))
import calibrate  # noqa: E402
import calibration_source  # noqa: E402
import decision_lines  # noqa: E402
import lines_page  # noqa: E402
import measured_pairs  # noqa: E402


def pair(expected, families, label="any", transforms=(), names=("a", "b"), **measures):
    return {"a": names[0], "b": names[1], "expected": expected, "label": label, "families": list(families),
            "transforms": list(transforms), "measures": measures, "z": {}}


def rule(kind, **more):
    return {"name": "n", "measures": ["m"], "rule": kind, "below": {"expected": ["negative"]}, "above": {"expected": ["positive"]},
            "theory": 0.5, "reason": "r"} | more


def sides(below, above, family="x"):
    return [pair("negative", [family] * 2, m=value) for value in below] + [pair("positive", [family] * 2, m=value) for value in above]


class Drawing(unittest.TestCase):
    def value(self, pairs, kind, **more):
        line = decision_lines.draw(pairs, rule(kind, **more))
        return line["value"], line["from_data"], line["below_wrong"], line["above_wrong"]

    def test_between_the_highest_below_and_the_lowest_above(self):
        self.assertEqual(self.value(sides([0.1, 0.2], [0.8, 0.9]), "geometric-mean"), (0.4, True, 0, 0))
        self.assertEqual(self.value(sides([0.1, 0.2], [0.8, 0.9]), "midpoint"), (0.5, True, 0, 0))

    def test_a_pair_that_the_number_does_not_see_is_an_error_and_does_not_pull(self):
        self.assertEqual(self.value(sides([0.2], [0.1, 0.8]), "geometric-mean"), (0.4, True, 0, 1))

    def test_the_widest_gap_leaves_a_barely_seen_relative_below(self):
        self.assertEqual(self.value(sides([1], [4, 100]), "widest-gap"), (20, True, 0, 1))

    def test_a_line_never_falls_below_its_least(self):
        self.assertEqual(self.value(sides([1], [5]), "widest-gap", least=8)[0], 8)

    def test_a_side_without_pairs_leaves_the_stated_value(self):
        for pairs in (sides([], [0.9]), sides([0.3], []), sides([0.9], [0.2]), []):
            self.assertEqual(self.value(pairs, "midpoint")[:2], (0.5, False))

    def test_theory_is_not_moved_by_pairs_but_checked(self):
        self.assertEqual(self.value(sides([0.6, 0.1], [0.7, 0.4]), "theory"), (0.5, False, 1, 1))

    def test_absent_numbers_are_no_pairs_and_the_largest_measure_counts(self):
        pairs = [pair("negative", "xx", m=None), pair("negative", "xx", m=0.1, k=0.3), pair("positive", "xx", k=0.7)]
        line = decision_lines.draw(pairs, rule("midpoint", measures=["m", "k"]))
        self.assertEqual((line["below"], line["worst_below"]["value"], line["value"]), (1, 0.3, 0.5))

    def test_sides_are_chosen_by_label_and_transform(self):
        one = pair("positive", "xx", "pruned", ["pruned", "magprune"])
        for selector, belongs in (({"labels": ["pruned"]}, True), ({"labels": ["pruned"], "without": ["magprune"]}, False),
                                  ({"transforms": ["magprune"], "expected": ["positive"]}, True), ({}, False),
                                  ({"transforms": ["int4"]}, False)):
            self.assertEqual(decision_lines.chosen(one, selector), belongs, selector)


class HoldingOut(unittest.TestCase):
    def test_a_family_has_no_say_in_the_line_it_is_judged_by(self):
        pairs = sides([0.2], [0.8], "x") + sides([0.5], [0.3], "y")
        rows = {row["family"]: row for row in decision_lines.hold_out(pairs, rule("geometric-mean"))}
        self.assertEqual(rows["y"], {"family": "y", "value": 0.4, "from_data": True, "below": 1, "below_wrong": 1, "above": 1, "above_wrong": 1})
        self.assertEqual((rows["x"]["value"], rows["x"]["from_data"]), (0.5, False))  # y alone is not ordered

    def test_a_pair_of_two_families_is_held_out_with_each(self):
        rows = decision_lines.hold_out([pair("negative", "xy", m=0.1), pair("positive", "zz", m=0.9)], rule("midpoint"))
        self.assertEqual([(row["family"], row["below"]) for row in rows], [("x", 1), ("y", 1), ("z", 0)])


class Rules(unittest.TestCase):
    def test_every_rule_is_complete_and_named_once(self):
        known = json.loads((ROOT / "evaluation/line_rules.json").read_text())["rules"]
        self.assertEqual(len({one["name"] for one in decision_lines.RULES}), len(decision_lines.RULES))
        for one in decision_lines.RULES:
            self.assertTrue(one.keys() >= {"name", "measures", "rule", "below", "above", "theory", "reason"}, one["name"])
            self.assertIn(one["rule"], known)

    def test_every_line_is_read_by_name_and_every_measure_is_reported(self):
        thresholds = "".join((ROOT / "src/verdict" / name).read_text() for name in ("lineage_thresholds.hpp", "merge_thresholds.hpp"))
        forensics = "".join(path.read_text() for path in sorted((ROOT / "src/forensics").glob("*.[ch]pp")))
        of_pairs = json.loads((ROOT / "schema/compare-1.schema.json").read_text())["$defs"]["measures"]["properties"]
        of_merges = json.loads((ROOT / "schema/decompose-1.schema.json").read_text())["properties"]["measures"]["properties"]
        for one in decision_lines.RULES:
            if one.get("room") == "forensics":
                self.assertIn(f'lines::{calibration_source.constant_name(one["name"])}', forensics)
            else:
                self.assertIn(f'line_value("{one["name"]}")', thresholds)
            self.assertLessEqual(set(one["measures"]), {*of_pairs, *of_merges, "candidate_gain"}, one["name"])


class Keeping(unittest.TestCase):
    def report(self):
        outcomes = [one | {"status": "decided", "evidence": [{"test": "t", "z": 2 / 3}, {"test": "s", "z": None}]}
                    for one in sides([1 / 3], [0.9]) + [pair("shared", "yy", order_z=40.0)]]
        return {"tool": "t 1", "zoo": "z", "sets": ["dev"], "depth": "deep", "selection": {"all": True},
                "pairs": [*outcomes, {"status": "failed"}], "cases": [pair("merge", "zz", residual_in_roundings=4 / 3)]}

    def test_kept_numbers_give_the_same_lines_as_the_report(self):
        measured = measured_pairs.of_report(self.report())
        kept = measured_pairs.load(measured_pairs.dump(measured, "pairs"), measured_pairs.dump(measured, "cases"))
        self.assertEqual(kept["cases"][0]["measures"], {"residual_in_roundings": 1.33333})
        self.assertEqual(kept["pairs"][0]["measures"]["m"], 0.333333)
        self.assertEqual(kept["pairs"][0]["z"], {"t": 0.666667})
        self.assertEqual(calibrate.drawn(kept)[2], calibrate.drawn(measured)[2])

    def test_a_changed_table_is_found(self):
        with tempfile.TemporaryDirectory(dir=ROOT) as folder, contextlib.redirect_stdout(io.StringIO()) as said:
            kept = calibrate.TABLE, calibrate.PAGE, calibrate.FORENSIC_LINES
            try:
                calibrate.TABLE, calibrate.PAGE, calibrate.FORENSIC_LINES = (
                    pathlib.Path(folder) / name for name in ("table.hpp", "page.md", "lines.hpp"))
                texts = calibrate.drawn(measured_pairs.load(calibrate.PAIRS.read_text(), calibrate.CASES.read_text()))[2]
                for path, text in texts.items():
                    path.write_text(text)
                self.assertEqual(calibrate.check(), 0)
                calibrate.PAGE.write_text(texts[calibrate.PAGE].replace("| proof_z | ", "| proof_z | 1"))
                self.assertEqual(calibrate.check(), 1)
            finally:
                calibrate.TABLE, calibrate.PAGE, calibrate.FORENSIC_LINES = kept
        self.assertIn("page.md: not what", said.getvalue())

    def test_table_and_page_say_that_a_line_was_stated(self):
        line = decision_lines.draw([], rule("midpoint"))
        self.assertIn('"n", "m", 0.5, false', calibration_source.decision_line(line))
        self.assertEqual(lines_page.cells(line)[2], "stated")


if __name__ == "__main__":
    unittest.main()
