#!/usr/bin/env python3
"""Times the whole tool, against `cat` and against the published Python kit in the same run.

usage: whole_process.py [--tool FILE] [--kit-venv FOLDER] [--workdir FOLDER] [--database FILE] [--runs N] [--json FILE] [--quick]

--kit-venv   a Python >= 3.12 environment with the kit: pip install cisco-ai-provenance-kit==1.0.0 transformers==5.5.0
             torch==2.12.1 numpy==2.4.4. Without it the kit's rows are left out.
--workdir    where two checkpoints of 2.2 GB are made and kept (default: provenancekit-bench in the temporary folder)
--database   what scans look through (`./dev database --db FILE` makes the published kit's); without it 152 records like the kit's
             are made of those of tests/support/kit_folder
--quick      leave the large checkpoints out

Times are the least of the runs, for all programs alike, because other work on the machine only ever adds; medians are shown
beside them. Page cache is warm. A bound that is missed makes the exit code 1. Standard library only; making the
checkpoints needs numpy. The resident set that the system reports is never less than that of this script (some 12 MiB).
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MIB = 1 << 20


class Sample:
    """One run of a program: wall and CPU seconds, peak resident and peak anonymous bytes, exit code, stdout."""

    def __init__(self, command, watch=False, **environment):
        self.anonymous = 0
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=os.environ | environment)
        done = threading.Event()
        threads = [threading.Thread(target=process.stderr.read)]
        if watch:
            threads.append(threading.Thread(target=self.watch_anonymous, args=(process.pid, done)))
        for thread in threads:
            thread.start()
        self.stdout = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - start
        done.set()
        for thread in threads:
            thread.join()
        process.returncode = self.code = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.resident = usage.ru_maxrss * 1024

    def watch_anonymous(self, pid, done):
        while not done.wait(0.01):
            try:
                with open(f"/proc/{pid}/status") as status:
                    for line in status:
                        if line.startswith("RssAnon:"):
                            self.anonymous = max(self.anonymous, int(line.split()[1]) * 1024)
            except OSError:
                return


def least(samples, what):
    return min(getattr(sample, what) for sample in samples)


class Report:
    def __init__(self):
        self.rows = []

    def add(self, work, value, unit, bound=None, at_least=False, note=""):
        passed = None if bound is None else (value >= bound if at_least else value <= bound)
        self.rows.append({"work": work, "value": round(value, 3), "unit": unit, "bound": bound, "at_least": at_least,
                          "passed": passed, "note": note})

    def print_table(self):
        print(f"{'work':<52} {'value':>10} {'bound':>10}  {'':4}  note")
        for row in self.rows:
            bound = "" if row["bound"] is None else f"{'>=' if row['at_least'] else '<='} {row['bound']:g}"
            verdict = {None: "", True: "ok", False: "MISS"}[row["passed"]]
            print(f"{row['work']:<52} {row['value']:>10.4g} {bound:>10}  {verdict:4}  {row['unit']}{row['note']}")


def expect(samples, code, what):
    for sample in samples:
        if sample.code != code:
            sys.exit(f"{what}: exit code {sample.code} instead of {code}")


def time_start(report, tool, runs):
    for name, arguments, code in [("--help", ["--help"], 0), ("--version", ["--version"], 0), ("usage error", ["compare"], 4)]:
        samples = [Sample([tool, *arguments]) for _ in range(4 * runs)]
        expect(samples, code, name)
        report.add(name, 1e3 * least(samples, "cpu"), "ms of CPU", 20)
        report.add(f"{name}, memory", least(samples, "resident") / MIB, "MiB resident", 20)


def kit_command(kit, a, b):
    return [kit, "compare", a, b, "--json", "--no-cache"]


def time_tiny(report, tool, kit, runs):
    a, b = ROOT / "tests/zoo/qwen-a", ROOT / "tests/zoo/qwen-a-sft"
    ours = [Sample([tool, "compare", a, b, "--json", "--no-cache"]) for _ in range(4 * runs)]
    expect(ours, 0, "compare of tiny models")
    median = statistics.median(sample.wall for sample in ours)
    report.add("compare two tiny models", 1e3 * least(ours, "wall"), "ms wall", 60, note=f" (median {1e3 * median:.1f})")
    report.add("compare two tiny models, memory", least(ours, "resident") / MIB, "MiB resident")
    if kit:
        theirs = [Sample(kit_command(kit, a, b), OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1") for _ in range(2)]
        expect(theirs, 0, "the kit on tiny models")
        report.add("the kit, the same", 1e3 * least(theirs, "wall"), "ms wall")
        report.add("the kit, memory", least(theirs, "resident") / MIB, "MiB resident")
        report.add("times faster than the kit", least(theirs, "wall") / least(ours, "wall"), "x")


def make_database(tool, folder):
    """152 records as the published kit's: metadata, configuration and tokenizer."""
    features = [json.loads(path.read_text()) for path in sorted((ROOT / "tests/support/kit_folder/features").rglob("*.json"))]
    lines = folder / "records.jsonl"
    with lines.open("w") as file:
        for i in range(152):
            signals = {key: value for key, value in features[i % len(features)].items() if key in ("mfi", "tfv", "vocab", "signals")}
            print(json.dumps({"id": f"org/model-{i}", "family": f"family-{i % 20}", "signals": signals,
                              "metadata": {"asset_id": f"asset-{i}", "model_id": f"org/model-{i}"}}), file=file)
    database = folder / "models.db"
    expect([Sample([tool, "db", "import", lines, "--db", database])], 0, "import of records")
    return database


