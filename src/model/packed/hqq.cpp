#include "model/packed/hqq.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/checked_math.hpp"
#include "base/try.hpp"
#include "model/packed/bit_fields.hpp"
#include "model/packed/scaled_rows.hpp"

namespace prov::model {
namespace {

using format::Dtype;

struct HqqLayout {
  unsigned bits = 4;
  int axis = 1;
  std::uint64_t out = 0, in = 0;
  std::uint64_t rows = 0, columns = 0;  // of the matrix of groups
  std::uint64_t stored_rows = 0;

  unsigned bytes() const { return bits == 3 ? 4 : 1; }  // of a stored number
  unsigned runs() const { return bits == 3 ? 10 : 8 / bits; }
  unsigned shift(std::uint64_t run) const {
    return bits == 3 ? 27 - 3 * static_cast<unsigned>(run)
                     : 8 - bits * (static_cast<unsigned>(run) + 1);
  }
};

class HqqTensor : public ComposedTensor {
 public:
  HqqTensor(const PackedModule& module, const HqqLayout& layout, StatedGrid grid)
      : layout_(layout),
        grid_(std::move(grid)),
        codes_(*module.find("W_q")),
        scales_(*module.find("scale")),
        zeros_(*module.find("zero")) {}

  std::string_view storage() const override { return grid_.name; }
  const StatedGrid* grid() const override { return &grid_; }

  Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t,
                          std::span<float> out) const override {
    std::uint64_t at = first * layout_.in;
    while (!out.empty()) {  // the part of each row of the matrix of groups
      const std::uint64_t row = at / layout_.columns, column = at % layout_.columns;
      const auto count =
          static_cast<std::size_t>(std::min<std::uint64_t>(layout_.columns - column, out.size()));
      PROV_CHECK(read_part(checkpoint, row, column, out.first(count)));
      at += count;
      out = out.subspan(count);
    }
    return {};
  }

 private:
  Result<void> read_part(const Checkpoint& checkpoint, std::uint64_t row, std::uint64_t column,
                         std::span<float> out) const {
    const unsigned size = layout_.bytes();
    PROV_TRY(const std::vector<std::byte> codes,
             read_rectangle(checkpoint, codes_, layout_.columns * size,
                            {.first_row = row % layout_.stored_rows,
                             .rows = 1,
                             .first_byte = column * size,
                             .bytes = out.size() * size}));
    const bool by_row = layout_.axis == 1;
    const std::uint64_t first = by_row ? row : column, count = by_row ? 1 : out.size();
    PROV_TRY(const std::vector<float> scales, read_numbers(checkpoint, scales_, first, count));
    PROV_TRY(const std::vector<float> zeros, read_numbers(checkpoint, zeros_, first, count));
    const unsigned shift = layout_.shift(row / layout_.stored_rows);
    const std::uint32_t mask = field_mask(layout_.bits);
    const Dtype precision = scales_.info.dtype;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::uint32_t word =
          size == 4 ? word_at(codes.data(), i) : std::to_integer<std::uint32_t>(codes[i]);
      const auto q = static_cast<float>(word >> shift & mask);
      const std::size_t group = by_row ? 0 : i;
      out[i] = rounded_to(precision, rounded_to(precision, q - zeros[group]) * scales[group]);
    }
    return {};
  }

  HqqLayout layout_;
  StatedGrid grid_;
  Tensor codes_, scales_, zeros_;
};

/// A number that HQQ keeps as a tensor; else that of the configuration.
Result<std::optional<std::int64_t>> number(const PackedModule& module, const char* part) {
  const Tensor* const tensor = module.find(part);
  if (tensor == nullptr) {
    return module.claim == nullptr ? std::nullopt : module.claim->whole_number(part);
  }
  PROV_TRY(const auto values, read_whole_numbers(*module.checkpoint, *tensor));
  if (values.size() == 1) return std::optional(values[0]);
  return module.error(ErrorCode::size_mismatch, part,
                      fmt::format("{} numbers where one belongs", values.size()));
}

