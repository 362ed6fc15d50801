"""Runs the program under evaluation on pairs of models and keeps what its JSON says."""
import concurrent.futures
import json
import os
import subprocess
import time


class Tool:
    """The program. With several jobs each process works with one thread, so that jobs do not wait for each other."""

    def __init__(self, path, depth=None, jobs=1, timeout=900):
        self.path, self.depth, self.jobs, self.timeout = str(path), depth, jobs, timeout
        self.environment = dict(os.environ)
        if jobs > 1:
            self.environment.setdefault("PROVENANCEKIT_THREADS", "1")

    def version(self):
        done = subprocess.run([self.path, "--version"], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[0].strip()

    def has_command(self, name):
        done = subprocess.run([self.path, name, "--help"], capture_output=True, text=True, check=False)
        return done.returncode == 0

    def run(self, *arguments):
        """(JSON or None, message, wall seconds) of one call; a failure is a message, never an exception."""
        start = time.perf_counter()
        try:
            done = subprocess.run([self.path, *map(str, arguments), "--json", "--no-progress"], capture_output=True,
                                  timeout=self.timeout, env=self.environment, check=False)
        except subprocess.TimeoutExpired:
            return None, f"no answer within {self.timeout} s", time.perf_counter() - start
        seconds = time.perf_counter() - start
        if done.returncode != 0:
            lines = done.stderr.decode(errors="replace").strip().splitlines()
            return None, f"exit status {done.returncode}: {lines[-1] if lines else 'no message'}", seconds
        try:
            return json.loads(done.stdout), "", seconds
        except ValueError as error:
            return None, f"its JSON is not readable: {error}", seconds

    def compare(self, first, second):
        return self.run("compare", first, second, *(["--depth", self.depth] if self.depth else []))

    def map(self, function, items):
        """Results in the order of the items."""
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            yield from pool.map(function, items)


def statistics(lineage):
    """{test: z} of every test of existence: all evidence that carries a z."""
    return {entry["test"]: entry["z"] for entry in lineage["evidence"] if entry.get("z") is not None}


def score(lineage):
    """The strength of a pair: `strength` where the program gives one, else the largest z; None where nothing was computed."""
    if lineage.get("strength") is not None:
        return lineage["strength"]
    return max(statistics(lineage).values(), default=None)


def why_unreadable(tool, path):
    """Why this model cannot be judged, or "". A model compared with itself must give at least one statistic."""
    report, message, _ = tool.compare(path, path)
    if report is None:
        return message
    if statistics(report["lineage"]):
        return ""
    reasons = {entry["status"].removeprefix("not-computable: ") for entry in report["lineage"]["evidence"]
               if entry["status"].startswith("not-computable")}
    return "compared with itself, no test of existence can be computed: " + "; ".join(sorted(reasons))
