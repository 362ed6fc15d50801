#!/usr/bin/env python3
"""Every hostile file of tests/bad, in the place where the command would read it: a refusal on stderr, never a crash."""
import pathlib
import shutil
import tempfile
import unittest

from tool import REPOSITORY, ZOO, run

BAD = REPOSITORY / "tests/bad"
# Where the command would read a file of each kind, by its ending.
PLACES = {
    "safetensors": {".safetensors": "model.safetensors"},
    "shard_index": {".json": "model.safetensors.index.json"},
    "gguf": {".gguf": "model.gguf"},
    "pytorch": {".pt": "pytorch_model.bin"},
    "config": {".json": "config.json"},
    "tokenizer": {".json": "tokenizer.json", ".model": "tokenizer.model", ".tiktoken": "qwen.tiktoken"},
}


class Hostile(unittest.TestCase):
    def compare_with(self, file, place):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            if not place.startswith(("model.", "pytorch_model.")):  # weights stand beside it
                shutil.copy(ZOO / "gpt2-a/model.safetensors", folder)
            shutil.copy(file, folder / place)
            return run("compare", "--json", ZOO / "gpt2-a", folder)

    def test_every_file(self):
        files = [(file, places[file.suffix]) for kind, places in PLACES.items() for file in sorted((BAD / kind).iterdir())
                 if file.name != "expected.tsv"]
        self.assertGreater(len(files), 200)
        for file, place in files:
            with self.subTest(file=file.name):
                answer = self.compare_with(file, place)
                if file.name.startswith("ok_"):  # odd, but to be read
                    self.assertEqual(answer.returncode, 0, answer.stderr)
                    continue
                self.assertEqual(answer.returncode, 2, answer.stderr)
                self.assertEqual(answer.stdout, b"")
                self.assertTrue(answer.stderr.startswith(b"provenancekit: error: "), answer.stderr)
                self.assertIn(place.encode(), answer.stderr)


if __name__ == "__main__":
    unittest.main()
