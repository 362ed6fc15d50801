#!/usr/bin/env python3
"""The program as a process: streams, terminals, signals, broken input."""
import errno
import fcntl
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest

from tool import REPOSITORY, TIMEOUT, TOOL, ZOO, environment, run, sparse_model

A, B = ZOO / "qwen-a", ZOO / "qwen-a-sft"
ESCAPE = b"\x1b"


class Scratch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def copy(self, name):
        return pathlib.Path(shutil.copytree(A, self.folder / name))


class Libraries(Scratch):
    def libraries(self, *arguments):
        result = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, env=environment() | {"LD_DEBUG": "libs"}, timeout=TIMEOUT)
        return result.stderr.decode(errors="replace")

    def test_libcurl_is_opened_for_addresses_alone(self):
        self.assertNotIn("libcurl", self.libraries("inspect", A))
        self.assertNotIn("libhwy", self.libraries("inspect", A))
        self.assertIn("libcurl", self.libraries("inspect", "https://127.0.0.1:9/model.gguf"))


class Streams(Scratch):
    def test_a_pipe_gets_data_without_escapes_and_nothing_on_stderr(self):
        result = run("compare", A, B)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertNotIn(ESCAPE, result.stdout)
        self.assertTrue(result.stdout.startswith(b"Provenance Comparison: "))

    def test_a_closed_pipe_ends_quietly(self):
        for arguments in (["compare", A, B, "--json"], ["--help"]):
            reading, writing = os.pipe()
            os.close(reading)
            try:
                result = subprocess.run([TOOL, *map(str, arguments)], stdout=writing, stderr=subprocess.PIPE,
                                        env=environment(), timeout=TIMEOUT)
            finally:
                os.close(writing)
            self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_a_closed_pipe_keeps_the_exit_code_of_the_verdict(self):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            result = subprocess.run([TOOL, "compare", A, B, "--fail-on", "related,independent,inconclusive", "-q"],
                                    stdout=pipe, stderr=subprocess.PIPE, env=environment(), timeout=TIMEOUT)
        self.assertIn(result.returncode, (1, 3))

    def test_a_full_disk_is_a_failure(self):
        for arguments in (["compare", A, B], ["--version"]):
            with open("/dev/full", "wb") as full:
                result = subprocess.run([TOOL, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE,
                                        env=environment(), timeout=TIMEOUT)
            self.assertEqual(result.returncode, 2)
            self.assertIn(b"standard output: cannot write: No space left on device", result.stderr)

    def test_a_closed_standard_output_is_a_failure_and_hits_no_other_file(self):
        report = self.folder / "report.json"
        command = 'exec "$0" compare "$1" "$2" --plain -o json="$3" >&-'
        result = subprocess.run(["bash", "-c", command, TOOL, A, B, report], stderr=subprocess.PIPE, env=environment(),
                                timeout=TIMEOUT)
        self.assertEqual(result.returncode, 2)
        json.loads(report.read_text())

    def test_two_reports_to_files_leave_standard_output_empty(self):
        first, second = self.folder / "first.json", self.folder / "second.txt"
        result = run("compare", A, B, "-o", f"json={first}", "-o", f"plain={second}")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))
        report = json.loads(first.read_text())
        self.assertEqual(report["model_a"], str(A))
        self.assertIn(f"lineage_class: {report['lineage']['class']}\n", second.read_text())
        self.assertEqual(sorted(os.listdir(self.folder)), ["first.json", "second.txt"])

    def test_verbose_logs_what_was_read(self):
        result = run("-v", "compare", A, B, "--json")
        json.loads(result.stdout)
        self.assertRegex(result.stderr.decode(), r"\[info\] model_read model=a reference=\S+qwen-a type=qwen2 ")


