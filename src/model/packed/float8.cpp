#include "model/packed/float8.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/try.hpp"
#include "model/packed/scaled_rows.hpp"

namespace prov::model {
namespace {

using format::Dtype;

struct Blocks {
  std::uint64_t rows = 0, columns = 0;
};

std::optional<Blocks> pair_of(const nlohmann::json& facts, const char* key) {
  const auto found = facts.find(key);
  if (found == facts.end() || !found->is_array() || found->size() != 2) return std::nullopt;
  if (!(*found)[0].is_number_unsigned() || !(*found)[1].is_number_unsigned()) return std::nullopt;
  const Blocks blocks{(*found)[0].get<std::uint64_t>(), (*found)[1].get<std::uint64_t>()};
  constexpr std::uint64_t kMost = 1u << 20;
  const bool usable =
      blocks.rows > 0 && blocks.columns > 0 && blocks.rows <= kMost && blocks.columns <= kMost;
  return usable ? std::optional(blocks) : std::nullopt;
}

/// weight_block_size, or block_structure of the first group of compressed-tensors that has one.
std::optional<Blocks> stated_blocks(const QuantisationClaim* claim) {
  if (claim == nullptr) return std::nullopt;
  if (auto blocks = pair_of(*claim->facts, "weight_block_size")) return blocks;
  const auto groups = claim->facts->find("config_groups");
  if (groups == claim->facts->end() || !groups->is_object()) return std::nullopt;
  for (const auto& group : *groups) {
    if (!group.is_object()) continue;
    const auto weights = group.find("weights");
    if (weights == group.end() || !weights->is_object()) continue;
    if (auto blocks = pair_of(*weights, "block_structure")) return blocks;
  }
  return std::nullopt;
}

bool is_matrix_of_blocks(const Tensor& scales, std::uint64_t rows) {
  return scales.info.shape.size() == 2 && scales.info.shape[0] != rows && scales.elements() != 1;
}

}  // namespace

std::string_view float8_scale_part(const PackedModule& module) {
  for (const std::string_view part : {"weight_scale_inv", "weight_scale", "qscale_weight"}) {
    if (module.find(part) != nullptr) return part;
  }
  return {};
}

Result<JoinedModule> join_float8(const PackedModule& module) {
  const std::string_view part = float8_scale_part(module);
  PROV_TRY(const Tensor* const weights, module.need("weight"));
  PROV_CHECK(module.need(part));
  PROV_CHECK(
      module.check_type(part, {Dtype::f32, Dtype::bf16, Dtype::f16, Dtype::f8_e8m0, Dtype::u8}));
  if (weights->info.shape.size() != 2 || weights->elements() == 0)
    return JoinedModule{{}, "FP8 weights that are no matrices"};
  const std::uint64_t rows = weights->info.shape[0], columns = weights->info.shape[1];
  const Tensor& scales = *module.find(part);
  if (scales.info.shape.size() > 2)
    return JoinedModule{{}, "FP8 with scales of more than two dimensions"};
  const auto blocks = stated_blocks(module.claim);
  ScaledRowsLayout layout;
  layout.rows = rows;
  layout.columns = columns;
  layout.codes = {.part = *weights, .plain = weights->info.dtype, .row_bytes = columns};
  if (is_matrix_of_blocks(scales, rows)) {
    if (!blocks) return JoinedModule{{}, "FP8 with a matrix of scales whose blocks nothing names"};
    PROV_TRY(layout.scales, factors_of(module, part, rows, columns, blocks->rows, blocks->columns));
  } else {
    PROV_TRY(layout.scales, factors_of(module, part, rows, columns, 1, 0));
  }
  if (scales.info.dtype == Dtype::u8) layout.scales.type = Dtype::f8_e8m0;
  layout.precision = is_working_float(scales.info.dtype) ? scales.info.dtype : Dtype::f32;
  const bool e4m3 = weights->info.dtype == Dtype::f8_e4m3;
  const bool known = e4m3 || weights->info.dtype == Dtype::f8_e5m2;
  StatedGrid grid{.name = fmt::format("{}, {}", format::dtype_name(weights->info.dtype),
                                      blocks_text(layout.scales, rows, columns)),
                  .table = !known ? std::string_view()
                           : e4m3 ? "fp8-e4m3"
                                  : "fp8-e5m2",
                  .bits = 8,
                  .group = grid_group(layout.scales, rows, columns)};
  const Dtype precision = layout.precision;
  return JoinedModule{joined_tensor(module.name + ".weight", {rows, columns}, precision, *weights,
                                    scaled_rows(std::move(layout), std::move(grid))),
                      {}};
}

}  // namespace prov::model