def time_lookup(report, tool, runs, database):
    """A kept fingerprint and a model, looked up in a database whose records have no weights."""
    model = ROOT / "tests/zoo/qwen-a-sft"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        kept = folder / "model.fp"
        expect([Sample([tool, "fingerprint", model, "-o", kept])], 0, "fingerprint")
        database = database or make_database(tool, folder)
        cache = folder / "cache"
        for name, command in [("scan a kept fingerprint", ["scan", kept]),
                              ("scan a tiny model, cached", ["scan", model, "--cache-dir", cache])]:
            samples = [Sample([tool, *command, "--db", database, "--json"]) for _ in range(8 * runs)]
            expect(samples, 0, name)
            records = json.loads(samples[0].stdout)["database"]["records"]
            median = statistics.median(sample.wall for sample in samples)
            report.add(f"{name}, {records} records", 1e3 * least(samples, "wall"), "ms wall", 20,
                       note=f" (median {1e3 * median:.1f}, CPU {1e3 * least(samples, 'cpu'):.1f})")


def make_checkpoints(workdir):
    if not (workdir / "complete").exists():
        print(f"making two checkpoints of 2.2 GB in {workdir} ...", file=sys.stderr)
        subprocess.run([sys.executable, ROOT / "bench/make_checkpoints.py", ROOT / "tests/zoo/qwen-a", workdir], check=True)
    return workdir / "a", workdir / "b"


