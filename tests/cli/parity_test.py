#!/usr/bin/env python3
"""`compare --json` and `--plain` against the console output of the published kit 1.0.0: parity_test.py GOLDENS."""
import json
import pathlib
import re
import sys
import unittest

from tool import run

GOLDENS = pathlib.Path(sys.argv.pop(1))
FIXTURES = GOLDENS / "fixtures"
CASES = {"aa": ("tiny-a", "tiny-a"), "ab": ("tiny-a", "tiny-b"), "ac": ("tiny-a", "tiny-c")}
OURS = ["schema_version", "tool_version", "depth", "lineage", "models"]
TIME = re.compile(r"(time_s(?:econds)?: +)[0-9.]+")


def golden(case):
    return (GOLDENS / "console" / case / "stdout").read_text(encoding="utf-8")


def output(pair, *options):
    result = run("compare", *pair, *options, cwd=FIXTURES)
    if result.returncode != 0:
        raise AssertionError(result.stderr.decode())
    return result.stdout.decode("utf-8")


class Parity(unittest.TestCase):
    def test_json(self):
        for name, pair in CASES.items():
            with self.subTest(name):
                theirs, ours = json.loads(golden(f"compare-{name}-json")), json.loads(output(pair, "--json", "--no-cache"))
                self.assertEqual(list(ours), list(theirs) + OURS)
                for key in theirs:
                    if isinstance(theirs[key], dict):
                        self.assertEqual(list(ours[key]), list(theirs[key]), "keys and their order")
                    if key not in ("time_seconds", "timing"):
                        self.assertEqual(ours[key], theirs[key])
                self.assertEqual(ours["timing"]["cache_hit"], "False")

    def test_plain(self):
        for name, options in (("aa", []), ("ab", []), ("ac", []), ("ab", ["--timing"])):
            with self.subTest(name=name, options=options):
                theirs = TIME.sub(r"\1<time>", golden(f"compare-{name}-plain{''.join(options).replace('--', '-')}"))
                ours = TIME.sub(r"\1<time>", output(CASES[name], "--plain", "--no-cache", *options))
                self.assertEqual(ours[:ours.index("lineage_class:")], theirs)

    def test_plain_where_a_part_is_missing(self):
        for name, model in (("minimal-plain", "minimal-config"), ("bad-no-tokenizer", "bad-no-tokenizer"),
                            ("bad-no-weights", "bad-no-weights")):
            with self.subTest(name):
                theirs = TIME.sub(r"\1<time>", golden(f"compare-{name}"))
                ours = TIME.sub(r"\1<time>", output(("tiny-a", model), "--plain", "--no-cache"))
                self.assertEqual(ours[:ours.index("lineage_class:")], theirs)

    def test_table_rows(self):
        escapes = re.compile(r"\x1b\[[0-9;]*m")
        row = re.compile(r"^\u2502 +(.*?) +\u2502 +(.*?) *\u2502$", re.MULTILINE)
        for name, pair in CASES.items():
            with self.subTest(name):
                theirs = [r for r in row.findall(escapes.sub("", golden(f"compare-{name}-table"))) if r[0] != "Time"]
                ours = row.findall(output(pair, "--no-cache"))
                self.assertGreater(len(theirs), 10)
                self.assertEqual([r for r in ours if r in theirs], theirs)


if __name__ == "__main__":
    unittest.main()
