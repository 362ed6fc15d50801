#!/usr/bin/env python3
"""Runs the transcripts of a folder: run_cases.py TOOL [--rebase] FILE.test...

A transcript is prose with commands in it, indented by two spaces:

  $ provenancekit compare a         a shell command; the working directory is empty and stays for the whole file
  text                              what it writes to standard output
  2> text                           what it writes to standard error
  [4]                               its exit code, unless that is 0

Times are masked. $REPOSITORY names the repository. --rebase puts the real output into the files: read the difference.
"""
import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
MASKS = [
    (re.compile(r'(_time_s:|time_seconds:|seconds":)( +)[0-9.e-]+'), r"\1\2<time>"),
    (re.compile(r"( Time +\u2502 +)[0-9.]+s"), r"\1<time>"),
    (re.compile(r"( Time +\u2502) +[0-9]+ ms"), r"\1 <time>"),
    (re.compile(r"^(elapsed_ms|extract_seconds|lookup_seconds):( +)[0-9.]+", re.MULTILINE), r"\1:\2<time>"),
    (re.compile(r"^\d\d:\d\d:\d\d (?=\[info\])", re.MULTILINE), "<time> "),
    (re.compile(r" seconds=[0-9.]+"), " seconds=<time>"),
]


def masked(text):
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def indented(text, mark):
    """The lines of `text` as a transcript shows them; a missing last line feed is shown, too."""
    if not text:
        return []
    lines = text.split("\n")
    ending = lines.pop()
    shown = [f"  {mark}{line}".rstrip() if not line else f"  {mark}{line}" for line in lines]
    return shown + ([f"  {mark}{ending} (no line feed)"] if ending else [])


def run(command, folder, tool):
    environment = {
        "PATH": f"{pathlib.Path(tool).resolve().parent}:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "REPOSITORY": str(REPOSITORY),
        "TMPDIR": str(folder),
    }
    result = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, timeout=120,
                            stdin=subprocess.DEVNULL)
    hide = lambda raw: masked(raw.decode("utf-8", "backslashreplace").replace(str(REPOSITORY), "$REPOSITORY"))
    shown = indented(hide(result.stdout), "") + indented(hide(result.stderr), "2> ")
    return shown + ([f"  [{result.returncode}]"] if result.returncode else [])


def replay(path, tool):
    """The transcript as it would be today."""
    lines, result = path.read_text(encoding="utf-8").splitlines(), []
    with tempfile.TemporaryDirectory() as folder:
        at = 0
        while at < len(lines):
            line = lines[at]
            at += 1
            result.append(line)
            if not line.startswith("  $ "):
                continue
            while at < len(lines) and lines[at].startswith("  ") and not lines[at].startswith("  $ "):
                at += 1
            # An empty line of output is written as an empty line: it belongs to the output if more output follows.
            while at < len(lines) and not lines[at] and any_output_follows(lines, at):
                at += 1
                while at < len(lines) and lines[at].startswith("  ") and not lines[at].startswith("  $ "):
                    at += 1
            result += run(line[4:], folder, tool)
    return "\n".join(result) + "\n"


def any_output_follows(lines, at):
    while at < len(lines) and not lines[at]:
        at += 1
    return at < len(lines) and lines[at].startswith("  ") and not lines[at].startswith("  $ ")


def main():
    tool, paths = sys.argv[1], [pathlib.Path(name) for name in sys.argv[2:] if name != "--rebase"]
    failed = False
    for path in paths:
        expected, real = path.read_text(encoding="utf-8"), replay(path, tool)
        if expected == real:
            continue
        if "--rebase" in sys.argv:
            path.write_text(real, encoding="utf-8")
            print(f"rewritten: {path}")
            continue
        failed = True
        print("\n".join(difflib.unified_diff(expected.splitlines(), real.splitlines(), str(path), "real", lineterm="")))
    if not paths:
        sys.exit("no transcripts given")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
