#include "model/packed/scaled_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "model/decoder_of.hpp"
#include "model/packed/bit_fields.hpp"

namespace prov::model {
namespace {

using format::Dtype;

/// Where field `i` begins in words of 32 bits.
std::uint64_t field_bit(std::uint64_t i, unsigned bits, bool across_words) {
  const std::uint64_t in_word = 32 / bits;
  return across_words ? i * bits : i / in_word * 32 + i % in_word * bits;
}

class ScaledRows : public ComposedTensor {
 public:
  ScaledRows(ScaledRowsLayout layout, StatedGrid grid)
      : layout_(std::move(layout)), grid_(std::move(grid)) {}

  std::string_view storage() const override { return grid_.name; }
  const StatedGrid* grid() const override { return &grid_; }

  Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t count,
                          std::span<float> out) const override {
    PROV_CHECK(read_levels(checkpoint, first, count, out));
    PROV_TRY(std::vector<float> scales, read_factors(checkpoint, layout_.scales, first, count));
    for (float& scale : scales) scale = scale / layout_.divisor * layout_.multiplier;
    PROV_TRY(const std::vector<float> zeros, read_zeros(checkpoint, first, count));
    PROV_TRY(const std::vector<std::uint64_t> groups, column_groups(checkpoint));
    const std::uint64_t first_row = first / layout_.scales.row_block;
    for (std::uint64_t r = 0; r < count; ++r) {
      const std::uint64_t row = (first + r) / layout_.scales.row_block - first_row;
      const std::uint64_t cell = row * layout_.scales.columns;
      const std::uint64_t zero_cell = layout_.packed_zeros ? r * layout_.scales.columns : cell;
      apply(out.subspan(r * layout_.columns, layout_.columns), scales.data() + cell,
            zeros.empty() ? nullptr : zeros.data() + zero_cell, groups);
    }
    if (layout_.factor != 1) {
      for (float& value : out) value *= layout_.factor;
    }
    round_to(layout_.precision, out);
    return {};
  }

 private:
  void apply(std::span<float> line, const float* scales, const float* zeros,
             const std::vector<std::uint64_t>& groups) const {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::uint64_t group = groups[i];
      if (zeros == nullptr) {
        line[i] *= scales[group];
      } else if (layout_.arithmetic == RowArithmetic::scaled) {
        line[i] = (line[i] - zeros[group]) * scales[group];
      } else {
        line[i] = rounded_to(layout_.precision, line[i] * scales[group]) + zeros[group];
      }
    }
  }

  Result<void> read_levels(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t count,
                           std::span<float> out) const {
    const RowCodes& codes = layout_.codes;
    PROV_TRY(const std::vector<std::byte> bytes,
             read_rectangle(
                 checkpoint, codes.part, codes.row_bytes,
                 {.first_row = first, .rows = count, .first_byte = 0, .bytes = codes.row_bytes}));
    for (std::uint64_t r = 0; r < count; ++r) {
      const std::span<float> line = out.subspan(r * layout_.columns, layout_.columns);
      const auto row = std::span(bytes).subspan(r * codes.row_bytes, codes.row_bytes);
      if (codes.plain) {
        decoder_of (*codes.plain)(row, 0, line);
        continue;
      }
      const BitString fields(row, 0, row.size());
      for (std::uint64_t i = 0; i < line.size(); ++i) {
        const std::uint64_t bit = field_bit(i, codes.bits, codes.across_words);
        line[i] =
            static_cast<float>(static_cast<int>(fields.field(bit, codes.bits)) - codes.offset);
      }
    }
    return {};
  }

  /// Those of the blocks of rows that lines [first, first + count) touch.
  Result<std::vector<float>> read_factors(const Checkpoint& checkpoint, const RowFactors& factors,
                                          std::uint64_t first, std::uint64_t count) const {
    const std::uint64_t begin = first / factors.row_block;
    const std::uint64_t rows = (first + count - 1) / factors.row_block + 1 - begin;
    const std::uint64_t size = format::storage_unit(factors.type).bytes;
    PROV_TRY(
        const std::vector<std::byte> bytes,
        read_rectangle(
            checkpoint, factors.part, factors.columns * size,
            {.first_row = begin, .rows = rows, .first_byte = 0, .bytes = factors.columns * size}));
    std::vector<float> numbers(static_cast<std::size_t>(rows * factors.columns));
    decoder_of(factors.type)(bytes, 0, numbers);
    return numbers;
  }

