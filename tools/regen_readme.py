#!/usr/bin/env python3
"""Runs the `./dev run ...` commands of the README's console blocks and puts their real output below them.

usage: regen_readme.py README TOOL [--check]

A block whose last line is `...` shows as many lines of the output as it has now.
With --check nothing is written: exit code 1 when the README is out of date. Times are masked in the comparison.
Commands run in the README's folder, without a terminal.
"""
import pathlib
import re
import shlex
import subprocess
import sys

BLOCK = re.compile(r"(?<=```console\n)\$ (\./dev run [^\n]*)\n(.*?)(?=```)", re.DOTALL)
TIME = re.compile(r"\d+(\.\d+)?\s?(ms|s)\b")


def output_of(command, folder, tool):
    arguments = shlex.split(command)[2:]
    result = subprocess.run([tool, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    if result.returncode != 0:
        sys.exit(f"{command}: exit code {result.returncode}\n{result.stderr}")
    return "\n".join(line.rstrip() for line in result.stdout.splitlines()) + "\n"


def main():
    readme, tool = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    old = readme.read_text(encoding="utf-8")
    commands = 0

    def rerun(block):
        nonlocal commands
        commands += 1
        output = output_of(block[1], readme.parent, tool)
        if block[2].endswith("...\n"):
            shown = block[2].count("\n") - 1
            output = "".join(output.splitlines(keepends=True)[:shown]) + "...\n"
        return f"$ {block[1]}\n{output}"

    new = BLOCK.sub(rerun, old)
    if not commands:
        sys.exit(f"{readme}: no console block with a ./dev run command")
    if "--check" not in sys.argv[3:]:
        readme.write_text(new, encoding="utf-8")
    elif TIME.sub("TIME", new) != TIME.sub("TIME", old):
        sys.exit(f"{readme.name} does not show what its commands print now; run tools/regen_readme.py")


if __name__ == "__main__":
    main()
