#include "model/packed/mlx.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "model/packed/scaled_rows.hpp"

namespace prov::model {
namespace {

using format::Dtype;

struct Mode {
  std::string name = "affine";
  std::int64_t bits = 0, group = 0;
};

/// What the configuration says of this module; nullopt where it says nothing that can be used.
std::optional<Mode> mode_of(const PackedModule& module) {
  if (module.claim == nullptr) return std::nullopt;
  QuantisationClaim claim = *module.claim;
  if (const auto own = claim.facts->find(module.name);
      own != claim.facts->end() && own->is_object())
    claim.facts = std::make_shared<const nlohmann::json>(*own);
  const auto bits = claim.whole_number("bits"), group = claim.whole_number("group_size");
  if (!bits || !group || *bits < 1 || *bits > 8 || *group < 1 || *group > (1 << 20))
    return std::nullopt;
  return Mode{claim.text("mode").value_or("affine"), *bits, *group};
}

/// Leading dimensions are rows: experts that are stacked are packed row by row, too.
std::uint64_t rows_of(const Tensor& tensor) { return tensor.elements() / tensor.info.shape.back(); }

/// Scales and biases: the shape of the weight, but for the last dimension.
Result<RowFactors> factors(const PackedModule& module, const char* part, const Tensor& weights,
                           std::uint64_t columns, std::uint64_t group) {
  std::vector<std::uint64_t> shape = weights.info.shape;
  shape.back() = columns / group;
  PROV_CHECK(module.check_shape(part, shape));
  return RowFactors{.part = *module.find(part),
                    .type = module.find(part)->info.dtype,
                    .row_block = 1,
                    .column_block = group,
                    .columns = shape.back()};
}

Result<void> add_float_codes(const PackedModule& module, const Mode& mode,
                             ScaledRowsLayout& layout) {
  PROV_CHECK(module.check_type("scales", {Dtype::u8}));
  layout.codes.plain = mode.name == "mxfp8" ? Dtype::f8_e4m3 : Dtype::f4;
  layout.scales.type = mode.name == "nvfp4" ? Dtype::f8_e4m3 : Dtype::f8_e8m0;
  layout.precision = Dtype::f32;
  return {};
}

Result<void> add_affine_codes(const PackedModule& module, const Mode& mode, const Tensor& weights,
                              ScaledRowsLayout& layout) {
  PROV_CHECK(module.check_type("scales", {Dtype::f16, Dtype::bf16, Dtype::f32}));
  layout.codes.bits = static_cast<unsigned>(mode.bits);
  layout.codes.across_words = true;
  layout.arithmetic = RowArithmetic::offset;
  layout.precision = layout.scales.type;
  PROV_CHECK(module.check_type("biases", {layout.scales.type}));
  PROV_TRY(layout.zeros, factors(module, "biases", weights, layout.columns,
                                 static_cast<std::uint64_t>(mode.group)));
  return {};
}

}  // namespace

Result<JoinedModule> join_mlx(const PackedModule& module) {
  PROV_TRY(const Tensor* const weights, module.need("weight"));
  PROV_CHECK(module.need("scales"));
  const auto mode = mode_of(module);
  if (!mode) return JoinedModule{{}, "MLX without the bits and groups of config.json"};
  const bool affine = mode->name == "affine";
  const bool floats = (mode->name == "mxfp4" && mode->bits == 4 && mode->group == 32) ||
                      (mode->name == "nvfp4" && mode->bits == 4 && mode->group == 16) ||
                      (mode->name == "mxfp8" && mode->bits == 8 && mode->group == 32);
  if (!affine && !floats) {
    return JoinedModule{{},
                        fmt::format("MLX in the mode \"{}\", {} bits, groups of {}",
                                    base::printable(mode->name), mode->bits, mode->group)};
  }
  if (module.find("global_scale") != nullptr)
    return JoinedModule{{}, fmt::format("MLX {} with a global scale", base::printable(mode->name))};
  const auto bits = static_cast<std::uint64_t>(mode->bits);
  const auto group = static_cast<std::uint64_t>(mode->group);
  if (weights->info.shape.size() < 2 || weights->elements() == 0)
    return module.error(ErrorCode::size_mismatch, "weight", "packed weights are no matrix");
  const std::uint64_t words = weights->info.shape.back();
  if (words * 32 % bits != 0 || words * 32 / bits % group != 0) {
    return module.error(ErrorCode::size_mismatch, "weight",
                        fmt::format("rows of {} words are no whole groups of {} numbers of {} bits",
                                    words, group, bits),
                        "a configuration of another model?");
  }
  ScaledRowsLayout layout;
  layout.rows = rows_of(*weights);
  layout.columns = words * 32 / bits;
  layout.codes = {.part = *weights, .plain = std::nullopt, .row_bytes = words * 4};
  PROV_TRY(layout.scales, factors(module, "scales", *weights, layout.columns, group));
  if (affine) {
    PROV_CHECK(add_affine_codes(module, *mode, *weights, layout));
  } else {
    PROV_CHECK(add_float_codes(module, *mode, layout));
  }
  // Of grids above an offset only coarse ones can be told from any others.
  constexpr std::uint64_t kMostBits = 5;
  const bool tested = affine ? bits <= kMostBits : true;
  StatedGrid grid{.name = affine ? fmt::format("MLX int{}, groups of {}", bits, group)
                                 : fmt::format("MLX {}, groups of {}", mode->name, group),
                  .table = !tested                 ? std::string_view()
                           : affine                ? "int with offset"
                           : mode->name == "mxfp8" ? "fp8-e4m3"
                                                   : "fp4-e2m1",
                  .bits = static_cast<int>(bits),
                  .group = static_cast<std::size_t>(group)};
  std::vector<std::uint64_t> shape = weights->info.shape;
  shape.back() = layout.columns;
  const Dtype precision = layout.precision;
  return JoinedModule{joined_tensor(module.name + ".weight", std::move(shape), precision, *weights,
                                    scaled_rows(std::move(layout), std::move(grid))),
                      {}};
}

}  // namespace prov::model
