#include "model/packed/compressed_integers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <compare>
#include <nlohmann/json.hpp>
#include <set>

#include "base/try.hpp"
#include "model/packed/scaled_rows.hpp"

namespace prov::model {
namespace {

using format::Dtype;

std::uint64_t blocks(std::uint64_t size, std::uint64_t block) { return (size + block - 1) / block; }

/// How fields lie in words of 32 bits.
struct Packing {
  unsigned bits = 0;
  bool dense = false;  // across words

  std::uint64_t words(std::uint64_t fields) const {
    return dense ? blocks(fields * bits, 32) : blocks(fields, 32 / bits);
  }
  auto operator<=>(const Packing&) const = default;
};

/// Those of the groups of the configuration that make rows of `words` words. Where both packings
/// are the same, it is not the dense one.
std::set<Packing> possible_packings(const QuantisationClaim* claim, std::uint64_t columns,
                                    std::uint64_t words) {
  std::set<Packing> found;
  if (claim == nullptr) return found;
  const auto groups = claim->facts->find("config_groups");
  if (groups == claim->facts->end() || !groups->is_object()) return found;
  for (const auto& group : *groups) {
    if (!group.is_object()) continue;
    const auto weights = group.find("weights");
    if (weights == group.end() || !weights->is_object()) continue;
    const auto bits = weights->find("num_bits");
    if (bits == weights->end() || !bits->is_number_unsigned()) continue;
    const auto count = bits->get<std::uint64_t>();
    if (count < 1 || count > 8) continue;
    const Packing apart{static_cast<unsigned>(count), false}, dense{apart.bits, true};
    if (apart.words(columns) == words) found.insert(apart);
    if (32 % count != 0 && columns > 32 / count && dense.words(columns) == words)
      found.insert(dense);
  }
  return found;
}

struct Shape {
  std::uint64_t rows = 0, columns = 0;
};

Result<Shape> true_shape(const PackedModule& module) {
  PROV_TRY(const Tensor* const stated, module.need("weight_shape"));
  PROV_CHECK(module.check_shape("weight_shape", std::array{std::uint64_t{2}}));
  PROV_TRY(const auto sizes, read_whole_numbers(*module.checkpoint, *stated));
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  if (sizes[0] > 0 && sizes[1] > 0 && sizes[0] <= kMost && sizes[1] <= kMost)
    return Shape{static_cast<std::uint64_t>(sizes[0]), static_cast<std::uint64_t>(sizes[1])};
  return module.error(ErrorCode::out_of_range, "weight_shape",
                      fmt::format("a matrix of {} x {}", sizes[0], sizes[1]));
}

/// A g_idx with -1 in it was never filled: columns then follow the groups one after the other.
Result<std::optional<Tensor>> order_of(const PackedModule& module, const ScaledRowsLayout& layout) {
  const Tensor* const order = module.find("weight_g_idx");
  if (order == nullptr) return std::optional<Tensor>();
  PROV_CHECK(module.check_shape("weight_g_idx", std::array{layout.columns}));
  PROV_TRY(const auto groups, read_whole_numbers(*module.checkpoint, *order));
  if (std::ranges::find(groups, -1) != groups.end()) return std::optional<Tensor>();
  bool in_order = true;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] < 0 || static_cast<std::uint64_t>(groups[i]) >= layout.scales.columns) {
      return module.error(ErrorCode::out_of_range, "weight_g_idx",
                          fmt::format("column {} is in group {}, there are {} groups", i, groups[i],
                                      layout.scales.columns));
    }
    in_order &= static_cast<std::uint64_t>(groups[i]) == i / layout.scales.column_block;
  }
  return in_order ? std::optional<Tensor>() : std::optional(*order);
}

