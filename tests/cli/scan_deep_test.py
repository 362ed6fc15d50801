"""`scan` compares candidates by the weights themselves where these are at hand: what fingerprints leave open is settled."""
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tool


def launder(source, target):
    """A copy without its tokenizer, the hidden units of every MLP in another order: the function of the model stays."""
    target.mkdir()
    shutil.copy(source / "config.json", target)
    data = bytearray((source / "model.safetensors").read_bytes())
    size = int.from_bytes(data[:8], "little")
    tensors = json.loads(data[8 : 8 + size])
    shuffle = random.Random(5).shuffle
    for name, up in tensors.items():
        if not name.endswith("mlp.up_proj.weight"):
            continue
        order = list(range(up["shape"][0]))
        shuffle(order)
        for other in ("up", "gate", "down"):
            tensor = tensors[name.replace("up_proj", other + "_proj")]
            begin, end = (8 + size + offset for offset in tensor["data_offsets"])
            rows, columns = tensor["shape"]
            values = [bytes(data[at : at + 2]) for at in range(begin, end, 2)]
            if other == "down":
                moved = [values[row * columns + unit] for row in range(rows) for unit in order]
            else:
                moved = [value for unit in order for value in values[unit * columns : (unit + 1) * columns]]
            data[begin:end] = b"".join(moved)
    (target / "model.safetensors").write_bytes(data)


class DeepTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.child = cls.folder / "child"
        launder(tool.ZOO / "qwen-a", cls.child)
        for name in ("qwen-a", "qwen-a2", "gpt2-a"):
            shutil.copytree(tool.ZOO / name, cls.folder / name)
        done = tool.run("db", "add", "qwen-a", "qwen-a2", "gpt2-a", "--db", "models.db", cwd=cls.folder)
        assert done.returncode == 0, done.stderr

    def scan(self, *options, cwd=None):
        done = tool.run("scan", self.child, "--db", self.folder / "models.db", "--no-cache", "--json", *options, cwd=cwd or self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["matches"]

    def test_weights_settle_what_fingerprints_leave_open(self):
        by_fingerprint = self.scan("--depth", "fast")
        self.assertEqual({match["lineage"]["class"] for match in by_fingerprint}, {"inconclusive"})
        self.assertNotIn("weights", {match["compared_by"] for match in by_fingerprint})
        parent = self.scan()[0]
        self.assertEqual((parent["model_id"], parent["compared_by"], parent["weights_compared"]), ("qwen-a", "weights", True))
        self.assertEqual((parent["lineage"]["class"], parent["lineage"]["relation"]), ("same-lineage", "reparameterised"))
        compared = tool.run("compare", self.folder / "qwen-a", self.child, "--no-cache", "--json")
        self.assertEqual(parent["lineage"], json.loads(compared.stdout)["lineage"])

    def test_a_fingerprint_file_is_looked_up_like_its_model(self):
        done = tool.run("fingerprint", tool.ZOO / "qwen-a-sft", "-o", self.folder / "kept.fp")
        self.assertEqual(done.returncode, 0, done.stderr)
        reports = []
        for reference in (tool.ZOO / "qwen-a-sft", self.folder / "kept.fp"):
            done = tool.run("scan", reference, "--db", self.folder / "models.db", "--no-cache", "--depth", "fast", "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            reports.append(json.loads(done.stdout))
        of_model, of_file = reports
        for match in of_model["matches"] + of_file["matches"]:
            del match["elapsed_ms"]
        self.assertEqual(of_file["matches"], of_model["matches"])
        self.assertEqual(of_file["matches"][0]["model_id"], "qwen-a")
        refused = tool.run("compare", tool.ZOO / "qwen-a", self.folder / "kept.fp")
        self.assertEqual(refused.returncode, 2)
        self.assertIn(b"a fingerprint file holds no weights", refused.stderr)

    def test_a_relative_source_is_found_beside_the_database(self):
        self.assertEqual(self.scan(cwd="/")[0]["compared_by"], "weights")

    def test_relations_are_those_of_the_weights(self):
        self.assertEqual([match["model_id"] for match in self.scan("--relation", "related")], ["qwen-a"])
        self.assertEqual(self.scan("--relation", "related", "--depth", "fast"), [])

    def test_weights_that_are_gone_or_changed_are_named(self):
        parent, aside = self.folder / "qwen-a", self.folder / "aside"
        parent.rename(aside)
        try:
            gone = self.scan()[0]
            shutil.copytree(tool.ZOO / "qwen-a-sft", parent)
            changed = next(match for match in self.scan() if match["model_id"] == "qwen-a")
            shutil.rmtree(parent)
        finally:
            aside.rename(parent)
        for match, reason in ((gone, "not on this machine"), (changed, "other weights than those of the record")):
            self.assertEqual(match["compared_by"], "fingerprint")
            self.assertEqual(match["lineage"]["class"], "inconclusive")
            self.assertIn(reason, match["lineage"]["reasons"][-1])

    def test_a_source_that_is_no_model_ends_nothing(self):
        parent, aside = self.folder / "qwen-a", self.folder / "aside"
        parent.rename(aside)
        try:
            os.mkfifo(parent)
            match = self.scan()[0]
        finally:
            parent.unlink(missing_ok=True)
            aside.rename(parent)
        self.assertEqual(match["compared_by"], "fingerprint")
        self.assertIn("not at hand", match["lineage"]["reasons"][-1])


if __name__ == "__main__":
    unittest.main()
