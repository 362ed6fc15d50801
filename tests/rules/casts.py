"""reinterpret_cast and const_cast stay in src/base and src/numeric/kernels: elsewhere bytes go through a cursor."""
import re

import rule

CAST = re.compile(r"\b(reinterpret_cast|const_cast)\b")
ALLOWED = ("src/base/", "src/numeric/kernels/")


def violations(root):
    for path in filter(rule.is_cpp, rule.files(root, "src", "include")):
        name = str(path.relative_to(root))
        if name.startswith(ALLOWED):
            continue
        for number, line in enumerate(rule.lines(path), 1):
            if match := CAST.search(line.split("//")[0]):
                yield f"{name}:{number}: {match[0]}"


if __name__ == "__main__":
    rule.main(violations)