  /// Packed ones for each line, others for each block of rows; none: empty.
  Result<std::vector<float>> read_zeros(const Checkpoint& checkpoint, std::uint64_t first,
                                        std::uint64_t count) const {
    if (layout_.zeros) return read_factors(checkpoint, *layout_.zeros, first, count);
    if (!layout_.packed_zeros) return std::vector<float>();
    const PackedZeros& zeros = *layout_.packed_zeros;
    const std::uint64_t columns = layout_.scales.columns;
    const std::uint64_t begin = field_bit(first, zeros.bits, zeros.across_words) / 32;
    const std::uint64_t last_bit =
        field_bit(first + count - 1, zeros.bits, zeros.across_words) + zeros.bits - 1;
    const std::uint64_t rows = last_bit / 32 + 1 - begin;
    PROV_TRY(
        const std::vector<std::byte> words,
        read_rectangle(checkpoint, zeros.part, columns * 4,
                       {.first_row = begin, .rows = rows, .first_byte = 0, .bytes = columns * 4}));
    std::vector<float> numbers(static_cast<std::size_t>(count * columns));
    for (std::uint64_t r = 0; r < count; ++r) {
      const std::uint64_t bit = field_bit(first + r, zeros.bits, zeros.across_words);
      const std::uint64_t row = bit / 32 - begin;
      for (std::uint64_t j = 0; j < columns; ++j) {
        const std::array<std::uint32_t, 2> two{
            word_at(words.data(), row * columns + j),
            row + 1 < rows ? word_at(words.data(), (row + 1) * columns + j) : 0};
        const std::uint32_t field =
            field_of(two.data(), static_cast<unsigned>(bit % 32), field_mask(zeros.bits));
        numbers[r * columns + j] = static_cast<float>(static_cast<int>(field) - zeros.offset);
      }
    }
    return numbers;
  }

  Result<std::vector<std::uint64_t>> column_groups(const Checkpoint& checkpoint) const {
    std::vector<std::uint64_t> groups(static_cast<std::size_t>(layout_.columns));
    if (!layout_.order) {
      for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = i / layout_.scales.column_block;
      return groups;
    }
    PROV_TRY(const std::vector<std::int64_t> order, read_whole_numbers(checkpoint, *layout_.order));
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (order[i] < 0 || static_cast<std::uint64_t>(order[i]) >= layout_.scales.columns) {
        return Error{.code = ErrorCode::out_of_range,
                     .message = fmt::format("column {} is in group {}, there are {} groups", i,
                                            order[i], layout_.scales.columns),
                     .file = checkpoint.files[layout_.order->file]->name(),
                     .field = layout_.order->info.name,
                     .hint = "damaged file, or scales of another group size?"};
      }
      groups[i] = static_cast<std::uint64_t>(order[i]);
    }
    return groups;
  }

  ScaledRowsLayout layout_;
  StatedGrid grid_;
};

std::uint64_t blocks(std::uint64_t size, std::uint64_t block) { return (size + block - 1) / block; }

}  // namespace

std::shared_ptr<const ComposedTensor> scaled_rows(ScaledRowsLayout layout, StatedGrid grid) {
  return std::make_shared<ScaledRows>(std::move(layout), std::move(grid));
}

Result<RowFactors> factors_of(const PackedModule& module, std::string_view part, std::uint64_t rows,
                              std::uint64_t columns, std::uint64_t row_block,
                              std::uint64_t column_block) {
  PROV_TRY(const Tensor* const tensor, module.need(part));
  RowFactors factors{.part = *tensor, .type = tensor->info.dtype};
  const auto& shape = tensor->info.shape;
  if (tensor->elements() == 1) {
    factors.row_block = rows;
    factors.column_block = columns;
    return factors;
  }
  const bool vector = shape.size() == 1 || (shape.size() == 2 && shape[1] == 1);
  if (vector && shape[0] == rows && row_block == 1) {
    factors.column_block = columns;
    return factors;
  }
  if (shape.size() == 2 && tensor->elements() > 0) {
    if (column_block == 0 && columns % shape[1] == 0) column_block = columns / shape[1];
    if (row_block > 0 && column_block > 0 && shape[0] == blocks(rows, row_block) &&
        shape[1] == blocks(columns, column_block)) {
      factors.row_block = row_block;
      factors.column_block = column_block;
      factors.columns = shape[1];
      return factors;
    }
  }
  return module.error(
      ErrorCode::size_mismatch, part,
      fmt::format(
          "its shape [{}] fits no scales of a matrix of {} x {}{}", fmt::join(shape, ", "), rows,
          columns,
          column_block > 0 ? fmt::format(" in blocks of {} x {}", row_block, column_block) : ""),
      "parts of two conversions, or a configuration of another model?");
}

std::string blocks_text(const RowFactors& scales, std::uint64_t rows, std::uint64_t columns) {
  const bool whole_rows = scales.column_block >= columns;
  if (whole_rows && scales.row_block >= rows) return "per tensor";
  if (whole_rows && scales.row_block == 1) return "per row";
  if (scales.row_block == 1) return fmt::format("groups of {}", scales.column_block);
  return fmt::format("blocks of {} x {}", scales.row_block, scales.column_block);
}

std::size_t grid_group(const RowFactors& scales, std::uint64_t rows, std::uint64_t columns) {
  if (scales.column_block >= columns && scales.row_block >= rows) return 0;
  return static_cast<std::size_t>(std::min(scales.column_block, columns));
}

}  // namespace prov::model
