#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "model/checkpoint.hpp"
#include "numeric/half.hpp"

namespace prov::model {

/// Flat positions `begin` to `begin + count`.
struct ElementRange {
  std::uint64_t begin = 0, count = 0;
};

/// Reads parts of one tensor as f32, its restoration done. Integers and booleans become their
/// value, 8-bit and smaller floats and ggml's blocks are decoded, f64 is rounded. Complex numbers
/// are unsupported. Not thread-safe (owns a buffer); cheap to make, one a thread.
class RowReader {
 public:
  /// `checkpoint` and `tensor` must outlive the reader.
  RowReader(const Checkpoint& checkpoint, const Tensor& tensor);

  /// Rows [begin, begin + count) of the first dimension; out.size() == count * row_elements().
  Result<void> read_rows(std::uint64_t begin, std::uint64_t count, std::span<float> out);
  /// `out.size()` elements from flat position `begin`.
  Result<void> read_elements(std::uint64_t begin, std::span<float> out);

  /// Says which parts will be read: see ByteSource::expect. What lies outside the tensor is
  /// ignored.
  void expect(std::span<const ElementRange> parts) const;

 private:
  /// The stored numbers.
  Result<void> read_stored(std::uint64_t begin, std::span<float> out);
  /// Line by line from the tensors it is composed of.
  Result<void> read_composed(std::uint64_t begin, std::span<float> out);
  Result<void> compose_ahead(std::uint64_t line, std::uint64_t wanted);
  /// `begin` and `out` in the model's order of rows.
  Result<void> read_reordered(std::uint64_t begin, std::span<float> out);

  const Checkpoint& checkpoint_;
  const Tensor& tensor_;
  std::vector<std::byte> buffer_;
  std::vector<numeric::Bfloat16> bf16_;
  std::vector<numeric::Float16> f16_;
  std::vector<float> composed_;  // lines [composed_begin_, composed_end_)
  std::uint64_t composed_begin_ = 0, composed_end_ = 0;
};

}  // namespace prov::model