JoinedModule joined(const PackedModule& module, ScaledRowsLayout layout, unsigned bits) {
  StatedGrid grid{
      .name = fmt::format("compressed-tensors int{}, {}", bits,
                          layout.order ? "groups in act-order"
                                       : blocks_text(layout.scales, layout.rows, layout.columns)),
      .table = layout.order ? std::string_view() : "int",
      .bits = static_cast<int>(bits),
      .group = grid_group(layout.scales, layout.rows, layout.columns)};
  const Tensor main = layout.codes.part;
  std::vector<std::uint64_t> shape{layout.rows, layout.columns};
  const Dtype precision = layout.precision;
  return {joined_tensor(module.name + ".weight", std::move(shape), precision, main,
                        scaled_rows(std::move(layout), std::move(grid))),
          {}};
}

Result<void> add_scales(const PackedModule& module, ScaledRowsLayout& layout) {
  PROV_CHECK(module.check_type("weight_scale", {Dtype::f32, Dtype::bf16, Dtype::f16}));
  PROV_TRY(layout.scales, factors_of(module, "weight_scale", layout.rows, layout.columns, 1, 0));
  layout.precision = layout.scales.type;
  return {};
}

/// A zero point for each scale, one byte each.
Result<void> add_byte_zeros(const PackedModule& module, const Tensor& zeros,
                            ScaledRowsLayout& layout) {
  PROV_CHECK(module.check_type("weight_zero_point", {Dtype::i8}));
  PROV_CHECK(module.check_shape("weight_zero_point", layout.scales.part.info.shape));
  layout.zeros = layout.scales;
  layout.zeros->part = zeros;
  layout.zeros->type = Dtype::i8;
  return {};
}

}  // namespace

Result<JoinedModule> join_packed_integers(const PackedModule& module) {
  PROV_TRY(const Tensor* const packed, module.need("weight_packed"));
  PROV_TRY(const Shape shape, true_shape(module));
  if (packed->info.shape.size() != 2 || packed->elements() == 0)
    return module.error(ErrorCode::size_mismatch, "weight_packed", "packed weights are no matrix");
  const std::set<Packing> packings =
      possible_packings(module.claim, shape.columns, packed->info.shape[1]);
  if (packings.size() != 1)
    return JoinedModule{{}, "compressed-tensors of a number of bits that nothing settles"};
  const Packing packing = *packings.begin();
  ScaledRowsLayout layout;
  layout.rows = shape.rows;
  layout.columns = shape.columns;
  layout.codes = {.part = *packed,
                  .plain = std::nullopt,
                  .bits = packing.bits,
                  .across_words = packing.dense,
                  .offset = 1 << (packing.bits - 1),
                  .row_bytes = packed->info.shape[1] * 4};
  PROV_CHECK(
      module.check_shape("weight_packed", std::array{shape.rows, packing.words(shape.columns)}));
  PROV_CHECK(add_scales(module, layout));
  if (const Tensor* zeros = module.find("weight_zero_point")) {
    if (layout.scales.row_block == 1 && zeros->info.dtype == Dtype::i32) {
      PROV_CHECK(module.check_shape("weight_zero_point",
                                    std::array{packing.words(shape.rows), layout.scales.columns}));
      layout.packed_zeros = PackedZeros{*zeros, packing.bits, packing.dense, layout.codes.offset};
    } else {
      PROV_CHECK(add_byte_zeros(module, *zeros, layout));
    }
  }
  PROV_TRY(layout.order, order_of(module, layout));
  return joined(module, std::move(layout), packing.bits);
}

Result<JoinedModule> join_byte_integers(const PackedModule& module) {
  PROV_TRY(const Tensor* const weights, module.need("weight"));
  if (weights->info.shape.size() != 2 || weights->elements() == 0)
    return JoinedModule{{}, "compressed-tensors of integers that are no matrices"};
  ScaledRowsLayout layout;
  layout.rows = weights->info.shape[0];
  layout.columns = weights->info.shape[1];
  layout.codes = {.part = *weights, .plain = Dtype::i8, .row_bytes = layout.columns};
  PROV_CHECK(add_scales(module, layout));
  if (const Tensor* zeros = module.find("weight_zero_point")) {
    PROV_CHECK(add_byte_zeros(module, *zeros, layout));
  }
  PROV_TRY(layout.order, order_of(module, layout));
  return joined(module, std::move(layout), 8);
}

}  // namespace prov::model
