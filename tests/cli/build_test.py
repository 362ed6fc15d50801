"""db build: a database from a catalogue; what fails is named, what was done is not done again."""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tool


class Build(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.database = self.folder / "models.db"
        shutil.copytree(tool.ZOO / "gpt2-a", self.folder / "models/gpt2-a")
        self.catalog = self.folder / "catalog.jsonl"

    def write(self, *entries):
        self.catalog.write_text("\n".join(e if isinstance(e, str) else json.dumps(e) for e in entries))

    def build(self, *more):
        done = tool.run("db", "build", "--db", self.database, "--catalog", self.catalog, "--json", *more)
        self.assertIn(done.returncode, (0, 2), done.stderr)
        report = json.loads(done.stdout)
        row = report["sources"][0]
        counts = {key: row[key] for key in ("added", "unchanged", "replaced") if row[key]}
        self.assertEqual(done.returncode, 2 if report["left_out"] else 0)
        return counts, report["left_out"], report["kept"]

    def show(self, name):
        return json.loads(tool.run("db", "show", name, "--db", self.database, "--json").stdout)

    A = {"id": "org/a", "source": "models/gpt2-a", "publisher": "org", "family": "a", "licence": "mit", "metadata": {"x": 1}}
    B = {"id": "org/b", "source": str(tool.ZOO / "qwen-a")}

    def test_adds_what_can_be_read_and_names_the_rest(self):
        self.write(self.A, {"id": "no", "source": "nowhere"}, "{", {"id": "org/a", "source": "x"}, {"id": "u", "sorce": "x"},
                   {"id": "none"}, {"id": "hub", "source": "hf://org/model"}, "", self.B)
        counts, left_out, _ = self.build("--jobs", "3")
        self.assertEqual(counts, {"added": 2})
        self.assertEqual([item["record"] for item in left_out], ["line 3", "line 4", "line 5", "line 6", "no", "hub"])
        record = self.show("org/a")
        self.assertEqual((record["publisher"], record["family"], record["licence"]), ("org", "a", "mit"))
        self.assertEqual(record["metadata"]["x"], 1)
        self.assertTrue(record["has_weights"])
        found = json.loads(tool.run("scan", tool.ZOO / "gpt2-a-sft", "--db", self.database, "--json").stdout)
        self.assertEqual(found["matches"][0]["asset_id"], "org/a")

    def test_goes_on_where_it_stopped_and_reads_what_changed(self):
        self.write(self.A)
        self.assertEqual(self.build()[0], {"added": 1})
        self.write(self.A, self.B)
        self.assertEqual(self.build()[0], {"added": 1, "unchanged": 1})
        weights = next((self.folder / "models/gpt2-a").glob("*.safetensors"))
        data = bytearray(weights.read_bytes())
        data[-3] ^= 1
        weights.write_bytes(data)
        self.assertEqual(self.build()[0], {"replaced": 1, "unchanged": 1})
        self.assertEqual(tool.run("db", "verify", "--db", self.database).returncode, 0)

    def test_other_records_stay_unless_they_lack_weights(self):
        tool.run("db", "add", tool.ZOO / "qwen-a", "--id", "org/a", "--db", self.database)
        lines = self.folder / "lines.jsonl"
        lines.write_text(json.dumps({"id": "org/b", "publisher": "somebody", "metadata": {"kept": True}}))
        tool.run("db", "import", lines, "--db", self.database)
        self.write(self.A, self.B)
        counts, left_out, kept = self.build()
        self.assertEqual((counts, left_out, [item["record"] for item in kept]), ({"replaced": 1}, [], ["org/a"]))
        record = self.show("org/b")
        self.assertEqual((record["publisher"], record["metadata"]["kept"], record["has_weights"]), ("somebody", True, True))
        self.assertEqual(self.build("--replace")[0], {"replaced": 1, "unchanged": 1})

    def kit_folder(self, **sources):
        """A database folder in the layout of the published kit: its models and where they are."""
        assets = [{"asset_id": f"{name}__hf-safetensors", "model_id": name, "format": "safetensors", "param_bucket": "<=1B",
                   "canonical_name": name, "source_uri": source,
                   "feature_path": f"features/base/by-family/zoo--x/{name}_features.json"} for name, source in sources.items()]
        family = {"shard_id": "1", "family": {"family_id": "zoo--x", "display_name": "X", "publisher": "zoo",
                                              "baseline_model_ids": list(sources)[:1]}, "assets": assets}
        kit = self.folder / "kit"
        for path, content in (("catalog/manifest.json", {"shards": [{"family_id": "zoo--x", "shard_path": "catalog/by-family/zoo--x.json"}]}),
                              ("catalog/by-family/zoo--x.json", family),
                              *((asset["feature_path"], {"model_id": asset["model_id"], "mfi": {}}) for asset in assets)):
            (kit / path).parent.mkdir(parents=True, exist_ok=True)
            (kit / path).write_text(json.dumps(content))
        return kit

    def test_a_catalogue_of_the_published_kit(self):
        hub = "https://huggingface.co/"
        snapshot = self.folder / "hub/models--org--cached/snapshots" / ("c" * 40)
        shutil.copytree(tool.ZOO / "qwen-a", snapshot)
        (self.folder / "hub/models--org--cached/refs").mkdir()
        (self.folder / "hub/models--org--cached/refs/main").write_text("c" * 40)
        self.catalog = self.kit_folder(near="../models/gpt2-a", cached=hub + "org/cached", far=hub + "org/far", placeless="")
        imported = tool.run("db", "import", "kit", self.catalog, "--db", self.database, "--json")
        self.assertEqual(imported.returncode, 0, imported.stderr)
        self.assertFalse(self.show("org/cached")["has_weights"])

        offline = tool.environment(HF_HUB_CACHE=str(self.folder / "hub"), HF_HUB_OFFLINE="1")
        done = tool.run("db", "build", "--db", self.database, "--catalog", self.catalog, "--json", env=offline)
        self.assertEqual(done.returncode, 2, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["sources"][0]["replaced"], 2)  # the records of the import get weights
        self.assertEqual({item["record"] for item in report["left_out"]}, {"org/far", "placeless__hf-safetensors"})
        for name, baseline in (("zoo/near", True), ("org/cached", False)):
            record = self.show(name)
            self.assertTrue(record["has_weights"], name)
            self.assertEqual((record["publisher"], record["family"]), ("zoo", "X"))
            self.assertEqual((record["metadata"]["baseline"], record["metadata"]["param_bucket"]), (baseline, "<=1B"))
            self.assertEqual(record["metadata"]["origin"], "the published kit's database")
        again = tool.run("db", "build", "--db", self.database, "--catalog", self.catalog, "--json", env=offline)
        self.assertEqual(json.loads(again.stdout)["sources"][0]["unchanged"], 2)

    def test_a_broken_catalogue_of_the_published_kit(self):
        self.catalog = self.kit_folder(near="../models/gpt2-a")
        manifest = self.catalog / "catalog/manifest.json"
        for text, code in (('{"shards": [{"shard_path": "../out.json"}, {"shard_path": "none.json"}, 7]}', 2), ("{", 2), ("{}", 2)):
            manifest.write_text(text)
            done = tool.run("db", "build", "--db", self.database, "--catalog", self.catalog, "--json")
            self.assertEqual(done.returncode, code, text)
            if done.stdout:
                self.assertEqual(len(json.loads(done.stdout)["left_out"]), 3)
            else:
                self.assertIn(b"manifest.json", done.stderr)

    def test_usage(self):
        for wrong in ([], ["--catalog", "x", "--jobs", "0"], ["--catalog", "x", "--jobs", "two"]):
            self.assertEqual(tool.run("db", "build", *wrong).returncode, 4, wrong)
        self.assertEqual(tool.run("db", "build", "--db", self.database, "--catalog", self.folder / "none").returncode, 2)


if __name__ == "__main__":
    unittest.main()
