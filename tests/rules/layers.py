"""A room includes only rooms to its left, always by `room/file.hpp`; the public headers include no room."""
import re

import rule

ROOMS = ["base", "numeric", "source", "format", "model", "signals", "forensics", "fingerprint", "verdict", "store", "search",
         "report", "cli"]
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')


def includes(path):
    for number, line in enumerate(rule.lines(path), 1):
        if match := INCLUDE.match(line):
            yield number, match[1]


def violations(root):
    for room in sorted(p.name for p in (root / "src").iterdir() if p.is_dir()):
        if room not in ROOMS:
            yield f"src/{room}: not in the list of rooms in tests/rules/layers.py"
            continue
        allowed = {"provenancekit", *ROOMS[:ROOMS.index(room) + 1]}
        for path in filter(rule.is_cpp, rule.files(root, f"src/{room}")):
            for number, target in includes(path):
                if target.split("/")[0] not in allowed or "/" not in target or ".." in target:
                    yield f'{path.relative_to(root)}:{number}: {room} may not include "{target}"'
    for path in filter(rule.is_cpp, rule.files(root, "include")):
        for number, target in includes(path):
            if not target.startswith("provenancekit/"):
                yield f'{path.relative_to(root)}:{number}: a public header may not include "{target}"'


if __name__ == "__main__":
    rule.main(violations)
