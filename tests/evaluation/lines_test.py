#!/usr/bin/env python3
"""Lines between strangers and relatives, on numbers whose line is known."""
import math
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "evaluation"))
import calibration_source  # noqa: E402
import lines  # noqa: E402


def outcome(expected, families, **z):
    return {"status": "decided", "expected": expected, "families": list(families),
            "evidence": [{"test": test, "z": value} for test, value in z.items()]}


class Fitting(unittest.TestCase):
    def test_separated_sides_meet_at_the_geometric_mean(self):
        self.assertEqual(lines.fit([-1, 2, 4], [100, 300]), (4, 20, True))

    def test_a_quiet_null_is_bounded_by_three(self):
        self.assertEqual(lines.fit([-1, 0.5], [12])[0::2], (3, True))

    def test_a_relative_that_is_barely_seen_does_not_pull_the_line_down(self):
        bound, line, separated = lines.fit([5.7], [6, 40, 60])
        self.assertEqual((bound, separated), (5.7, True))
        self.assertAlmostEqual(line, math.sqrt(6 * 40))

    def test_relatives_inside_the_null_leave_the_line_to_the_others(self):
        self.assertEqual(lines.fit([4], [-10, 0.2, 100, 110]), (4, 20, False))

    def test_without_relatives_the_line_is_twice_the_bound(self):
        self.assertEqual(lines.fit([5], []), (5, 10, False))
        self.assertEqual(lines.fit([5], [1]), (5, 10, False))


class HoldingOut(unittest.TestCase):
    def pairs(self):
        return [outcome("negative", "xx", t=1), outcome("negative", "xy", t=30), outcome("positive", "xx", t=100),
                outcome("shared", "yy", t=5), outcome("negative", "zz", t=2)]

    def test_a_family_has_no_say_in_its_own_lines(self):
        by_family, by_test = lines.leave_one_family_out(self.pairs(), ["t"])
        found = {row["family"]: row for row in by_family}
        # Without y: bound 3, line sqrt(300); so 30 is a false positive and 5 a miss.
        self.assertEqual(found["y"], {"family": "y", "negatives": 1, "false_positives": 1, "positives": 1, "misses": 1})
        # Without x: bound 3, weakest relative 5, line sqrt(15); 30 and 100 are beyond.
        self.assertEqual(found["x"], {"family": "x", "negatives": 2, "false_positives": 1, "positives": 1, "misses": 0})
        self.assertEqual(by_test["t"][0], 4)

    def test_a_statistic_without_strangers_decides_nothing(self):
        pairs = [outcome("negative", "v", t=0), outcome("negative", "x", t=0), outcome("positive", "y", only=90)]
        self.assertEqual([row["positives"] for row in lines.bands(pairs, ["t", "only"])], [0, 0, 0])
        pairs.append(outcome("negative", "v", only=1))
        self.assertEqual([row["positives"] for row in lines.bands(pairs, ["t", "only"])], [0, 0, 1])

    def test_probability_is_laplace_with_even_prior(self):
        strangers = [outcome("negative", family, t=0) for family in "vwwxxxx"]
        table = lines.bands(strangers + [outcome("positive", "y", t=90)] * 3, ["t"])
        self.assertEqual([(row["positives"], row["negatives"]) for row in table], [(0, 7), (0, 0), (3, 0)])
        self.assertAlmostEqual(table[2]["probability"], (4 / 6) / (4 / 6 + 1 / 10))
        self.assertAlmostEqual(table[0]["probability"], (1 / 6) / (1 / 6 + 8 / 10))


class Writing(unittest.TestCase):
    def test_the_table_is_ascii_and_names_every_statistic(self):
        pairs = [outcome("negative", "x", **{'od"d': 1.0}), outcome("positive", "y", **{'od"d': 90.0, "\u00e9": 40.0})]
        report = {"tool": "t 1", "zoo": "z", "sets": ["dev"], "depth": "deep", "selection": {"all": True}, "pairs": pairs}
        source = calibration_source.render(lines.calibrate(pairs), [], report)
        self.assertTrue(source.isascii())
        self.assertEqual(len(re.findall(r'^    \{"[^"\\]*", \d', source, re.MULTILINE)), 2)

    def test_numbers_are_literals_of_double(self):
        self.assertEqual([calibration_source.value(number) for number in (None, 3, 2.5, 1e-9)],
                         ["kAbsent", "3.0", "2.5", "1e-09"])


if __name__ == "__main__":
    unittest.main()
