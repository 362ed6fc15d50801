"""Code is ASCII, without tabs; other characters are written as escapes."""
import re

import rule


def violations(root):
    for path in filter(rule.is_code, rule.files(root)):
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if match := re.search(rb"[^\x20-\x7e]", line):
                yield f"{path.relative_to(root)}:{number}: byte 0x{match[0].hex()} at column {match.start() + 1}"


if __name__ == "__main__":
    rule.main(violations)
