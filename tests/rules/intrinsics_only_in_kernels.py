"""What depends on the instruction set lives in src/numeric/kernels, whose tests and benchmarks may force a target."""
import re

import rule

SIMD = re.compile(r"#\s*include\s+[<\"](\w*intrin\.h|arm_\w+\.h|hwy/)|\b_mm\d*_\w+\(|__builtin_ia32|HWY_\w+|"
                  r"__attribute__\(\(\s*target|-m(avx|sse|arch|fma|f16c)\w*")
ALLOWED = ("src/numeric/kernels/", "tests/unit/numeric/", "bench/")


def violations(root):
    for path in rule.files(root, "src", "include", "tests", "bench", "fuzz", "cmake"):
        name = str(path.relative_to(root))
        if (rule.is_cpp(path) or path.suffix == ".cmake" or path.name == "CMakeLists.txt") and not name.startswith(ALLOWED):
            for number, line in enumerate(rule.lines(path), 1):
                if match := SIMD.search(line):
                    yield f"{name}:{number}: {match[0]} outside src/numeric/kernels"


if __name__ == "__main__":
    rule.main(violations)
