#!/usr/bin/env python3
"""The tool beside a Hub on the loopback address: the same answers as from local files, and a clear error for each fault."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from hub_server import Fault, HubServer

TOOL = os.environ["TOOL"]
ZOO = pathlib.Path(__file__).resolve().parent.parent / "zoo"
PARENT, CHILD = ZOO / "qwen-a", ZOO / "qwen-a-sft"


class HubTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.home = pathlib.Path(self.folder.name)

    def serve(self, models=None, **options):
        hub = HubServer(models or {"org/parent": PARENT, "org/child": CHILD}, **options)
        self.enterContext(hub)
        return hub

    def environment(self, hub, **more):
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HUGGING"))}
        return {**clean, "HOME": str(self.home), "HF_ENDPOINT": hub.endpoint if hub else "http://127.0.0.1:9", **more}

    def run_tool(self, hub, *arguments, **environment):
        return subprocess.run([TOOL, *map(str, arguments)], env=self.environment(hub, **environment), capture_output=True, text=True, timeout=120)

    def compared(self, hub, *arguments, **environment):
        result = self.run_tool(hub, "compare", *arguments, "--json", **environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def failure(self, hub, *arguments, **environment):
        result = self.run_tool(hub, *arguments, **environment)
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertEqual(result.stdout, "")
        return result.stderr

    def test_the_same_numbers_as_from_local_files(self):
        hub = self.serve()
        remote = self.compared(hub, "hf:org/parent", "org/child@main", "--depth", "standard")
        local = self.compared(hub, PARENT, CHILD)
        for key in ("signals", "scores", "lineage"):
            self.assertEqual(remote[key], local[key])
        self.assertEqual(hub.leaks, [])

    def test_the_same_fingerprint_byte_for_byte(self):
        hub = self.serve()
        files = [self.home / "remote.fp", self.home / "local.fp"]
        for options in ([], ["--full"]), (["--depth", "fast"], ["--depth", "fast"]), (["--full"], []):
            for model, file, depth in zip(("hf:org/child", CHILD), files, options):
                result = self.run_tool(hub, "fingerprint", model, "-o", file, *depth)
                self.assertEqual(result.returncode, 0, result.stderr)
            # Without a depth, what is remote is read sparingly.
            self.assertEqual(files[0].read_bytes() == files[1].read_bytes(), options[0] != [], options)

    def test_a_page_of_the_hub_and_a_file_by_its_address(self):
        hub = self.serve()
        self.assertEqual(self.compared(hub, hub.endpoint + "/org/parent", PARENT, "--full")["lineage"]["class"], "identical")
        commit = hub.commits["org/parent"]
        page = f"{hub.endpoint}/org/parent/blob/{commit}/model.safetensors"
        self.assertEqual(self.compared(hub, page, PARENT, "--full")["lineage"]["class"], "identical")
        direct = f"{hub.content_address}/org/parent/model.safetensors"
        self.assertEqual(self.compared(hub, direct, PARENT, "--full")["lineage"]["class"], "identical")

    def test_lists_of_many_pages(self):
        hub = self.serve(page=2)
        self.assertEqual(self.compared(hub, "hf:org/parent", PARENT, "--full")["lineage"]["class"], "identical")
        self.assertTrue(any("cursor=" in request for request in hub.requests))

    def test_every_request_after_the_first_names_the_commit(self):
        hub = self.serve()
        self.compared(hub, "hf:org/parent@refs/pr/1", PARENT)
        self.assertIn("/revision/refs%2Fpr%2F1", hub.requests[0])
        for request in hub.requests[1:]:
            self.assertTrue(request.startswith("content:") or hub.commits["org/parent"] in request, request)

    def test_the_token_is_told_to_the_hub_alone(self):
        hub = self.serve(token="hf_secret")
        error = self.failure(hub, "compare", "hf:org/parent", PARENT)
        self.assertIn("it does not exist, or it is private: set HF_TOKEN", error)
        answer = self.compared(hub, "hf:org/parent", PARENT, "--full", HF_TOKEN="hf_secret")
        self.assertEqual(answer["lineage"]["class"], "identical")
        (self.home / "token").write_text(" hf_secret\n")
        answer = self.compared(hub, "hf:org/parent", PARENT, "--full", HF_TOKEN_PATH=str(self.home / "token"))
        self.assertEqual(answer["lineage"]["class"], "identical")
        error = self.failure(hub, "compare", "hf:org/parent", PARENT, HF_TOKEN="hf_wrong")
        self.assertNotIn("hf_wrong", error)
        self.assertIn(f"warning: your token was sent to {hub.endpoint}, which HF_ENDPOINT names", error)
        self.assertEqual(hub.leaks, [])

    def test_what_is_missing_is_said(self):
        hub = self.serve(gated=("org/child",))
        self.assertIn("not found".title(), self.failure(hub, "compare", "hf:org/nothing", PARENT).title())
        self.assertIn("no such branch, tag or commit", self.failure(hub, "compare", "hf:org/parent@v9", PARENT))
        self.assertIn("accept terms on the model's page", self.failure(hub, "compare", "hf:org/child", PARENT))
        self.assertIn("error: no/folder: no such file or folder; as a model of the Hub:", self.failure(hub, "compare", "no/folder", PARENT))
        self.assertIn("not a model name of the Hub", self.failure(hub, "compare", "hf:../../etc", PARENT))

    def test_a_record_has_the_name_that_its_model_has_on_the_hub(self):
        hub = self.serve()
        database = self.home / "models.db"
        for reference, more in (("org/parent", []), ("hf:org/child@refs/pr/1", ["--id", "mine"])):
            result = self.run_tool(hub, "db", "add", reference, "--db", database, *more)
            self.assertEqual(result.returncode, 0, result.stderr)
        listed = json.loads(self.run_tool(hub, "db", "list", "--db", database, "--json").stdout)
        self.assertEqual([(record["id"], record["source"], record["revision"]) for record in listed],
                         [("mine", "hf:org/child", "refs/pr/1"), ("org/parent", "hf:org/parent", "main")])

    def test_bandwidth_without_a_model(self):
        result = self.run_tool(self.serve(), "inspect", "hf:org/nothing", "--bandwidth")
        self.assertRegex(result.stderr, r"provenancekit: fetched [0-9.]+ \w+ in 1 request\n")

    def test_faults_that_pass_are_waited_out(self):
        for fault in (Fault("status", times=2, status=503, headers={"Retry-After": "0"}),
                      Fault("status", times=2, status=429, headers={"Retry-After": "0"}),
                      Fault("cut", times=2), Fault("slow", times=1)):
            with self.subTest(fault.kind, status=fault.status):
                hub = self.serve()
                hub.faults["model.safetensors"] = fault
                self.assertEqual(self.compared(hub, "hf:org/parent", PARENT, "--full")["lineage"]["class"], "identical")
                self.assertEqual(fault.times, 0)

    def test_a_wait_ends_with_an_interrupt(self):
        waits = Fault("status", times=10**6, status=503, headers={"Retry-After": "60"}), Fault("stuck", times=10**6)
        for fault in waits:
            with self.subTest(fault.kind):
                hub = self.serve()
                hub.faults["model.safetensors"] = fault
                tool = subprocess.Popen([TOOL, "compare", "hf:org/parent", str(PARENT)], env=self.environment(hub), stderr=subprocess.PIPE, text=True)
                while fault.times == 10**6:
                    time.sleep(0.05)
                tool.send_signal(signal.SIGINT)
                _, error = tool.communicate(timeout=10)
                self.assertEqual(tool.returncode, 130)
                self.assertIn("interrupted", error)

    def test_faults_that_stay_are_errors(self):
        for kind, words in (("lying-range", "with Content-Range"), ("endless-redirect", "redirects"),
                            ("changed-tag", "changed while it was read")):
            with self.subTest(kind):
                hub = self.serve()
                hub.faults["model.safetensors"] = Fault(kind, times=1 if kind == "changed-tag" else 10**6)
                self.assertIn(words, self.failure(hub, "compare", "hf:org/parent", PARENT))

    def test_signed_addresses_run_out_and_are_asked_for_again(self):
        hub = self.serve()
        hub.uses_of_a_signature = 5
        self.assertEqual(self.compared(hub, "hf:org/parent", PARENT, "--full")["lineage"]["class"], "identical")
        self.assertGreater(hub.signed, 1)

    def test_messages_hold_no_signature(self):
        hub = self.serve()
        hub.faults["model.safetensors"] = Fault("lying-range", times=10**6)
        error = self.failure(hub, "compare", "hf:org/parent", PARENT)
        self.assertNotIn("Signature", error)

    def test_a_file_of_another_server_that_cannot_be_looked_at_is_not_an_absent_one(self):
        hub = self.serve()
        address = f"{hub.content_address}/org/parent/model.safetensors"
        hub.faults["config.json"] = Fault("status", times=10**6, status=503, headers={"Retry-After": "0"})
        self.assertIn("the server answers 503", self.failure(hub, "compare", address, PARENT))

    def test_a_server_without_ranges_is_refused(self):
        hub = self.serve()
        hub.faults["model.safetensors"] = Fault("whole", times=10**6)
        self.assertIn("the server sends whole files, not parts", self.failure(hub, "compare", "hf:org/parent", PARENT))

    def test_small_files_are_checked_by_their_digest(self):
        hub = self.serve()
        hub.faults["config.json"] = Fault("bad-bytes", times=10**6)
        self.assertIn("names by its digest", self.failure(hub, "compare", "hf:org/parent", PARENT))

    def test_offline_the_cache_is_used(self):
        commit = "a" * 40
        repository = self.home / "cache" / "models--org--parent"
        shutil.copytree(PARENT, repository / "snapshots" / commit)
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text(commit)
        cache = {"HF_HUB_CACHE": str(self.home / "cache")}
        answer = self.compared(None, "org/parent", PARENT, "--full", HF_HUB_OFFLINE="1", **cache)
        self.assertEqual(answer["lineage"]["class"], "identical")
        answer = self.compared(None, f"hf:org/parent@{commit}", PARENT, "--full", "--offline", **cache)
        self.assertEqual(answer["lineage"]["class"], "identical")
        error = self.failure(None, "compare", "hf:org/child", PARENT, "--offline", **cache)
        self.assertIn("not in the Hub's cache on this machine", error)

    def test_blobs_of_the_cache_are_not_fetched_again(self):
        hub = self.serve()
        blobs = self.home / "cache" / "models--org--parent" / "blobs"
        blobs.mkdir(parents=True)
        import hashlib
        content = (PARENT / "model.safetensors").read_bytes()
        (blobs / hashlib.sha256(content).hexdigest()).write_bytes(content)
        self.compared(hub, "hf:org/parent", PARENT, HF_HUB_CACHE=str(self.home / "cache"))
        self.assertFalse([request for request in hub.requests if "model.safetensors" in request])

    def test_what_was_fetched_is_told(self):
        hub = self.serve()
        result = self.run_tool(hub, "compare", "hf:org/parent", PARENT, "--bandwidth", "--json")
        self.assertRegex(result.stderr, r"fetched [\d.]+ \w+ of [\d.]+ \w+ \([\d.]+ %\) in \d+ requests")
        # Without a depth, what is remote is read sparingly; --full reads every weight.
        self.assertEqual(json.loads(result.stdout)["depth"], "fast")
        self.assertEqual(self.compared(hub, "hf:org/parent", PARENT, "--full")["depth"], "standard")

    def scanned(self, hub, model, *options):
        result = self.run_tool(hub, "scan", model, "--db", self.home / "models.db", "--json", *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["matches"][0]

    def test_a_scan_asks_no_network_for_the_weights_of_a_candidate(self):
        hub = self.serve()
        self.assertEqual(self.run_tool(hub, "db", "add", "hf:org/parent", "--db", self.home / "models.db").returncode, 0)
        before = len(hub.requests)
        match = self.scanned(hub, CHILD)
        self.assertEqual(len(hub.requests), before)
        self.assertEqual((match["model_id"], match["compared_by"]), ("org/parent", "fingerprint"))
        self.assertIn("not on this machine", match["lineage"]["reasons"][-1])

    def test_a_scan_of_a_model_elsewhere_compares_by_weights_where_it_is_told_to(self):
        hub = self.serve()
        self.assertEqual(self.run_tool(hub, "db", "add", PARENT, "--db", self.home / "models.db").returncode, 0)
        sampled = self.scanned(hub, "hf:org/child")
        self.assertEqual((sampled["compared_by"], sampled["lineage"]["class"]), ("fingerprint", "same-lineage"))
        self.assertIsNone(sampled["scores"]["wvc"])
        self.assertEqual(self.scanned(hub, "hf:org/child", "--full")["compared_by"], "weights")
        self.assertEqual(self.scanned(hub, "hf:org/child", "--depth", "standard")["compared_by"], "weights")

    def test_a_catalogue_of_models_on_the_hub(self):
        hub = self.serve()
        catalog = self.home / "catalog.jsonl"
        catalog.write_text("\n".join(json.dumps(entry) for entry in (
            {"id": "by-name", "source": "org/parent"}, {"id": "by-page", "source": "https://huggingface.co/org/child", "revision": "main"})))
        result = self.run_tool(hub, "db", "build", "--catalog", catalog, "--db", self.home / "models.db", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["sources"][0]["added"], 2)
        match = self.scanned(hub, CHILD)  # of samples on the one side
        self.assertEqual((match["model_id"], match["lineage"]["class"], match["equal_hashes"]), ("by-page", "same-lineage", False))
        # With every weight the records are made anew, once.
        for replaced in (2, 0):
            result = self.run_tool(hub, "db", "build", "--catalog", catalog, "--db", self.home / "models.db", "--full", "--json")
            self.assertEqual(json.loads(result.stdout)["sources"][0]["replaced"], replaced, result.stdout)
        self.assertTrue(self.scanned(hub, CHILD)["equal_hashes"])

    def test_ollama(self):
        store = self.home / "models"
        manifest = store / "manifests" / "registry.ollama.ai" / "library" / "tiny" / "latest"
        manifest.parent.mkdir(parents=True)
        digest = "sha256:" + "0" * 64
        layer = {"mediaType": "application/vnd.ollama.image.model", "digest": digest, "size": 1}
        manifest.write_text(json.dumps({"schemaVersion": 2, "layers": [layer]}))
        (store / "blobs").mkdir()
        shutil.copy(PARENT / "model.safetensors", store / "blobs" / digest.replace(":", "-"))
        store_variable = {"OLLAMA_MODELS": str(store)}
        answer = self.compared(None, "ollama:tiny", PARENT, "--full", **store_variable)
        self.assertEqual(answer["lineage"]["class"], "identical")
        self.assertIn("tags there: latest", self.failure(None, "compare", "ollama:tiny:7b", PARENT, **store_variable))
        self.assertIn("not a model name", self.failure(None, "compare", "ollama:../x", PARENT, **store_variable))
        layer["digest"] = "sha256:../../../etc/passwd"
        manifest.write_text(json.dumps({"schemaVersion": 2, "layers": [layer]}))
        self.assertIn("without a SHA-256 digest", self.failure(None, "compare", "ollama:tiny", PARENT, **store_variable))


if __name__ == "__main__":
    unittest.main()
