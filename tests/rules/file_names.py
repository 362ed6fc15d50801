"""Files and folders are named after what they hold: no grab-bag names; C++ files are lower_snake.cpp or .hpp."""
import re

import rule

GRAB_BAGS = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "stuff"}
LOWER_SNAKE = re.compile(r"[a-z][a-z0-9_]*\.(cpp|hpp)")


def violations(root):
    for path in rule.files(root, "src", "include", "tests", "bench", "fuzz", "cmake", "tools", "evaluation"):
        name = path.relative_to(root)
        words = {word for part in name.with_suffix("").parts for word in re.split(r"[_\-]", part.lower())}
        if path.suffix in rule.CODE and words & GRAB_BAGS:
            yield f"{name}: the name does not say what the file holds"
        if path.suffix in (".cc", ".cxx", ".h", ".hh", ".hxx") or (rule.is_cpp(path) and not LOWER_SNAKE.fullmatch(path.name)):
            yield f"{name}: C++ files are lower_snake.cpp or lower_snake.hpp"


if __name__ == "__main__":
    rule.main(violations)
