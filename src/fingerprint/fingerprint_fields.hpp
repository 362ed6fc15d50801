// The tensors of a fingerprint file, in the order in which they lie there: wide numbers first, so
// that all are aligned.
//
// A visitor is called with a name, a vector of numbers, and the numbers in a row (0: one row that
// is not shown as a matrix). Ragged data are one tensor with the counts in another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fingerprint/fingerprint.hpp"

namespace prov::fingerprint {

/// A Sketch as flat vectors.
struct SketchFields {
  std::vector<std::uint64_t> weights;  // high, low
  std::vector<std::uint64_t> words, tensor_hashes, positional, hidden_axis;

  template <class Visit>
  static void visit(Visit& visit, auto& self) {
    visit("sketch.weights", self.weights, 0);
    visit("sketch.words", self.words, 0);
    visit("sketch.tensor_hashes", self.tensor_hashes, 0);
    visit("sketch.positional", self.positional, 0);
    visit("sketch.hidden_axis", self.hidden_axis, 0);
  }
};

/// A Standard as flat vectors; its texts are metadata.
struct StandardFields {
  std::vector<std::uint64_t> tokens;
  std::vector<std::uint64_t> sample_sizes;  // hidden, residual of each sample
  std::vector<float> gate_scales, up_scales, down_scales;
  std::vector<float> row_scales, angle_scales;
  std::vector<std::int32_t> mlps;     // tower, layer, expert, units, 1 with a gate
  std::vector<std::int32_t> samples;  // tower, layer, expert, rows, columns of rows, angles, gated
  std::vector<std::uint32_t> units;
  std::vector<std::int8_t> gate, up, down;  // units x tokens
  std::vector<std::int8_t> rows, angles;

  static constexpr std::size_t kMlpNumbers = 5;
  static constexpr std::size_t kSampleNumbers = 7;

  template <class Visit>
  static void visit(Visit& visit, auto& self) {
    visit("standard.tokens", self.tokens, 0);
    visit("standard.sample_sizes", self.sample_sizes, 2);
    visit("standard.gate_scales", self.gate_scales, 0);
    visit("standard.up_scales", self.up_scales, 0);
    visit("standard.down_scales", self.down_scales, 0);
    visit("standard.row_scales", self.row_scales, 0);
    visit("standard.angle_scales", self.angle_scales, 0);
    visit("standard.mlps", self.mlps, kMlpNumbers);
    visit("standard.samples", self.samples, kSampleNumbers);
    visit("standard.units", self.units, 0);
    visit("standard.gate", self.gate, self.tokens.size());
    visit("standard.up", self.up, self.tokens.size());
    visit("standard.down", self.down, self.tokens.size());
    visit("standard.rows", self.rows, 0);
    visit("standard.angles", self.angles, 0);
  }
};

SketchFields fields_of(const Sketch& sketch);
StandardFields fields_of(const Standard& standard);

/// The rule that the fields break, or nothing; then `to` is filled. Texts stay as they are.
std::optional<std::string> restore(const SketchFields& fields, Sketch& to);
std::optional<std::string> restore(const StandardFields& fields, Standard& to);

}  // namespace prov::fingerprint