def time_large(report, tool, kit, runs, workdir):
    a, b = make_checkpoints(workdir)
    cat = ["sh", "-c", 'cat "$0" "$1" > /dev/null', a / "model.safetensors", b / "model.safetensors"]
    Sample(cat)  # fills the page cache
    reads, ours = [], []
    for _ in range(runs):
        reads.append(Sample(cat))
        ours.append(Sample([tool, "compare", a, b, "--json", "--no-cache"], watch=True))
    expect(ours, 0, "compare of large models")
    answer = json.loads(ours[0].stdout).get("lineage", {}).get("class", "?")
    medians = [statistics.median(sample.wall for sample in samples) for samples in (reads, ours)]
    report.add("cat two 1.1 B bf16 checkpoints", least(reads, "wall"), "s wall", note=f" (median {medians[0]:.2f})")
    report.add("compare two 1.1 B bf16 checkpoints", least(ours, "wall"), "s wall", note=f" (median {medians[1]:.2f}), {answer}")
    report.add("compare / cat", least(ours, "wall") / least(reads, "wall"), "x", 2.0)
    report.add("cat, CPU", least(reads, "cpu"), "s of CPU")
    report.add("compare, CPU, all threads", least(ours, "cpu"), "s of CPU")
    report.add("compare, anonymous memory", max(sample.anonymous for sample in ours) / MIB, "MiB", 300)
    report.add("compare, resident with mapped files", max(sample.resident for sample in ours) / MIB, "MiB")
    if kit:
        theirs = Sample(kit_command(kit, a, b), OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1")
        expect([theirs], 0, "the kit on large models")
        report.add("the kit, the same, one thread", theirs.wall, "s wall", note=f" ({theirs.cpu:.1f} s of CPU)")
        report.add("the kit, memory", theirs.resident / MIB, "MiB resident")
        report.add("times faster than the kit", theirs.wall / least(ours, "wall"), "x", 15, at_least=True)


def time_extraction(report, tool, runs, workdir):
    """A pass over the weights beside reading the same bytes, and two models beside one."""
    models = [workdir / "a", workdir / "b"]
    reads, one, two = [], [], []
    with tempfile.TemporaryDirectory() as out:
        def fingerprint(*chosen):
            shutil.rmtree(out)  # what is there already would be left as it is
            return Sample([tool, "fingerprint", "-o", out, *chosen], watch=True)

        for _ in range(runs):
            reads.append(Sample(["sh", "-c", 'cat "$0" > /dev/null', models[0] / "model.safetensors"]))
            one.append(fingerprint(models[0]))
            two.append(fingerprint(*models))
        pathlib.Path(out).mkdir(exist_ok=True)
    expect(one + two, 0, "fingerprints of large models")
    report.add("fingerprint / cat of its file, wall", least(one, "wall") / least(reads, "wall"), "x", 2.0,
               note=f" ({least(one, 'wall'):.2f} s / {least(reads, 'wall'):.2f} s)")
    report.add("fingerprint / cat of its file, CPU", least(one, "cpu") / least(reads, "cpu"), "x",
               note=f" ({least(one, 'cpu'):.2f} s / {least(reads, 'cpu'):.2f} s)")
    report.add("fingerprint, anonymous memory", max(sample.anonymous for sample in one) / MIB, "MiB", 500)
    report.add("two fingerprints / one, wall", least(two, "wall") / least(one, "wall"), "x", 2.0)
    report.add("two fingerprints, anonymous memory", max(sample.anonymous for sample in two) / MIB, "MiB", 500)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", type=pathlib.Path, default=ROOT / "build/release/provenancekit")
    parser.add_argument("--kit-venv", type=pathlib.Path)
    parser.add_argument("--workdir", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir(), "provenancekit-bench"))
    parser.add_argument("--database", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    kit = options.kit_venv and options.kit_venv / "bin/provenancekit"
    if kit and not kit.exists():
        sys.exit(f"{kit} does not exist")
    if not kit:
        print("without the published kit (--kit-venv): its rows are left out", file=sys.stderr)

    report = Report()
    time_start(report, options.tool, options.runs)
    time_tiny(report, options.tool, kit, options.runs)
    time_lookup(report, options.tool, options.runs, options.database)
    if not options.quick:
        time_large(report, options.tool, kit, options.runs, options.workdir)
        time_extraction(report, options.tool, options.runs, options.workdir)
    report.print_table()
    if options.json:
        options.json.write_text(json.dumps({"cpus": os.cpu_count(), "rows": report.rows}, indent=2) + "\n")
    sys.exit(any(row["passed"] is False for row in report.rows))


if __name__ == "__main__":
    main()
