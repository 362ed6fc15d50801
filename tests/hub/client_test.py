#!/usr/bin/env python3
"""The Hub's own client, huggingface_hub, beside the look-alike of hub_server.py: it takes it for the Hub, and what it leaves in its cache the tool reads."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from hub_server import HubServer

TOOL = os.environ["TOOL"]
ZOO = pathlib.Path(__file__).resolve().parent.parent / "zoo"
PARENT = ZOO / "qwen-a"

# The client reads its environment once, when it is imported: a process of its own for each call.
CLIENT = """
import json, sys
import huggingface_hub
arguments = json.loads(sys.argv[2])
try:
    print(getattr(huggingface_hub, sys.argv[1])(**arguments))
except Exception as error:
    print(type(error).__name__)
"""


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HUGGING"))}
        self.environment |= {"HOME": str(self.home), "HF_HOME": str(self.home / "hf"), "HF_HUB_DISABLE_PROGRESS_BARS": "1"}

    def serve(self, **options):
        hub = self.enterContext(HubServer({"org/parent": PARENT, "org/child": ZOO / "qwen-a-sft"}, **options))
        self.environment["HF_ENDPOINT"] = hub.endpoint
        return hub

    def client(self, function, **arguments):
        result = subprocess.run([sys.executable, "-c", CLIENT, function, json.dumps(arguments)], env=self.environment, capture_output=True,
                                text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip().splitlines()[-1]

    def tool(self, *arguments, **environment):
        return subprocess.run([TOOL, *map(str, arguments)], env=self.environment | environment, capture_output=True, text=True, timeout=120)

    def fingerprint(self, reference, **environment):
        file = self.home / "model.fp"
        result = self.tool("fingerprint", reference, "-o", file, "--full", **environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        content = file.read_bytes()
        file.unlink()
        return content

    def test_the_cache_that_it_leaves_is_read(self):
        hub = self.serve()
        snapshot = pathlib.Path(self.client("snapshot_download", repo_id="org/parent"))
        self.assertEqual(snapshot.name, hub.commits["org/parent"])
        self.assertEqual((snapshot / "model.safetensors").read_bytes(), (PARENT / "model.safetensors").read_bytes())
        local = self.fingerprint(PARENT)
        asked = len(hub.requests)
        for reference in ("hf:org/parent", f"hf:org/parent@{hub.commits['org/parent']}", snapshot, snapshot.parent.parent):
            self.assertEqual(self.fingerprint(reference, HF_HUB_OFFLINE="1"), local, reference)
        self.assertEqual(len(hub.requests), asked)

    def test_what_it_fetched_is_not_fetched_again(self):
        hub = self.serve()
        self.client("hf_hub_download", repo_id="org/parent", filename="model.safetensors")
        asked = len(hub.requests)
        self.assertEqual(self.fingerprint("hf:org/parent"), self.fingerprint(PARENT))
        self.assertFalse([request for request in hub.requests[asked:] if "model.safetensors" in request])

    def test_a_download_that_broke_off_is_not_taken_for_the_model(self):
        self.serve()
        self.client("hf_hub_download", repo_id="org/parent", filename="config.json")
        result = self.tool("fingerprint", "hf:org/parent", "-o", self.home / "x.fp", HF_HUB_OFFLINE="1")
        self.assertEqual(result.returncode, 2, result.stderr)

    def test_it_understands_the_refusals(self):
        self.serve(token="hf_secret", gated=("org/child",))
        self.assertEqual(self.client("snapshot_download", repo_id="org/parent"), "RepositoryNotFoundError")
        self.environment["HF_TOKEN"] = "hf_secret"
        self.assertEqual(self.client("hf_hub_download", repo_id="org/nothing", filename="config.json"), "RepositoryNotFoundError")
        self.assertEqual(self.client("hf_hub_download", repo_id="org/parent", filename="absent.json"), "RemoteEntryNotFoundError")
        self.assertEqual(self.client("snapshot_download", repo_id="org/parent", revision="v9"), "RevisionNotFoundError")
        self.assertEqual(self.client("hf_hub_download", repo_id="org/child", filename="config.json"), "GatedRepoError")

    def test_its_token_stays_with_the_hub(self):
        hub = self.serve(token="hf_secret")
        self.environment["HF_TOKEN"] = "hf_secret"
        self.client("snapshot_download", repo_id="org/parent")
        self.assertTrue(any(request.startswith("content:") for request in hub.requests))
        self.assertEqual(hub.leaks, [])


if __name__ == "__main__":
    unittest.main()
