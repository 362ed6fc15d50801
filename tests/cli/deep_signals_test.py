"""db import kit with the published kit's archive of weight signals, which pyarrow writes here in the kit's layout."""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest
import zipfile

import numpy
import pyarrow
import pyarrow.parquet as parquet

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tool

KIT = tool.REPOSITORY / "tests/support/kit_folder"
FAMILY = "features/base/by-family/zoo--qwen"
COLUMNS = pyarrow.schema([("signal", pyarrow.string()), ("layer", pyarrow.int32()), ("row", pyarrow.int32()), ("col", pyarrow.int32()),
                          ("value", pyarrow.float32())])
PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def tensors_of(model):
    """The tensors of a small BF16 checkpoint as float32, by name."""
    data = (model / "model.safetensors").read_bytes()
    size = int.from_bytes(data[:8], "little")
    tensors = {}
    for name, about in sorted(json.loads(data[8 : 8 + size]).items()):
        if name != "__metadata__":
            begin, end = about["data_offsets"]
            bits = numpy.frombuffer(data[8 + size + begin : 8 + size + end], numpy.uint16).astype(numpy.uint32) << 16
            tensors[name] = bits.view(numpy.float32).reshape(about["shape"])
    return tensors


def vector(signal, values, layer=None):
    return [(signal, layer, row, None, float(value)) for row, value in enumerate(values)]


