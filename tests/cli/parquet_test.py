"""db export --parquet and back: the tables are what other tools read, and hostile ones are refused."""
import json
import pathlib
import sys
import tempfile
import unittest

import duckdb
import pyarrow
import pyarrow.parquet as parquet

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tool


class Parquet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        cls.whole = pathlib.Path(cls.keep.name)
        cls.database = cls.whole / "models.db"
        for name in ("gpt2-a", "gpt2-a-sft", "gpt2-a2", "qwen-a", "qwen-a-sft"):
            tool.run("db", "add", tool.ZOO / name, "--db", cls.database, "--publisher", "zoo")
        lines = cls.whole / "lines.jsonl"
        lines.write_text(json.dumps({"id": "no/weights", "metadata": {"x": [1]}, "signals": {"mfi": {}}}))
        tool.run("db", "import", lines, "--db", cls.database)
        done = tool.run("db", "export", "--parquet", cls.whole / "tables", "--db", cls.database)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.tables = self.folder / "tables"
        self.tables.mkdir()
        for file in (self.whole / "tables").iterdir():
            (self.tables / file.name).write_bytes(file.read_bytes())

    def import_tables(self):
        return tool.run("db", "import", self.tables, "--db", self.folder / "back.db", "--json")

    def seal(self, database):
        copy = self.folder / (database.stem + "-sealed.db")
        tool.run("db", "export", copy, "--db", database)
        return json.loads(tool.run("db", "info", "--db", copy, "--json").stdout)["seal"]

    def test_everything_comes_back(self):
        done = self.import_tables()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["sources"][0]["added"], 6)
        # The seal is over the digests of all records, which are over every byte of them.
        self.assertEqual(self.seal(self.folder / "back.db"), self.seal(self.database))
        self.assertEqual(tool.run("db", "verify", "--db", self.folder / "back.db").returncode, 0)

    def test_a_lookup_by_words_is_a_join(self):
        query = tool.ZOO / "gpt2-a-sft"
        scan = json.loads(tool.run("scan", query, "--db", self.database, "--top-k", "10", "--json").stdout)
        ours = {m["asset_id"]: m["shared_words"] for m in scan["matches"] if m["shared_words"] >= 4}
        self.assertGreaterEqual(len(ours), 2)
        rows = duckdb.sql(f"""
            SELECT m.id, count(*) AS shared
            FROM '{self.tables}/words.parquet' w
            JOIN '{self.tables}/words.parquet' q ON q.word = w.word
            JOIN '{self.tables}/models.parquet' a ON a.model = q.model AND a.id = 'gpt2-a-sft'
            JOIN '{self.tables}/models.parquet' m ON m.model = w.model
            GROUP BY m.id HAVING shared >= 4 ORDER BY shared DESC, m.id""").fetchall()
        self.assertEqual(dict(rows), ours)
        ranked = [m["asset_id"] for m in sorted(scan["matches"], key=lambda m: (-m["shared_words"], m["asset_id"])) if m["asset_id"] in ours]
        self.assertEqual([row[0] for row in rows], ranked)

    def test_never_replaces_and_leaves_nothing_half_written(self):
        for target in (self.tables, self.folder / "missing/tables"):
            done = tool.run("db", "export", "--parquet", target, "--db", self.database)
            self.assertEqual(done.returncode, 2)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["tables"])

    def refused(self, words):
        done = self.import_tables()
        self.assertEqual(done.returncode, 2, (words, done.stdout))
        self.assertIn(words.encode(), done.stderr)
        self.assertIn(b"parquet", done.stderr)

    def test_files_cut_short_or_flipped(self):
        for name in ("models.parquet", "words.parquet"):
            whole = (self.whole / "tables" / name).read_bytes()
            for size in (0, 3, 12, len(whole) // 2, len(whole) - 1):
                (self.tables / name).write_bytes(whole[:size])
                self.refused("")
            for at in range(4, len(whole), max(1, len(whole) // 15)):
                (self.tables / name).write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1:])
                done = self.import_tables()
                self.assertIn(done.returncode, (0, 2), (name, at))
                if done.returncode == 0:  # a byte that says nothing about the records
                    self.assertEqual(self.seal(self.folder / "back.db"), self.seal(self.database), (name, at))
                    (self.folder / "models-sealed.db").unlink()
                    (self.folder / "back-sealed.db").unlink()
                for file in self.folder.glob("back.db*"):
                    file.unlink()
            (self.tables / name).write_bytes(whole)

    def change(self, name, change):
        table = change(parquet.read_table(self.whole / "tables" / name))
        parquet.write_table(table, self.tables / name)

    def test_other_columns_and_types(self):
        self.change("models.parquet", lambda t: t.drop_columns(["licence"]))
        self.refused("columns")
        self.change("models.parquet", lambda t: t.rename_columns(["x"] + t.column_names[1:]))
        self.refused("column 0")
        self.change("models.parquet", lambda t: t.set_column(0, "model", t["model"].cast(pyarrow.string())))
        self.refused("column 0")
        self.change("models.parquet", lambda t: t)
        self.change("words.parquet", lambda t: t.set_column(1, "word", t["word"].cast(pyarrow.float64(), safe=False)))
        self.refused("column 1")

    def test_values_that_break_the_rules(self):
        missing = lambda t: t.set_column(1, "id", pyarrow.array([None] * t.num_rows, pyarrow.string()))
        self.change("models.parquet", missing)
        self.refused("missing")
        self.change("models.parquet", lambda t: t.take(list(range(t.num_rows - 1, -1, -1))))
        self.refused("")
        self.change("models.parquet", lambda t: t)
        self.change("words.parquet", lambda t: t.set_column(0, "model", pyarrow.array([999] * t.num_rows)))
        self.refused("no record")

    def test_an_altered_record_is_left_out_and_the_rest_taken(self):
        def change(table):
            names = table["publisher"].to_pylist()
            names[1] = "somebody"
            return table.set_column(2, "publisher", pyarrow.array(names))
        self.change("models.parquet", change)
        done = self.import_tables()
        self.assertEqual(done.returncode, 2)
        report = json.loads(done.stdout)
        self.assertEqual(report["sources"][0]["added"], 5)
        self.assertEqual([item["record"] for item in report["left_out"]], ["gpt2-a-sft"])

    def test_a_bomb_is_too_large(self):
        # 1.8 GiB of zeros, some kilobytes on the disk.
        table = parquet.read_table(self.whole / "tables/models.parquet")
        one = pyarrow.array([b"\0" * (300 << 20)], pyarrow.binary())
        column = pyarrow.chunked_array([one] * table.num_rows)
        table = table.set_column(table.column_names.index("sketch"), "sketch", column)
        parquet.write_table(table, self.tables / "models.parquet", compression="zstd", use_dictionary=False)
        self.assertLess((self.tables / "models.parquet").stat().st_size, 20 << 20)
        self.refused("")


if __name__ == "__main__":
    unittest.main()
