// A module whose weight is stored in several tensors: what all readers of packed weights share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/checkpoint.hpp"
#include "model/packed/quantisation_claim.hpp"
#include "provenancekit/result.hpp"

namespace prov::model {

/// The parts of one module, by the end of their names: "qweight" of "model.layers.0.mlp.up_proj".
struct PackedModule {
  std::string name;
  std::map<std::string, const Tensor*, std::less<>> parts;
  const Checkpoint* checkpoint = nullptr;
  const QuantisationClaim* claim = nullptr;  // null: nothing says how the weights were packed

  const Tensor* find(std::string_view part) const;
  /// Error not_found where the part is missing.
  Result<const Tensor*> need(std::string_view part) const;
  /// An error at a part, or at the module if there is no such part.
  Error error(ErrorCode code, std::string_view part, std::string message,
              std::string hint = {}) const;
  /// Error unless the part has this type and shape.
  Result<void> check_type(std::string_view part, std::initializer_list<format::Dtype> types) const;
  Result<void> check_shape(std::string_view part, std::span<const std::uint64_t> shape) const;
};

/// What becomes of a module: one tensor in place of its parts, or the reason why it is not read.
struct JoinedModule {
  std::optional<Tensor> tensor;
  std::string unread;  // a clause: "AWQ of version gemv_fast"
};

/// The tensor `name` of `shape` with values of `type`, placed where `main` lies; `bytes` of the
/// parts is added by whoever joins.
Tensor joined_tensor(std::string name, std::vector<std::uint64_t> shape, format::Dtype type,
                     const Tensor& main, std::shared_ptr<const ComposedTensor> composed);

/// The floats in which packed arithmetic is done and rounded.
bool is_working_float(format::Dtype dtype);  // F16, BF16, F32
/// Rounds each value to `precision`, one of the three. A NaN becomes 0x7fc00000.
void round_to(format::Dtype precision, std::span<float> values);
float rounded_to(format::Dtype precision, float value);

/// A part of the bytes of a stored matrix whose rows are `row_bytes` long.
struct ByteRectangle {
  std::uint64_t first_row = 0, rows = 0;
  std::uint64_t first_byte = 0, bytes = 0;  // of each row
};
/// Reads it row after row. Errors: those of reading.
Result<std::vector<std::byte>> read_rectangle(const Checkpoint& checkpoint, const Tensor& part,
                                              std::uint64_t row_bytes, const ByteRectangle& area);
/// Columns [begin, begin + count) of all rows of a matrix of plain numbers, row after row.
Result<std::vector<float>> read_columns(const Checkpoint& checkpoint, const Tensor& part,
                                        std::uint64_t begin, std::uint64_t count);
/// `count` numbers from flat position `begin`.
Result<std::vector<float>> read_numbers(const Checkpoint& checkpoint, const Tensor& part,
                                        std::uint64_t begin, std::uint64_t count);
/// A small tensor of whole numbers (I32, I64, U8 ...), whole. Errors: too_large above 2^22 numbers,
/// malformed for other types.
Result<std::vector<std::int64_t>> read_whole_numbers(const Checkpoint& checkpoint,
                                                     const Tensor& part);

}  // namespace prov::model
