#!/usr/bin/env python3
"""Real reports are valid under the schema that users are given."""
import json
import unittest

import jsonschema

from tool import REPOSITORY, ZOO, run

DECOMPOSITIONS = [("qwen-a-sft", "qwen-a", "qwen-a2", "gpt2-a"), ("qwen-a", "qwen-a"), ("gpt2-a", "qwen-a", "gpt2-a2")]
KIT_FOLDER = REPOSITORY / "tests/support/kit_folder"
PAIRS = [("qwen-a", "qwen-a-sft"), ("qwen-a", "qwen-a2"), ("qwen-a", "gpt2-a"), ("gpt2-a", "gpt2-a")]


class Schema(unittest.TestCase):
    def check(self, command, *arguments):
        schema = json.loads((REPOSITORY / f"schema/{command}-1.schema.json").read_text())
        result = run(command, *arguments, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        errors = jsonschema.Draft202012Validator(schema).iter_errors(json.loads(result.stdout))
        self.assertEqual([error.message for error in errors], [])

    def test_comparisons_are_valid(self):
        for a, b in PAIRS:
            with self.subTest(a=a, b=b):
                self.check("compare", ZOO / a, ZOO / b)

    def test_decompositions_are_valid(self):
        for child, *candidates in DECOMPOSITIONS:
            with self.subTest(child=child):
                self.check("decompose", ZOO / child, *[ZOO / name for name in candidates])
                self.check("decompose", ZOO / child, "--base", ZOO / candidates[0], ZOO / candidates[-1])


    def test_scans_are_valid(self):
        for database, *options in ((KIT_FOLDER, "--threshold", "0"), (KIT_FOLDER, "--threshold", "1", "--family", "none")):
            with self.subTest(options=options):
                self.check("scan", ZOO / "qwen-a-sft", "--db", database, *options)


if __name__ == "__main__":
    unittest.main()