def rows_of(model):
    """The kit's weight signals of a model of the zoo, one row a number; EAS is a made-up matrix."""
    tensors = tensors_of(model)
    norms = [t for name, t in tensors.items() if "norm" in name and t.ndim == 1]
    lengths = numpy.linalg.norm(tensors["model.embed_tokens.weight"].astype(numpy.float64), axis=1)
    histogram = numpy.histogram(lengths, bins=20)[0]
    rows = vector("nlf_vector", numpy.concatenate(norms)) + vector("end_histogram", histogram / histogram.sum())
    energy = []
    for layer in range(sum(name.endswith("up_proj.weight") for name in tensors)):
        inside = {name: t for name, t in tensors.items() if name.startswith(f"model.layers.{layer}.") and t.ndim == 2}
        energy.append(sum(numpy.linalg.norm(t.astype(numpy.float64)) for t in inside.values()))
        samples = []
        for name, t in inside.items():
            if name.split(".")[-2] in PROJECTIONS:
                stride = max(1, t.size // 4096)
                samples.append(t.reshape(-1)[::stride][:4096])
        rows += vector("wvc_layer_sigs", numpy.concatenate(samples), layer)
    rows += vector("lep_profile", numpy.array(energy) / max(energy))
    rows += [("eas_self_sim", None, row, column, float((row * column) % 7 / 7)) for row in range(16) for column in range(16)]
    return rows, len(norms)


def table(rows, schema=COLUMNS):
    columns = list(zip(*rows))
    return pyarrow.table([pyarrow.array(column, type=field.type) for column, field in zip(columns, schema)], schema=schema)


class DeepSignals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows, cls.norms = rows_of(tool.ZOO / "qwen-a")

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.database = self.folder / "models.db"
        self.kit = self.folder / "kit"
        shutil.copytree(KIT, self.kit)
        bundle = self.kit / FAMILY / "qwen-a_features.json"
        content = json.loads(bundle.read_text())
        self.path = "features/deep-signals/by-family/zoo--qwen/qwen-a__hf-safetensors_deep-signals.parquet"
        content["artifact_refs"] = [{"artifact_id": "a", "type": "deep_signals", "path": self.path}]
        content["signals"] = {"nlf_mode": "direct", "nlf_num_layers": self.norms, "eas_anchor_count": 16}
        bundle.chmod(0o644)
        bundle.write_text(json.dumps(content))

    def write(self, content, path=None, **options):
        path = path or self.kit / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            parquet.write_table(content, path, **options)
        return path

    def import_kit(self, *archive):
        done = tool.run("db", "import", "kit", self.kit, *archive, "--db", self.database, "--replace", "--json")
        self.assertIn(done.returncode, (0, 2), done.stderr)
        report = json.loads(done.stdout) if done.stdout else None
        left_out = [] if report is None else [item for item in report["left_out"] if "weight signals" in item["record"]]
        return done, left_out

    def scores(self, database, model_id):
        found = json.loads(tool.run("scan", tool.ZOO / "qwen-a-sft", "--db", database, "--depth", "fast", "--top-k", "9", "--json").stdout)
        return next(match for match in found["matches"] if match["model_id"] == model_id)

    def expect_scores(self):
        """Those that a record of the model itself has."""
        own = self.folder / "own.db"
        tool.run("db", "add", tool.ZOO / "qwen-a", "--db", own)
        mine, theirs = self.scores(own, "qwen-a"), self.scores(self.database, "qwen-a")
        for signal in ("nlf", "lep", "end", "wvc", "mfi_score"):
            self.assertIsNotNone(theirs["scores"][signal], signal)
            self.assertAlmostEqual(theirs["scores"][signal], mine["scores"][signal], 3, signal)
        self.assertIsNotNone(theirs["scores"]["eas"])
        self.assertIsNotNone(theirs["scores"]["identity_score"])
        # Numbers that are alike are no descent: no weights lie behind them.
        self.assertEqual((theirs["lineage"]["class"], theirs["compared_by"]), ("inconclusive", "nothing"))
        self.assertIn("kit's signals", theirs["lineage"]["reasons"][0])

    def test_beside_the_database(self):
        self.write(table(self.rows))
        done, left_out = self.import_kit()
        self.assertEqual(left_out, [], done.stderr)
        self.expect_scores()
        self.assertEqual(tool.run("db", "verify", "--db", self.database).returncode, 0)

    def test_in_an_archive_of_its_own(self):
        file = self.write(table(self.rows), self.folder / "made.parquet")
        for prefix in ("", "deep-signals/"):
            archive = self.folder / "deep-signals.zip"
            inside = pathlib.PurePosixPath(prefix + self.path.split("deep-signals/", 1)[1])
            with zipfile.ZipFile(archive, "w") as packed:
                packed.writestr(f"__MACOSX/{inside.with_name('._' + inside.name)}", "of a Mac")
                packed.write(file, inside)
            done, left_out = self.import_kit(archive)
            self.assertEqual(left_out, [], done.stderr)
            self.expect_scores()
            self.database.unlink()

    def test_in_a_folder_of_its_own(self):
        self.write(table(self.rows), self.folder / "unpacked" / self.path.split("deep-signals/", 1)[1])
        self.assertEqual(self.import_kit(self.folder / "unpacked")[1], [])
        self.expect_scores()

    def test_other_encodings_and_types(self):
        wide = pyarrow.schema([("value", pyarrow.float64()), ("col", pyarrow.int64()), ("row", pyarrow.int64()), ("layer", pyarrow.float64()),
                               ("signal", pyarrow.large_string()), ("more", pyarrow.string())])
        turned = table([(v, c, r, l, s, "x") for s, l, r, c, v in self.rows], wide)
        packed = table(self.rows).set_column(0, "signal", table(self.rows)["signal"].dictionary_encode())
        for content, options in ((turned, {"compression": "zstd"}), (packed, {"compression": "gzip"}),
                                 (table(self.rows), {"compression": "none", "use_dictionary": False, "data_page_version": "2.0"}),
                                 (table(self.rows), {"row_group_size": 1000, "compression": "snappy"})):
            self.write(content, **options)
            self.assertEqual(self.import_kit()[1], [], options)
            self.assertIsNotNone(self.scores(self.database, "qwen-a")["scores"]["wvc"], options)

    def test_hostile_files_are_named_and_the_record_stays(self):
        whole = self.write(table(self.rows)).read_bytes()
        row = ("nlf_vector", None, 0, None, 1.0)
        text = pyarrow.schema([("signal", pyarrow.string()), ("layer", pyarrow.int32()), ("row", pyarrow.string()), ("col", pyarrow.int32()),
                               ("value", pyarrow.float32())])
        cases = {
            "cut": (whole[:-20], None),
            "no Parquet": (b"PAR1 and nothing else", None),
            "empty": (b"", None),
            "a column missing": (table(self.rows).drop_columns(["row"]), "row"),
            "texts for numbers": (table([("nlf_vector", None, "0", None, 1.0)], text), "row"),
            "no value": (table([("nlf_vector", None, 0, None, None)]), "value"),
            "no row": (table([("nlf_vector", None, None, None, 1.0)]), "row"),
            "no signal": (table([(None, None, 0, None, 1.0)]), "signal"),
            "not finite": (table([("nlf_vector", None, 0, None, float("nan"))]), "nlf_vector"),
            "outside": (table([("eas_self_sim", None, 2**31 - 1, 0, 1.0)]), "eas_self_sim"),
            "a column outside the matrix": (table([("eas_self_sim", None, 0, 5, 1.0)]), "eas_self_sim"),
            "few bins": (table([("end_histogram", None, 0, None, 1.0)]), "end_histogram"),
            "negative": (table([("lep_profile", None, -1, None, 1.0)]), "lep_profile"),
        }
        for what, (content, field) in cases.items():
            with self.subTest(what):
                self.write(content)
                done, left_out = self.import_kit()
                self.assertEqual((done.returncode, len(left_out)), (2, 1), done.stderr)
                self.assertIn("qwen-a", left_out[0]["record"])
                self.assertIn("deep-signals.parquet", left_out[0]["what"])
                if field:
                    self.assertIn(f"field {field}", left_out[0]["what"])
                self.assertIsNone(self.scores(self.database, "qwen-a")["scores"]["wvc"])
        self.write(table([row]))
        self.assertEqual(self.import_kit()[1], [])

    def test_flipped_bytes_never_crash(self):
        whole = self.write(table(self.rows[:400])).read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 60)):
            self.write(whole[:at] + bytes([whole[at] ^ 0x15]) + whole[at + 1 :])
            self.assertIn(self.import_kit()[0].returncode, (0, 2), at)

    def test_without_the_module_it_is_said_once(self):
        self.write(table(self.rows))
        alone = self.folder / "provenancekit"
        shutil.copy(tool.TOOL, alone)
        done = tool.subprocess.run([alone, "db", "import", "kit", self.kit, "--db", self.database, "--json"], capture_output=True,
                                   env=tool.environment())
        self.assertEqual(done.returncode, 2)
        left_out = [item for item in json.loads(done.stdout)["left_out"] if item["record"] == "weight signals"]
        self.assertEqual(len(left_out), 1)
        self.assertIn("cannot read or write Parquet", left_out[0]["what"])
        self.assertIsNone(self.scores(self.database, "qwen-a")["scores"]["nlf"])

    def test_an_archive_that_is_none(self):
        with zipfile.ZipFile(self.folder / "other.zip", "w") as other:
            other.writestr("readme.txt", "")
        for archive, what in ((self.folder / "none.zip", b"no such file"), (self.folder / "other.zip", b"no weight signals")):
            done = tool.run("db", "import", "kit", self.kit, archive, "--db", self.database)
            self.assertEqual(done.returncode, 2)
            self.assertIn(what, done.stderr)


if __name__ == "__main__":
    unittest.main()
