"""Each package that CMake looks for and each line of the package lists has its row, with a reason, in docs/dependencies.md."""
import re

import rule

FOUND = re.compile(r"^\s*find_package\((\w+)|^\s*pkg_check_modules\(\w+ .*?\b(lib\w+)", re.MULTILINE)


def named(root):
    for path in rule.files(root):
        if path.suffix == ".cmake" or path.name == "CMakeLists.txt":
            for match in FOUND.finditer(path.read_text()):
                if (name := match[1] or match[2]) != "provenancekit":
                    yield path.relative_to(root), name
    for path in [*sorted((root / "packages").glob("*.txt")), root / "requirements-dev.txt"]:
        for line in rule.lines(path):
            if line and not line.startswith("#"):
                yield path.relative_to(root), line.split("=")[0]


def violations(root):
    documented = set(re.findall(r"`([^`\s]+)`", (root / "docs/dependencies.md").read_text()))
    for path, name in named(root):
        if name not in documented:
            yield f"{path}: `{name}` has no line in docs/dependencies.md"


if __name__ == "__main__":
    rule.main(violations)
