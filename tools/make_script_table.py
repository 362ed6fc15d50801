#!/usr/bin/env python3
"""Writes src/signals/script_table.cpp: alphabetic code points by script class, as ranges.

The published kit asks Python for the category and the name of each character (its specification, section 4.2). This
table is that answer for Unicode 15.1, so run it with Python 3.13: any other version is refused.
"""
import sys
import unicodedata

KEYWORDS = [("CJK", "cjk"), ("HANGUL", "cjk"), ("HIRAGANA", "cjk"), ("KATAKANA", "cjk"), ("BOPOMOFO", "cjk"),
            ("CYRILLIC", "cyrillic"), ("ARABIC", "arabic"), ("DEVANAGARI", "devanagari"), ("LATIN", "latin")]


def classify(code_point: int) -> str | None:
    character = chr(code_point)
    if not character.isalpha():
        return None
    if code_point <= 0x7F:
        return "latin"
    name = unicodedata.name(character, "")
    return next((script for keyword, script in KEYWORDS if keyword in name), "other")


def ranges():
    first, current = 0, None
    for code_point in range(0x110001):
        script = classify(code_point) if code_point < 0x110000 else None
        if script != current:
            if current is not None:
                yield first, code_point - 1, current
            first, current = code_point, script


def main() -> int:
    if unicodedata.unidata_version != "15.1.0":
        print(f"Unicode {unicodedata.unidata_version} here; Python 3.13 (15.1.0) is needed", file=sys.stderr)
        return 1
    cells = [f"{{0x{first:X}, 0x{last:X}, Script::{script}}}," for first, last, script in ranges()]
    lines, line = [], "   "
    for cell in cells:
        if len(line) + 1 + len(cell) > 100:
            lines.append(line)
            line = "   "
        line += " " + cell
    lines.append(line)
    print("// Made by tools/make_script_table.py from Unicode 15.1. Do not edit.\n"
          "#include \"signals/script_table.hpp\"\n\n"
          "namespace prov::signals {\n\n"
          "// clang-format off\n"
          f"const std::array<ScriptRange, {len(cells)}> script_ranges = {{{{\n" + "\n".join(lines) + "\n}};\n"
          "// clang-format on\n\n"
          "}  // namespace prov::signals")
    return 0


if __name__ == "__main__":
    sys.exit(main())