Result<std::optional<HqqLayout>> layout_of(const PackedModule& module) {
  PROV_TRY(const auto bits, number(module, "nbits"));
  PROV_TRY(const auto axis, number(module, "axis"));
  if (!bits || module.find("shape") == nullptr) return std::optional<HqqLayout>();
  HqqLayout layout;
  layout.axis = static_cast<int>(axis.value_or(1));
  if ((axis && *axis != 0 && *axis != 1) ||
      (*bits != 1 && *bits != 2 && *bits != 3 && *bits != 4 && *bits != 8))
    return std::optional<HqqLayout>();
  layout.bits = static_cast<unsigned>(*bits);
  PROV_TRY(const auto shape, read_whole_numbers(*module.checkpoint, *module.find("shape")));
  constexpr std::int64_t kMost = std::int64_t{1} << 30;
  if (shape.size() != 2 || shape[0] <= 0 || shape[1] <= 0 || shape[0] > kMost || shape[1] > kMost)
    return module.error(ErrorCode::out_of_range, "shape", "it is not that of a matrix");
  layout.out = static_cast<std::uint64_t>(shape[0]);
  layout.in = static_cast<std::uint64_t>(shape[1]);
  const std::uint64_t groups = module.find("scale")->elements(), all = layout.out * layout.in;
  if (groups == 0 || all % groups != 0) {
    return module.error(ErrorCode::size_mismatch, "scale",
                        fmt::format("{} scales for {} weights", groups, all));
  }
  layout.rows = layout.axis == 1 ? groups : all / groups;
  layout.columns = all / layout.rows;
  layout.stored_rows = (layout.rows + layout.runs() - 1) / layout.runs();
  return std::optional(layout);
}

Result<void> check_codes(const PackedModule& module, const HqqLayout& layout) {
  const Tensor& codes = *module.find("W_q");
  const auto stored = base::checked_multiply(layout.stored_rows, layout.columns);
  if (stored != codes.elements() || codes.info.bytes != *stored * layout.bytes()) {
    return module.error(
        ErrorCode::size_mismatch, "W_q",
        fmt::format("{} numbers do not hold {} x {} weights of {} bits in groups of {}",
                    codes.elements(), layout.out, layout.in, layout.bits,
                    layout.axis == 1 ? layout.columns : layout.rows),
        "parts of two conversions?");
  }
  return {};
}

}  // namespace

Result<JoinedModule> join_hqq(const PackedModule& module) {
  for (const char* part : {"W_q", "scale", "zero"}) {
    if (module.find(part) == nullptr)
      return JoinedModule{{}, fmt::format("HQQ without {} (scales that are quantised too?)", part)};
  }
  const Dtype codes = module.find("W_q")->info.dtype;
  if (codes != Dtype::u8 && codes != Dtype::i32)
    return JoinedModule{{}, "HQQ with codes viewed as another type"};
  PROV_CHECK(module.check_type("scale", {Dtype::f16, Dtype::bf16, Dtype::f32}));
  PROV_CHECK(module.check_type("zero", {Dtype::f16, Dtype::bf16, Dtype::f32}));
  PROV_TRY(const std::optional<HqqLayout> layout, layout_of(module));
  if (!layout) return JoinedModule{{}, "HQQ without its bits, axis and shape"};
  PROV_CHECK(check_codes(module, *layout));
  PROV_CHECK(module.check_shape("zero", module.find("scale")->info.shape));
  const std::uint64_t group = layout->axis == 1 ? layout->columns : layout->rows;
  constexpr unsigned kMostBits = 5;  // of grids above an offset finer ones cannot be told
  const bool shows = layout->axis == 1 && layout->in % group == 0 && layout->bits <= kMostBits;
  StatedGrid grid{.name = fmt::format("HQQ int{}, groups of {}{}", layout->bits, group,
                                      layout->axis == 0 ? " down the columns" : ""),
                  .table = shows ? "int with offset" : "",
                  .bits = static_cast<int>(layout->bits),
                  .group = static_cast<std::size_t>(group)};
  return JoinedModule{joined_tensor(module.name + ".weight", {layout->out, layout->in},
                                    module.find("scale")->info.dtype, *module.find("W_q"),
                                    std::make_shared<HqqTensor>(module, *layout, std::move(grid))),
                      {}};
}

}  // namespace prov::model
