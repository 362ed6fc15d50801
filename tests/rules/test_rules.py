"""Each house rule is shown to pass on a tree that keeps it and to fail on one that breaks it."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent

TRUTH = '{"models": [{"name": "a", "sha256": {"x": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}]}'

# Tree: file name -> text. None stands for 26 million bytes of nothing.
CASES = {
    "layers": [
        ({"src/model/role.cpp": '#include "format/dtype.hpp"\n#include "model/role.hpp"\n#include "provenancekit/result.hpp"\n'}, []),
        ({"src/format/dtype.cpp": '#include "model/role.hpp"\n'}, ["format may not include"]),
        ({"src/model/role.cpp": '#include "role.hpp"\n'}, ["model may not include"]),
        ({"src/model/role.cpp": '  #  include "model/../cli/run.hpp"\n'}, ["model may not include"]),
        ({"src/attic/a.cpp": ""}, ["not in the list of rooms"]),
        ({"src/base/a.cpp": "", "include/provenancekit/a.hpp": '#include "base/a.hpp"\n'}, ["a public header may not"]),
    ],
    "slow_headers": [
        ({"src/format/a.cpp": "#include <simdjson.h>\n", "src/format/a.hpp": "#include <nlohmann/json_fwd.hpp>\n",
          "include/provenancekit/a.hpp": "#include <string>\n"}, []),
        ({"src/format/a.hpp": "#include <simdjson.h>\n"}, ["belongs into a .cpp file"]),
        ({"src/report/a.hpp": "#include <nlohmann/json.hpp>\n"}, ["belongs into a .cpp file"]),
        ({"include/provenancekit/a.hpp": "#include <fmt/core.h>\n"}, ["belongs into a .cpp file"]),
    ],
    "file_sizes": [
        ({"src/model/a.cpp": "\n" * 500, "src/model/role_table.cpp": "\n" * 900}, []),
        ({"src/model/a.cpp": "\n" * 501}, ["501 lines, more than 500"]),
    ],
    "file_names": [
        ({"src/base/printable.cpp": "", "tests/data/utils.json": ""}, []),
        ({"src/base/string_utils.cpp": ""}, ["does not say"]),
        ({"tests/helpers/a.py": ""}, ["does not say"]),
        ({"src/base/Printable.cpp": ""}, ["lower_snake"]),
        ({"src/base/printable.cc": ""}, ["lower_snake"]),
    ],
    "ascii_sources": [
        ({"src/base/a.cpp": "// plain\n", "README.md": "caf\u00e9\n"}, []),
        ({"src/base/a.cpp": "// caf\u00e9\n"}, ["byte 0xc3 at column 7"]),
        ({"cmake/a.cmake": "\tset(a b)\n"}, ["byte 0x09"]),
    ],
    "intrinsics_only_in_kernels": [
        ({"src/numeric/kernels/dot.cpp": "#include <hwy/highway.h>\n"}, []),
        ({"src/signals/dot.cpp": "#include <immintrin.h>\n"}, ["immintrin.h outside"]),
        ({"src/signals/dot.cpp": "auto x = _mm256_add_ps(a, b);\n"}, ["_mm256_add_ps( outside"]),
        ({"src/signals/CMakeLists.txt": "target_compile_options(a PRIVATE -mavx2)\n"}, ["-mavx2 outside"]),
    ],
    "casts": [
        ({"src/base/bytes.cpp": "reinterpret_cast<const char*>(p);\n", "src/model/a.cpp": "// no reinterpret_cast here\n"}, []),
        ({"src/model/a.cpp": "return *reinterpret_cast<const float*>(p);\n"}, ["reinterpret_cast"]),
    ],
    "no_machine_paths": [
        ({"docs/a.md": "See src/framework/a and $HOME/models.\n"}, []),
        ({"docs/a.md": "see /wo" "rk/main\n"}, ["names /wo" "rk/"]),
        ({"tools/a.py": "'py" "pi.org'\n"}, ["names py" "pi.org"]),
    ],
    "source_lists": [
        ({"src/base/a.cpp": "", "src/base/CMakeLists.txt": "target_sources(prov_core PRIVATE a.cpp)\n",
          "bench/b_bench.cpp": "", "bench/CMakeLists.txt": "prov_bench(b_bench)\n"}, []),
        ({"src/base/a.cpp": "", "src/base/data.cpp": "", "src/base/CMakeLists.txt": "target_sources(x PRIVATE data.cpp)\n"},
         ["src/base/a.cpp: in no"]),
    ],
    "documents": [
        ({"include/provenancekit/compare.hpp": "struct KitSignals {\n  std::optional<double> eas;\n};\n", "docs/signals/eas.md": "",
          "src/format/dtype.hpp": "", "src/format/gguf.hpp": "", "docs/formats/gguf.md": "",
          "src/report/renderers.cpp": 'Renderer{"plain", render_plain},\n', "tests/golden/plain/pair.txt": "x\n"}, []),
        ({"include/provenancekit/compare.hpp": "struct KitSignals {\n  std::optional<double> eas, nlf;\n};\n", "docs/signals/eas.md": "",
          "src/signals/mfi.hpp": "double similarity(const Mfi& a, const Mfi& b);\n", "src/format/gguf.hpp": "",
          "src/report/renderers.cpp": 'Renderer{"plain", render_plain},\n'},
         ["signal mfi", "signal nlf", "format gguf", "renderer plain"]),
    ],
    "dependencies": [
        ({"cmake/Dependencies.cmake": "find_package(fmt 9 REQUIRED)\npkg_check_modules(X REQUIRED IMPORTED_TARGET libxxhash>=0.8)\n",
          "packages/debian.txt": "# why\nlibfmt-dev=9.1.\n", "requirements-dev.txt": "numpy==2.0\n",
          "docs/dependencies.md": "`fmt` `libxxhash` `libfmt-dev` `numpy`\n"}, []),
        ({"cmake/Dependencies.cmake": "find_package(Boost REQUIRED)\n", "requirements-dev.txt": "numpy==2.0\n",
          "docs/dependencies.md": "boost\n"}, ["`Boost` has no line", "`numpy` has no line"]),
    ],
    "test_data_size": [
        ({"tests/zoo/a": "x"}, []),
        ({"tests/zoo/a": None}, ["tests and fuzz:", "tests/zoo:"]),
    ],
    "zoo_truth": [
        ({"tests/zoo/a/x": "abc", "tests/zoo/truth.json": TRUTH}, []),
        ({"tests/zoo/a/x": "abd", "tests/zoo/b/x": "", "tests/zoo/truth.json": TRUTH}, ["b: a folder", "a/x: missing or changed"]),
    ],
    "version": [
        ({"CMakeLists.txt": "project(provenancekit VERSION 1.2.3 LANGUAGES CXX)\n", "CHANGELOG.md": "# Log\n## [1.2.3] - unreleased\n",
          "include/provenancekit/version.hpp": 'kVersion = "1.2.3";\n'}, []),
        ({"CMakeLists.txt": "project(provenancekit VERSION 1.2.3 LANGUAGES CXX)\n", "CHANGELOG.md": "## [1.2.2]\n",
          "include/provenancekit/version.hpp": 'kVersion = "1.2.3";\n'}, ["versions differ"]),
    ],
}


def run(rule, *arguments):
    return subprocess.run([sys.executable, HERE / f"{rule}.py", *arguments], capture_output=True, text=True)


class RuleTest(unittest.TestCase):
    def test_each_rule_on_trees_that_keep_and_break_it(self):
        for rule, cases in CASES.items():
            for tree, expected in cases:
                with self.subTest(rule=rule, tree=list(tree)), tempfile.TemporaryDirectory() as folder:
                    for name, text in tree.items():
                        path = pathlib.Path(folder, name)
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(b"\0" * 26_000_000 if text is None else text.encode())
                    result = run(rule, folder)
                    self.assertEqual(result.stderr, "")
                    self.assertEqual(result.returncode, 1 if expected else 0, result.stdout)
                    found = [line for line in result.stdout.splitlines() if not line.startswith("question:")]
                    self.assertEqual(len(found), len(expected), result.stdout)
                    for line, words in zip(found, expected):
                        self.assertIn(words, line)

    def test_each_script_has_its_cases(self):
        scripts = {path.stem for path in HERE.glob("*.py")} - {"rule", "test_rules", "silent_library"}
        self.assertEqual(scripts, set(CASES))

    def test_a_missing_tree_is_no_pass(self):
        self.assertNotEqual(run("layers", "/nonexistent").returncode, 0)


class SilentLibraryTest(unittest.TestCase):
    def archive(self, folder, source):
        pathlib.Path(folder, "part.cpp").write_text(source)
        subprocess.run(["c++", "-O2", "-c", "part.cpp", "-o", "part.o"], cwd=folder, check=True)
        subprocess.run(["ar", "rc", "part.a", "part.o"], cwd=folder, check=True)
        return f"{folder}/part.a"

    def test_printing_and_exiting_are_found(self):
        for source, symbol in [
            ('#include <cstdio>\nvoid f(int x) { std::printf("%d", x); }', "printf"),
            ('#include <cstdio>\nvoid f() { std::fputs("x", stderr); }', "stderr"),
            ('#include <iostream>\nvoid f(int x) { std::cerr << x; }', "_ZSt4cerr"),
            ("#include <cstdlib>\nvoid f() { std::exit(1); }", "exit"),
            ("#include <cstdlib>\nvoid f() { std::abort(); }", "abort"),
        ]:
            with self.subTest(symbol=symbol), tempfile.TemporaryDirectory() as folder:
                result = run("silent_library", self.archive(folder, source))
                self.assertEqual(result.returncode, 1)
                self.assertIn(f"part.o refers to {symbol}\n", result.stdout)

    def test_writing_to_a_given_file_and_noexcept_pass(self):
        with tempfile.TemporaryDirectory() as folder:
            archive = self.archive(folder, '#include <cstdio>\n#include <string>\nvoid g();\n'
                                           'void f(std::FILE* out) noexcept { std::fputs("x", out); g(); }')
            result = run("silent_library", archive)
            self.assertEqual((result.returncode, result.stdout), (0, "\n"))

    def test_an_archive_without_references_is_no_pass(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("silent_library", self.archive(folder, "int x;")).returncode, 1)


if __name__ == "__main__":
    unittest.main()
