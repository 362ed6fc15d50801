#!/usr/bin/env python3
"""Real reports are valid under the schema that users are given."""
import json
import unittest

import jsonschema

from tool import REPOSITORY, ZOO, run

PAIRS = [("qwen-a", "qwen-a-sft"), ("qwen-a", "qwen-a2"), ("qwen-a", "gpt2-a"), ("gpt2-a", "gpt2-a")]


class Schema(unittest.TestCase):
    def test_reports_are_valid(self):
        validator = jsonschema.Draft202012Validator(json.loads((REPOSITORY / "schema/compare-1.schema.json").read_text()))
        for a, b in PAIRS:
            with self.subTest(a=a, b=b):
                result = run("compare", ZOO / a, ZOO / b, "--json")
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual([error.message for error in validator.iter_errors(json.loads(result.stdout))], [])


if __name__ == "__main__":
    unittest.main()