class Terminal(Scratch):
    def on_terminal(self, *arguments, columns=80, **variables):
        """Runs the program with all streams on a terminal; gives exit code and what the terminal got."""
        control, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([TOOL, *map(str, arguments)], stdin=terminal, stdout=terminal, stderr=terminal,
                                   env=environment(**variables))
        os.close(terminal)
        output = b""
        while True:
            try:
                output += (part := os.read(control, 65536))
            except OSError as error:  # Linux says EIO when the last writer has gone
                self.assertEqual(error.errno, errno.EIO)
                break
            if not part:
                break
        os.close(control)
        return process.wait(TIMEOUT), output.replace(b"\r\n", b"\n")

    def test_colours_on_a_terminal(self):
        code, output = self.on_terminal("compare", A, B, "--no-progress", TERM="xterm-256color")
        self.assertEqual(code, 0)
        self.assertIn(b"\x1b[1m", output)
        self.assertEqual(output.count(b"\x1b[0m"), output.count(b"\x1b[") / 2, "each style ends")

    def test_no_colours_where_the_user_says_so(self):
        for variables in ({"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}, {}):
            self.assertNotIn(b"\x1b", self.on_terminal("compare", A, B, "--no-progress", **variables)[1], variables)
        self.assertNotIn(b"\x1b", self.on_terminal("compare", A, B, "--no-progress", "--color=never", TERM="xterm")[1])

    def test_colours_off_a_terminal_only_when_asked_for(self):
        for variables in ({"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1"}):
            self.assertIn(ESCAPE, run("compare", A, B, env=environment(**variables)).stdout)
        self.assertIn(ESCAPE, run("compare", A, B, "--color", "always").stdout)

    def test_the_table_fits_the_terminal(self):
        for columns in (44, 80, 100):
            _, output = self.on_terminal("compare", A, B, "--no-progress", columns=columns, TERM="dumb")
            self.assertLessEqual(max(map(len, output.decode().splitlines())), columns)

    def test_long_work_shows_progress_and_clears_it(self):
        model = sparse_model(self.folder / "big", 2)
        code, output = self.on_terminal("compare", model, model, "--json", TERM="xterm")
        self.assertEqual(code, 0)
        self.assertRegex(output, rb"\r\x1b\[K[^\r\n]*iB of [^\r\n]*iB/s, \d+:\d\d left")
        progress, report = output[:output.index(b"{\n")], output[output.index(b"{\n"):]
        self.assertTrue(progress.endswith(b"\r\x1b[K"))
        json.loads(report)
        _, silent = self.on_terminal("compare", model, model, "--json", "--no-progress", TERM="xterm")
        self.assertNotIn(ESCAPE, silent)


class Signals(Scratch):
    def start(self):
        """The program in the middle of long work."""
        model = sparse_model(self.folder / "big", 64)
        process = subprocess.Popen([TOOL, "-v", "compare", model, model], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        self.assertIn(b"phase", process.stderr.readline())
        time.sleep(0.2)
        self.assertIsNone(process.poll(), "the work is long enough to be interrupted")
        return process

    def check(self, number, code):
        process = self.start()
        process.send_signal(number)
        begin = time.monotonic()
        output, errors = process.communicate(timeout=TIMEOUT)
        self.assertEqual((process.returncode, output), (code, b""))
        self.assertTrue(errors.endswith(b"provenancekit: interrupted\n"), errors)
        self.assertLess(time.monotonic() - begin, 10)

    def test_ctrl_c_ends_with_130(self):
        self.check(signal.SIGINT, 130)

    def test_kill_ends_with_143(self):
        self.check(signal.SIGTERM, 143)


class BrokenInput(Scratch):
    def failure(self, *arguments):
        result = run("compare", *arguments)
        self.assertEqual((result.returncode, result.stdout), (2, b""), result.stderr)
        self.assertTrue(result.stderr.startswith(b"provenancekit: error: "), result.stderr)
        self.assertEqual(result.stderr.count(b"\n"), 1)
        return result.stderr.decode()

    def test_a_missing_model_is_named(self):
        self.assertIn("no/such-model", self.failure(A, "no/such-model"))

    def test_damaged_weights_are_named(self):
        model = self.copy("damaged")
        weights = model / "model.safetensors"
        whole = weights.read_bytes()
        for damaged in (whole[:-1], whole[:100], b"", whole + b"x", (1 << 62).to_bytes(8, "little") + whole[8:],
                        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"):
            weights.write_bytes(damaged)
            self.assertIn("model.safetensors: ", self.failure(A, model))
            self.failure(model, A)

    def test_a_folder_of_nothing(self):
        (self.folder / "empty").mkdir()
        self.failure(A, self.folder / "empty")

    def test_a_path_that_is_not_utf8(self):
        model = os.path.join(os.fsencode(self.folder), b"model-\xff\xfe\x1b")
        shutil.copytree(os.fsencode(A), model)
        result = run("compare", A, model, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        report = json.loads(result.stdout.decode("ascii"))
        self.assertTrue(report["model_b"].endswith("model-\\xff\\xfe\x1b"))
        for form in ("--plain", "--color=never"):
            output = run("compare", A, model, form).stdout
            self.assertIn(rb"model-\xff\xfe\u{1b}", output)
            output.decode("utf-8")


class Documents(unittest.TestCase):
    def test_manual_and_guide_name_every_option(self):
        options = set()
        for arguments in (["--help"], ["compare", "--help"]):
            options |= set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", run(*arguments).stdout.decode(), re.MULTILINE))
        self.assertGreater(len(options), 10)
        manual = (REPOSITORY / "docs/man/provenancekit.1").read_text().replace("\\-", "-")
        guide = (REPOSITORY / "docs/cli.md").read_text()
        for option in options:
            self.assertIn(option, manual)
            self.assertIn(option, guide)


if __name__ == "__main__":
    unittest.main()
