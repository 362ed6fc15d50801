#!/usr/bin/env python3
"""Real reports are valid under the schema that users are given."""
import json
import pathlib
import tempfile
import unittest

import jsonschema

from tool import REPOSITORY, ZOO, environment, run

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

    def test_databases_are_valid(self):
        schema = json.loads((REPOSITORY / "schema/db-1.schema.json").read_text())
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "records.jsonl").write_text('{"id": "a", "metadata": {"x": [1.5]}, "signals": {}}\n{"id": "b"}\nnonsense\n')
            for expected, *arguments in [(0, "db", "status"), (0, "db", "init"), (2, "db", "import", path / "records.jsonl"),
                                         (0, "db", "info"), (0, "db", "list"), (0, "db", "show", "a"), (0, "db", "verify"),
                                         (0, "db", "export", path / "copy.db"), (0, "db", "merge", path / "copy.db"),
                                         (0, "db", "remove", "a", "b"), (0, "db", "list"), (0, "cache", "info"), (0, "cache", "clear")]:
                with self.subTest(arguments=arguments):
                    result = run(*arguments, "--json", env=environment(HOME=folder))
                    self.assertEqual(result.returncode, expected, result.stderr)
                    report = json.loads(result.stdout)
                    validator = jsonschema.Draft202012Validator(schema)
                    self.assertEqual([error.message for error in validator.iter_errors(report)], [])
                    wrong = [{"id": "a"}] if isinstance(report, list) else {**report, "surprise": 1}
                    self.assertFalse(validator.is_valid(wrong))

    def test_fingerprints_are_valid(self):
        with tempfile.TemporaryDirectory() as folder:
            self.check("fingerprint", ZOO / "qwen-a", ZOO / "gpt2-a", "-o", folder)
            for file in pathlib.Path(folder).glob("*.fp"):
                self.check("inspect", file)
        self.check("inspect", ZOO / "gpt2-a")

    def test_verifications_are_valid(self):
        self.check("verify-quant", ZOO / "qwen-a", ZOO / "qwen-a-sft")

    def test_scans_are_valid(self):
        for database, *options in ((KIT_FOLDER, "--threshold", "0"), (KIT_FOLDER, "--threshold", "1", "--family", "none")):
            with self.subTest(options=options):
                self.check("scan", ZOO / "qwen-a-sft", "--db", database, *options)


if __name__ == "__main__":
    unittest.main()
