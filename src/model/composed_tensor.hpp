// A tensor whose numbers are not stored as they are but follow from several stored tensors: packed
// quantised weights with their scales, or a weight that an adapter changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "provenancekit/result.hpp"

namespace prov::model {

struct Checkpoint;

/// The grid that the numbers lie on by construction.
struct StatedGrid {
  std::string name;        // "GPTQ int4, groups of 128"
  std::string_view table;  // level table of its levels (forensics/level_table.hpp); "": none
  int bits = 0;
  std::size_t group = 0;  // columns of a line that share a scale (lines_run_across: lines of a
                          // column); 0: all of the matrix do
};

/// Immutable, thread-safe. What it reads belongs to the checkpoint that holds it.
class ComposedTensor {
 public:
  virtual ~ComposedTensor() = default;

  /// Lines [first, first + count): runs along the last dimension, counted over all others.
  /// out.size() == count * width. Memory: a few times that of `out`. Errors: those of reading, and
  /// out_of_range or malformed for parts that contradict each other.
  virtual Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first,
                                  std::uint64_t count, std::span<float> out) const = 0;
  /// How it is stored, for reports: "GPTQ int4, groups of 128".
  virtual std::string_view storage() const = 0;
  virtual const StatedGrid* grid() const { return nullptr; }
  /// True if a line takes a number of each stored row: many side by side cost little more than one,
  /// and groups that share a scale run from line to line.
  virtual bool lines_run_across() const { return false; }
};

}  // namespace prov::model
