#include "model/packed/float4.hpp"

#include <fmt/format.h>

#include <array>

#include "base/try.hpp"
#include "model/packed/scaled_rows.hpp"

namespace prov::model {
namespace {

using format::Dtype;

/// The one number of a part. It is a scale for the whole matrix.
Result<float> single_number(const PackedModule& module, std::string_view part) {
  PROV_TRY(const Tensor* const tensor, module.need(part));
  PROV_CHECK(module.check_type(part, {Dtype::f32}));
  if (tensor->elements() != 1) {
    return module.error(ErrorCode::size_mismatch, part,
                        fmt::format("{} numbers where one belongs", tensor->elements()));
  }
  PROV_TRY(const std::vector<float> number, read_numbers(*module.checkpoint, *tensor, 0, 1));
  return number[0];
}

}  // namespace

Result<JoinedModule> join_float4(const PackedModule& module) {
  const bool model_opt = module.find("weight_scale_2") != nullptr;
  const char* const part = model_opt ? "weight" : "weight_packed";
  PROV_CHECK(module.check_type(part, {Dtype::u8, Dtype::f4}));
  PROV_TRY(const Tensor* const codes, module.need(part));
  PROV_TRY(const Tensor* const scales, module.need("weight_scale"));
  if (codes->info.shape.size() != 2 || codes->elements() == 0)
    return JoinedModule{{}, "FP4 weights that are no matrices"};
  const bool nvidia = scales->info.dtype == Dtype::f8_e4m3;
  if (model_opt && scales->info.dtype == Dtype::f32) return JoinedModule{{}, "ModelOpt's W4A8"};
  PROV_CHECK(module.check_type("weight_scale", {Dtype::f8_e4m3, Dtype::u8, Dtype::f8_e8m0}));
  const std::uint64_t scaled_columns =
      scales->info.shape.size() == 2 ? scales->info.shape[1] * 32 : 0;
  if (!nvidia && codes->info.dtype == Dtype::u8 && codes->info.shape[1] * 4 == scaled_columns * 3)
    return JoinedModule{{}, "MXFP6"};
  ScaledRowsLayout layout;
  layout.rows = codes->info.shape[0];
  layout.columns = codes->info.shape[1] * (codes->info.dtype == Dtype::f4 ? 1 : 2);
  layout.codes = {.part = *codes, .plain = Dtype::f4, .row_bytes = layout.columns / 2};
  const std::uint64_t group = nvidia ? 16 : 32;
  PROV_CHECK(module.check_shape("weight_scale",
                                std::array{layout.rows, (layout.columns + group - 1) / group}));
  PROV_TRY(layout.scales,
           factors_of(module, "weight_scale", layout.rows, layout.columns, 1, group));
  if (!nvidia) layout.scales.type = Dtype::f8_e8m0;
  if (model_opt) {
    PROV_TRY(layout.multiplier, single_number(module, "weight_scale_2"));
  } else if (nvidia) {
    PROV_TRY(layout.divisor, single_number(module, "weight_global_scale"));
    layout.precision = Dtype::bf16;
  }
  StatedGrid grid{.name = fmt::format("{}, groups of {}", nvidia ? "NVFP4" : "MXFP4", group),
                  .table = "fp4-e2m1",
                  .bits = 4,
                  .group = static_cast<std::size_t>(group)};
  std::vector<std::uint64_t> shape{layout.rows, layout.columns};
  const Dtype precision = layout.precision;
  return JoinedModule{joined_tensor(module.name + ".weight", std::move(shape), precision, *codes,
                                    scaled_rows(std::move(layout), std::move(grid))),
                      {}};
}

}  // namespace prov::model
