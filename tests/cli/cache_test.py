"""The cache of features: it changes no number, notices every change of a model, and never breaks a command."""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tool

TIMES = {"timing", "elapsed_ms", "extract_seconds", "lookup_seconds", "total_seconds"}


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in TIMES and not key.endswith("_seconds")}
    return [without_times(item) for item in value] if isinstance(value, list) else value


class Cache(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.cache = self.folder / "cache"
        self.model = self.folder / "model"
        shutil.copytree(tool.ZOO / "gpt2-a-sft", self.model)
        self.database = self.folder / "models.db"
        self.assertEqual(tool.run("db", "add", tool.ZOO / "gpt2-a", "--db", self.database).returncode, 0)

    def answer(self, *arguments, warns=False):
        done = tool.run(*arguments, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(b"no cache is used" in done.stderr, warns, done.stderr)
        return json.dumps(without_times(json.loads(done.stdout)))

    def compare(self, *more, **options):
        return self.answer("compare", tool.ZOO / "gpt2-a", self.model, *more, **options)

    def scan(self, *more, **options):
        return self.answer("scan", self.model, "--db", self.database, *more, **options)

    def entries(self):
        return json.loads(tool.run("cache", "info", "--cache-dir", self.cache, "--json").stdout)["entries"]

    def test_numbers_are_equal_with_and_without(self):
        for command, kept in ((self.compare, 2), (self.scan, 3)):
            alone = command("--no-cache")
            self.assertEqual(command("--cache-dir", self.cache), alone)
            self.assertEqual(self.entries(), kept)  # signals of two models, then also a fingerprint
            self.assertEqual(command("--cache-dir", self.cache), alone)
            self.assertEqual(self.entries(), kept)

    def test_other_parameters_have_entries_of_their_own(self):
        few = {"env": tool.environment(PROVENANCEKIT_ANCHOR_K="16", PROVENANCEKIT_CACHE_DIR=str(self.cache))}
        first = tool.run("compare", tool.ZOO / "gpt2-a", self.model, "--json", **few)
        self.assertEqual(self.entries(), 2)
        self.compare("--cache-dir", self.cache)
        self.assertEqual(self.entries(), 4)
        again = tool.run("compare", tool.ZOO / "gpt2-a", self.model, "--json", **few)
        self.assertEqual(without_times(json.loads(first.stdout)), without_times(json.loads(again.stdout)))

    def test_a_changed_byte_is_a_new_model(self):
        before = self.compare("--cache-dir", self.cache)
        weights = next(self.model.glob("*.safetensors"))
        times = weights.stat()
        with open(weights, "r+b") as file:
            file.seek(times.st_size - 40001)
            byte = file.read(1)[0]
            file.seek(times.st_size - 40001)
            file.write(bytes([byte ^ 0x21]))
        os.utime(weights, ns=(times.st_atime_ns, times.st_mtime_ns))
        after = self.compare("--cache-dir", self.cache)
        self.assertEqual(after, self.compare("--no-cache"))
        self.assertNotEqual(after, before)

    def test_a_folder_that_cannot_be_used_breaks_nothing(self):
        alone = self.compare("--no-cache")
        blocked = self.folder / "file"
        blocked.write_text("")
        self.assertEqual(self.compare("--cache-dir", blocked / "cache", warns=True), alone)
        self.cache.mkdir()
        (self.cache / "provenancekit-cache.db").mkdir()
        self.assertEqual(self.compare("--cache-dir", self.cache, warns=True), alone)

    def read_only(self, *arguments):
        """The finished process of one who may not write into the cache; root may write everywhere."""
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        for path in (self.cache, *self.cache.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        nobody = {"user": 65534} if os.geteuid() == 0 else {}
        done = tool.run(*arguments, "--json", **nobody)
        self.cache.chmod(0o755)
        return done

    def test_a_folder_that_cannot_be_written_is_read(self):
        alone = self.compare("--cache-dir", self.cache)
        before = (self.cache / "provenancekit-cache.db").read_bytes()
        done = self.read_only("compare", tool.ZOO / "gpt2-a", self.model, "--cache-dir", self.cache)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(json.dumps(without_times(json.loads(done.stdout))), alone)
        self.assertEqual((self.cache / "provenancekit-cache.db").read_bytes(), before)

    def test_an_empty_folder_that_cannot_be_written_is_said_once(self):
        alone = self.compare("--no-cache")
        self.cache.mkdir()
        done = self.read_only("compare", tool.ZOO / "gpt2-a", self.model, "--cache-dir", self.cache)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count(b"no cache is used"), 1, done.stderr)
        self.assertEqual(json.dumps(without_times(json.loads(done.stdout))), alone)
        failed = self.read_only("compare", tool.ZOO / "gpt2-a", self.model, "--cache-dir", self.cache, "--fail-on", "related")
        self.assertEqual(failed.returncode, 1)  # as without a cache

    def test_depth_fast_keeps_nothing_and_says_the_same_whatever_is_kept(self):
        alone = self.compare("--depth", "fast", "--no-cache")
        self.assertEqual(self.compare("--depth", "fast", "--cache-dir", self.cache), alone)
        self.assertEqual(self.entries(), 0)
        self.compare("--cache-dir", self.cache)
        self.assertEqual(self.entries(), 2)
        self.assertEqual(self.compare("--depth", "fast", "--cache-dir", self.cache), alone)

    def test_a_damaged_cache_is_an_empty_one(self):
        alone = self.scan("--no-cache")
        self.cache.mkdir()
        (self.cache / "provenancekit-cache.db").write_bytes(os.urandom(9000))
        self.assertEqual(self.scan("--cache-dir", self.cache), alone)
        self.assertEqual(self.entries(), 3)  # signals of the model and of the candidate, a fingerprint

    def test_a_full_disk_breaks_nothing(self):
        alone = self.scan("--no-cache")
        self.cache.mkdir()
        limit = f"ulimit -f 64; exec {tool.TOOL} scan {self.model} --db {self.database} --cache-dir {self.cache} --json"
        done = tool.subprocess.run(["bash", "-c", "trap '' XFSZ; " + limit], env=tool.environment(), capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.dumps(without_times(json.loads(done.stdout))), alone)

    def test_what_is_pruned_leaves_the_disk(self):
        self.scan("--cache-dir", self.cache)
        full = sum(path.stat().st_size for path in self.cache.iterdir())
        done = tool.run("cache", "prune", "--max-size", "1K", "--cache-dir", self.cache, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        left = sum(path.stat().st_size for path in self.cache.iterdir())
        self.assertEqual(json.loads(done.stdout)["file_bytes"], left)
        self.assertLess(left, full / 2)

    def test_no_home_no_cache(self):
        self.compare()
        self.assertFalse(pathlib.Path("/nonexistent").exists())
        home = self.folder / "home"
        home.mkdir()
        tool.run("compare", tool.ZOO / "gpt2-a", self.model, env=tool.environment(HOME=str(home)))
        self.assertTrue((home / ".cache/provenancekit/provenancekit-cache.db").exists())


if __name__ == "__main__":
    unittest.main()
