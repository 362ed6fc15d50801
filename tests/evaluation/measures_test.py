#!/usr/bin/env python3
"""The measures of the evaluation, on answers whose worth is known."""
import json
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "evaluation"))
import derivation  # noqa: E402
import evaluate  # noqa: E402
import merges  # noqa: E402
import metrics  # noqa: E402
import page  # noqa: E402
import selection  # noqa: E402
import truth  # noqa: E402
import verdicts  # noqa: E402

RELATIONS = evaluate.RELATIONS


def pair(label, a="a", b="b", **facts):
    positive = label not in ("independent", "distilled")
    derived = positive and label not in ("sibling", "early-branch", "shared-initialisation")
    return truth.Pair("", a, b, label, {"derived": derived, "weights_shared": positive, "direction": "a->b" if derived else "none",
                                        "transforms": [], "same_tokenizer": True} | facts)


def answer(name, relation=None, direction="undetermined", z=100.0, operations=()):
    return {"lineage": {"class": name, "relation": relation, "direction": direction, "probability": None, "conflicts": [],
                        "reasons": ["because"], "operations": [{"kind": kind} for kind in operations],
                        "evidence": [{"test": "t", "value": 1.0, "z": z, "log10_p": None}]}}


def judged(one, report, **more):
    outcome = verdicts.judge(one, report, more.get("message", ""), 0.5, more.get("unreadable", ""), RELATIONS)
    return outcome | {"faults": metrics.faults(outcome, RELATIONS), "families": ["x", "x"]}


def in_order(direction, swapped, **facts):
    """A fine-tuned pair that is, or is not, given in reverse, with an answer in the order of the call."""
    one = next(one for one in (pair("fine-tuned", b=f"b{number}", **facts) for number in range(64))
               if selection.swapped(one) == swapped)
    return judged(one, answer("derived", "fine-tuned", direction))


class Auc(unittest.TestCase):
    def test_by_hand(self):
        self.assertEqual(metrics.auc([2, 3], [0, 1]), 1)
        self.assertEqual(metrics.auc([0, 1], [2, 3]), 0)
        self.assertEqual(metrics.auc([1, 1], [1]), 0.5)
        self.assertEqual(metrics.auc([1, 3], [2]), 0.5)
        self.assertEqual(metrics.auc([2, 2, 5], [2, 1]), (0.5 + 1 + 0.5 + 1 + 1 + 1) / 6)
        self.assertIsNone(metrics.auc([], [1]))


class Judging(unittest.TestCase):
    def test_swapped_directions_are_turned_back(self):
        self.assertEqual(in_order("a->b", False)["direction_result"], "right")
        self.assertEqual(in_order("a->b", True)["direction_result"], "wrong")
        self.assertEqual(in_order("b->a", True)["direction"], "a->b")
        self.assertEqual(in_order("b->a", False)["direction_result"], "wrong")
        self.assertEqual(in_order("a->b", False, direction_observable=False)["direction_result"], "claimed")

    def test_a_stranger_called_related_is_a_false_positive_and_fails_the_run(self):
        outcomes = [judged(pair("independent"), answer("same-lineage")), judged(pair("distilled"), answer("independent"))]
        totals = metrics.totals(outcomes, RELATIONS)
        self.assertEqual((totals["false_positives"], totals["negatives"]), (1, 2))
        self.assertEqual(outcomes[0]["faults"], ["false positive"])
        self.assertTrue(metrics.must_fail(totals))
        self.assertFalse(metrics.must_fail(metrics.totals(outcomes[1:], RELATIONS)))

    def test_a_wrong_direction_fails_the_run(self):
        self.assertTrue(metrics.must_fail(metrics.totals([in_order("b->a", False)], RELATIONS)))

    def test_unreadable_pairs_are_counted_and_not_judged(self):
        outcomes = [judged(pair("fine-tuned"), None, message="exit status 2", unreadable="b: exit status 2"),
                    judged(pair("quantised"), answer("inconclusive", z=None), unreadable="b: packed"),
                    judged(pair("lora"), None, message="crash"), judged(pair("fine-tuned"), answer("inconclusive"))]
        totals = metrics.totals(outcomes, RELATIONS)
        self.assertEqual((totals["unreadable"], totals["failed"], totals["decided"], totals["recall"]), (2, 1, 1, 0))
        self.assertEqual(totals["inconclusive"]["positive"], 1)

    def test_shared_starts_are_their_own_class(self):
        self.assertTrue(judged(pair("early-branch"), answer("shared-initialisation"))["right"])
        self.assertFalse(judged(pair("early-branch"), answer("same-lineage"))["right"])
        self.assertFalse(judged(pair("fine-tuned"), answer("shared-initialisation"))["right"])

    def test_kinds(self):
        chain = pair("laundered", transforms=["fine-tuned", "laundered", "scale_vo", "int4"])
        self.assertEqual(verdicts.truth_kinds(chain, RELATIONS), ({"reparameterised"},
                                                                  {"reparameterised", "fine-tuned", "quantised"}))
        said = judged(chain, answer("derived", "quantised", operations=["reparameterised"]))
        self.assertEqual((said["kind_right"], said["kind_named"]), (False, True))
        renamed = pair("laundered", transforms=["laundered", "tensor-renamed"])
        self.assertEqual(verdicts.truth_kinds(renamed, RELATIONS)[0], {"re-packaged", "identical"})
        noise = pair("laundered", transforms=["laundered", "noise-1%"])
        self.assertEqual(verdicts.truth_kinds(noise, RELATIONS)[0], {"noised"})
        other = pair("continued-pretraining", same_tokenizer=False)
        self.assertIn("vocabulary-replaced", verdicts.truth_kinds(other, RELATIONS)[0])

    def test_every_label_and_transform_of_the_zoo_is_known(self):
        self.assertEqual(verdicts.unknown_words(truth.Zoo(ROOT / "tests/zoo").pairs, RELATIONS), ([], []))
        self.assertEqual(verdicts.unknown_words([pair("odd", transforms=["strange"])], RELATIONS), (["odd"], ["strange"]))


