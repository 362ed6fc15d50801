"""Headers that are slow to compile stay in .cpp files, and public headers show no third-party type at all."""
import re

import rule

SLOW = re.compile(r"\s*#\s*include\s+[<\"](nlohmann/(?!json_fwd)|CLI/|simdjson|hwy/|unicode/|regex>|benchmark/|iostream>)")
THIRD_PARTY = re.compile(r"\s*#\s*include\s+<[^>]+[/.]")  # standard C++ headers have neither a folder nor a suffix


def violations(root):
    for path in rule.files(root, "src", "include"):
        if path.suffix != ".hpp":
            continue
        public = path.is_relative_to(root / "include")
        for number, line in enumerate(rule.lines(path), 1):
            if SLOW.match(line) or (public and THIRD_PARTY.match(line)):
                yield f"{path.relative_to(root)}:{number}: {line.strip()} belongs into a .cpp file"


if __name__ == "__main__":
    rule.main(violations)
