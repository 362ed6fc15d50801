// Weights packed row by row, [out, in], with a scale for each row, group or block: the form that
// bitsandbytes int8, FP8, compressed-tensors, NVFP4 and MLX share.
#pragma once

#include <cstdint>
#include <optional>

#include "model/packed/packed_module.hpp"

namespace prov::model {

/// How the codes of a row become levels.
struct RowCodes {
  Tensor part;
  /// The type that a byte, or a half of it for F4, is read as; std::nullopt: whole numbers of
  /// `bits` in words of 32, lowest first.
  std::optional<format::Dtype> plain;
  unsigned bits = 0;
  bool across_words = false;  // fields follow one another without gaps
  int offset = 0;             // subtracted from each field
  std::uint64_t row_bytes = 0;
};

/// Numbers [rows / row_block, columns / column_block] that belong to the codes.
struct RowFactors {
  Tensor part;
  format::Dtype type = format::Dtype::f32;  // the part's bytes are read as
  std::uint64_t row_block = 1, column_block = 1;
  std::uint64_t columns = 1;  // of the matrix of factors
};

/// Zero points that are packed like codes, down the rows.
struct PackedZeros {
  Tensor part;
  unsigned bits = 0;
  bool across_words = false;
  int offset = 0;
};

/// What is done with a level q, scale s and zero point z.
enum class RowArithmetic {
  scaled,  // (q - z) * s
  offset,  // q * s + z, both rounded
};

struct ScaledRowsLayout {
  std::uint64_t rows = 0, columns = 0;
  RowCodes codes;
  RowFactors scales;
  std::optional<RowFactors> zeros;  // of the same blocks as the scales
  std::optional<PackedZeros> packed_zeros;
  std::optional<Tensor> order;  // group of each column, in place of column / column_block
  RowArithmetic arithmetic = RowArithmetic::scaled;
  format::Dtype precision = format::Dtype::f32;  // each result is rounded to
  float divisor = 1, multiplier = 1;             // of the scales, in f32
  float factor = 1;                              // of the results, in f32, before they are rounded
};

/// The caller has checked that the parts have the sizes that the layout implies.
std::shared_ptr<const ComposedTensor> scaled_rows(ScaledRowsLayout layout, StatedGrid grid);

/// `scales` is a single number, one a row ([rows] or [rows, 1]), or [rows / row_block,
/// columns / column_block]: then the blocks must be known or follow from the shape. Error
/// size_mismatch.
Result<RowFactors> factors_of(const PackedModule& module, std::string_view part, std::uint64_t rows,
                              std::uint64_t columns, std::uint64_t row_block,
                              std::uint64_t column_block);

/// "per tensor", "per row", "groups of 128", "blocks of 128 x 128".
std::string blocks_text(const RowFactors& scales, std::uint64_t rows, std::uint64_t columns);
/// Columns that share a scale, as StatedGrid counts them.
std::size_t grid_group(const RowFactors& scales, std::uint64_t rows, std::uint64_t columns);

}  // namespace prov::model
