#!/usr/bin/env python3
"""Writes src/numeric/blocks/codebook_table.cpp from the gguf package (requirements-models.txt): the code-books of ggml's IQ types.

Each entry is packed into a number: 2 bits a value (3 bits for IQ3), the first value lowest.
"""
import pathlib

from gguf import quants

OUT = pathlib.Path(__file__).parents[1] / "src/numeric/blocks/codebook_table.cpp"
BOOKS = [("Iq2xxs", quants.IQ2_XXS), ("Iq2xs", quants.IQ2_XS), ("Iq2s", quants.IQ2_S), ("Iq3xxs", quants.IQ3_XXS),
         ("Iq3s", quants.IQ3_S), ("Iq1", quants.IQ1_S)]
HEAD = """// Code-books of ggml (ggml-common.h; MIT, copyright the ggml authors). Made by
// tools/make_ggml_codebooks.py.
#include "numeric/blocks/codebook_table.hpp"

namespace prov::numeric {
namespace {

/// Entry i is codes[i], kBits bits a value, the first value lowest; a value is a place in `levels`.
template <unsigned kBits, std::size_t kEntries, std::size_t kLength, std::size_t kLevels>
constexpr Codebook<kEntries, kLength> unpacked(const std::uint16_t (&codes)[kEntries],
                                               const std::int8_t (&levels)[kLevels]) {
  Codebook<kEntries, kLength> book{};
  for (std::size_t i = 0; i < kEntries; ++i) {
    for (unsigned j = 0; j < kLength; ++j)
      book[i][j] = levels[codes[i] >> (kBits * j) & ((1u << kBits) - 1)];
  }
  return book;
}
"""


def rows(texts, width=98):
    line = "   "
    for text in texts:
        if len(line) + 1 + len(text) > width:
            yield line
            line = "   "
        line += " " + text
    yield line


def main():
    parts, books = [HEAD], []
    for name, cls in BOOKS:
        cls.init_grid()
        entries, length = cls.grid_shape
        grid = cls.grid.reshape(entries, length).astype(int)
        bits = 2 if length == 8 else 3
        codes = [sum(cls.grid_map.index(value) << bits * j for j, value in enumerate(row)) for row in grid]
        parts.append(f"\nconstexpr std::uint16_t k{name}Codes[] = {{\n")
        parts.append("\n".join(rows(f"{code:#06x}," for code in codes)) + "\n};\n")
        levels = ", ".join(str(int(v)) for v in cls.grid_map)
        parts.append(f"constexpr std::int8_t k{name}Levels[] = {{{levels}}};\n")
        books.append(f"constexpr Codebook<{entries}, {length}> k{name}Codebook =\n"
                     f"    unpacked<{bits}, {entries}, {length}>(k{name}Codes, k{name}Levels);\n")
    OUT.write_text("".join(parts) + "\n}  // namespace\n\n" + "".join(books) + "\n}  // namespace prov::numeric\n")


if __name__ == "__main__":
    main()