class Selecting(unittest.TestCase):
    def test_about_half_is_swapped(self):
        swapped = sum(selection.swapped(pair("independent", b=f"b{number}")) for number in range(400))
        self.assertTrue(150 < swapped < 250, swapped)

    def test_a_sample_is_balanced_and_repeatable(self):
        zoo = truth.Zoo(ROOT / "tests/zoo")
        chosen = selection.sample(zoo, zoo.pairs, 6)
        self.assertEqual(chosen, selection.sample(zoo, list(reversed(zoo.pairs)), 6))
        self.assertEqual(sum(one.label == "fine-tuned" for one in chosen), 2)
        families = {tuple(sorted((zoo.family(("", one.a)), zoo.family(("", one.b))))) for one in chosen}
        self.assertEqual(len(families), 3)


class Merging(unittest.TestCase):
    def test_parents_and_weights(self):
        child = truth.Model("", "m", ("p", "q"), {"merge_weights": [0.7, 0.3], "transforms": ["task_arithmetic"]})
        report = {"operator": "linear", "slices": [], "terms": [
            {"model": "/p", "status": "parent", "weight": 0.69}, {"model": "/r", "status": "parent", "weight": 0.31},
            {"model": "/s", "status": "base", "weight": 0.001}]}
        said = merges.judge(None, child, report, {f"/{name}": name for name in "pqrs"})
        self.assertEqual((said["missed"], said["invented"], said["right"], said["operator_right"]), (["q"], ["r"], False, False))
        self.assertAlmostEqual(said["largest_weight_error"], 0.3)
        based = merges.judge(None, child, report | {"operator": "task-arithmetic"}, {f"/{name}": name for name in "pqrs"})
        self.assertEqual((based["invented"], based["operator_right"]), (["r", "s"], True))


class Deriving(unittest.TestCase):
    SCRIPT = """import json, pathlib, sys
zoo, out, recipes, *names = sys.argv[1:]
for recipe in json.load(open(recipes)):
    if recipe["name"] in names:
        folder = pathlib.Path(out, recipe["name"])
        folder.mkdir()
        (folder / "made").write_bytes(next(pathlib.Path(zoo).glob("*/" + recipe["parents"][0])).joinpath("w").read_bytes())
"""

    def derive(self, folder):
        zoo = truth.Zoo(folder)
        made = derivation.Derivation(zoo, "dev", folder / "recipes-dev.json", folder / "out", sys.executable)
        made.modules = {"numpy": "1", "gguf": None, "torch": None}
        return zoo, list(made.make()), made

    def test_only_what_changed_is_made_again(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "dev/p").mkdir(parents=True)
            (folder / "dev/p/w").write_text("1")
            models = [{"name": name} for name in ("p", "d", "g")]
            (folder / "truth-dev.json").write_text(json.dumps({"models": models, "pairs": []}))
            (folder / "recipes-dev.json").write_text(json.dumps([
                {"name": "d", "parents": ["p"], "ops": []}, {"name": "g", "parents": ["p"], "ops": [["out", {"gguf": "F16"}]]}]))
            (folder / "derive.py").write_text(self.SCRIPT)
            zoo, left_out, _ = self.derive(folder)
            self.assertEqual(left_out, ["left out: g: its recipe needs the Python module gguf"])
            made = zoo.models["dev", "d"].path / "made"
            made.write_text("kept")
            self.derive(folder)
            self.assertEqual(made.read_text(), "kept")
            (folder / "dev/p/w").write_text("2")
            self.derive(folder)
            self.assertEqual(made.read_text(), "2")


class Page(unittest.TestCase):
    def test_names_are_escaped(self):
        outcomes = [judged(pair("independent", a="<script>alert(1)</script>"), answer("derived", "<b>"))]
        report = {"tool": "<t>", "zoo": "<z>", "depth": None, "jobs": 1, "wall_seconds": 1, "merges": None, "pairs": outcomes,
                  "left_out": ["<l>"], "unreadable_models": [], "totals": metrics.totals(outcomes, RELATIONS),
                  "labels": metrics.by_label(outcomes, RELATIONS), "confusion": {
                      "class": metrics.confusion(outcomes, lambda one: one["a"], lambda one: one["class"]),
                      "relation": metrics.confusion(outcomes, lambda one: one["a"], lambda one: one["relation"])}}
        text = page.render(report)
        for raw in ("<script", "<b>", "<t>", "<z>", "<l>"):
            self.assertNotIn(raw, text)
        self.assertIn("&lt;script&gt;", text)


if __name__ == "__main__":
    unittest.main()
