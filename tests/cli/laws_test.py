#!/usr/bin/env python3
"""Laws of `compare --json` and `decompose --json` on the trained models of the repository."""
import json
import unittest

from tool import ZOO, environment, run

PAIRS = [("qwen-a", "qwen-a-sft"), ("qwen-a", "qwen-a2"), ("gpt2-a", "gpt2-a-sft"), ("gpt2-a", "gpt2-a2"),
         ("qwen-a", "gpt2-a"), ("qwen-a", "qwen-a")]
MIRRORED_DIRECTION = {"a->b": "b->a", "b->a": "a->b", "undetermined": "undetermined"}


def report(a, b, *options, **keywords):
    result = run("compare", ZOO / a, ZOO / b, "--json", *options, **keywords)
    if result.returncode != 0:
        raise AssertionError(f"{a}, {b}: exit code {result.returncode}: {result.stderr.decode()}")
    return json.loads(result.stdout)


def timeless(value):
    return {key: item for key, item in value.items() if key not in ("time_seconds", "timing")}


class Laws(unittest.TestCase):
    def test_a_report_is_pythons_json_to_the_byte(self):
        text = run("compare", ZOO / "qwen-a", ZOO / "qwen-a-sft", "--json").stdout.decode("ascii")
        self.assertEqual(text, json.dumps(json.loads(text), indent=2) + "\n")

    def test_two_runs_differ_in_times_only(self):
        for a, b in PAIRS[:2]:
            self.assertEqual(timeless(report(a, b)), timeless(report(a, b)))

    def test_the_number_of_threads_changes_nothing(self):
        one, many = (report("gpt2-a", "gpt2-a-sft", env=environment(PROVENANCEKIT_THREADS=n)) for n in ("1", "7"))
        self.assertEqual(timeless(one), timeless(many))

    def test_exchanging_the_models_mirrors_the_report(self):
        for a, b in PAIRS:
            with self.subTest(a=a, b=b):
                forth, back = report(a, b), report(b, a)
                self.assertEqual(forth["signals"], back["signals"])
                self.assertEqual(forth["scores"], back["scores"])
                self.assertEqual(forth["models"], {"a": back["models"]["b"], "b": back["models"]["a"]})
                self.assertEqual(forth["lineage"]["class"], back["lineage"]["class"])
                self.assertEqual(forth["lineage"]["direction"], MIRRORED_DIRECTION[back["lineage"]["direction"]])
                self.assertEqual(len(forth["lineage"]["conflicts"]), len(back["lineage"]["conflicts"]))
                for one, other in zip(forth["lineage"]["evidence"], back["lineage"]["evidence"], strict=True):
                    self.assertEqual((one["test"], one["status"], one["n"]), (other["test"], other["status"], other["n"]))
                    self.assert_close(one["z"], other["z"])
                for one, other in zip(forth["lineage"]["agreement"], back["lineage"]["agreement"], strict=True):
                    for key in ("role", "tensors", "mismatched_shapes", "equal_content", "identical_share"):
                        self.assertEqual(one[key], other[key])
                    self.assert_close(one["cosine"], other["cosine"])

    def assert_close(self, one, other):
        self.assertEqual(one is None, other is None)
        if one is not None:
            self.assertAlmostEqual(one, other, delta=1e-9 * max(1, abs(one)))

    def test_classes_are_those_of_the_truth(self):
        truth = json.loads((ZOO / "truth.json").read_text())
        self.assertTrue(truth["pairs"])
        for pair in truth["pairs"]:
            with self.subTest(a=pair["a"], b=pair["b"]):
                lineage = report(pair["a"], pair["b"])["lineage"]
                positive = lineage["class"] in ("identical", "derived", "same-lineage")
                self.assertEqual(positive, pair["weights_shared"], lineage["reasons"])


def decomposition(child, *candidates, **keywords):
    result = run("decompose", ZOO / child, *[ZOO / name for name in candidates], "--json", **keywords)
    if result.returncode != 0:
        raise AssertionError(f"{child}: exit code {result.returncode}: {result.stderr.decode()}")
    return json.loads(result.stdout)


class LawsOfDecompose(unittest.TestCase):
    CANDIDATES = ("qwen-a", "qwen-a2", "gpt2-a")

    def test_a_report_is_pythons_json_to_the_byte(self):
        text = run("decompose", ZOO / "qwen-a-sft", ZOO / "qwen-a", "--json").stdout.decode("ascii")
        self.assertEqual(text, json.dumps(json.loads(text), indent=2) + "\n")

    def test_the_number_of_threads_changes_nothing(self):
        one, many = (decomposition("qwen-a-sft", *self.CANDIDATES, env=environment(PROVENANCEKIT_THREADS=n)) for n in ("1", "7"))
        self.assertEqual(timeless(one), timeless(many))

    def test_the_order_of_the_candidates_changes_nothing_but_their_order(self):
        one, other = (decomposition("qwen-a-sft", *names) for names in (self.CANDIDATES, reversed(self.CANDIDATES)))
        for key in ("operator", "base", "terms", "gain", "explained", "reasons", "layers", "modules", "steps"):
            self.assertEqual(one[key], other[key])
        self.assertEqual(one["candidates"], other["candidates"][::-1])


if __name__ == "__main__":
    unittest.main()
