"""A house rule is a script with `violations(root)`, which yields one sentence each; this module runs it on a tree."""
import os
import pathlib
import sys

SKIPPED = {".git", ".venv", "build", "__pycache__", ".cache"}
CODE = {".cpp", ".hpp", ".h", ".py", ".cmake", ".sh"}


def files(root, *folders):
    """All files below the folders (default: the whole tree), sorted, without what git ignores."""
    for folder in folders or ("",):
        for path, names, found in os.walk(pathlib.Path(root) / folder):
            names[:] = sorted(set(names) - SKIPPED)
            yield from (pathlib.Path(path) / name for name in sorted(set(found) - SKIPPED))


def is_code(path):
    return path.suffix in CODE or path.name in ("CMakeLists.txt", "CMakePresets.json", "dev")


def is_cpp(path):
    return path.suffix in (".cpp", ".hpp")


def lines(path):
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def main(violations):
    """Exit code 0 when the tree given as first argument keeps the rule, else 1 and the violations on stdout."""
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    if not root.is_dir():
        sys.exit(f"{root} is no folder")
    found = list(violations(root))
    for sentence in found:
        print(sentence)
    sys.exit(1 if found else 0)
