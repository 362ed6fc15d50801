#include <array>

#include "base/try.hpp"
#include "model/packed/bitsandbytes.hpp"
#include "model/packed/scaled_rows.hpp"

namespace prov::model {

Result<JoinedModule> join_bitsandbytes_int8(const PackedModule& module) {
  using format::Dtype;
  PROV_CHECK(module.check_type("weight", {Dtype::i8}));
  PROV_CHECK(module.check_type("SCB", {Dtype::f32}));
  const Tensor& weights = *module.find("weight");
  if (weights.info.shape.size() != 2 || weights.elements() == 0)
    return module.error(ErrorCode::size_mismatch, "weight", "the weight is no matrix");
  const std::uint64_t rows = weights.info.shape[0], columns = weights.info.shape[1];
  PROV_CHECK(module.check_shape("SCB", std::array{rows}));
  ScaledRowsLayout layout;
  layout.rows = rows;
  layout.columns = columns;
  layout.codes = {.part = weights, .plain = Dtype::i8, .row_bytes = columns};
  PROV_TRY(layout.scales, factors_of(module, "SCB", rows, columns, 1, columns));
  layout.factor = 7.874015718698502e-3F;
  StatedGrid grid{.name = "bitsandbytes int8, per row",
                  .table = "int",
                  .bits = 8,
                  .group = static_cast<std::size_t>(columns)};
  return JoinedModule{joined_tensor(module.name + ".weight", {rows, columns}, Dtype::f32, weights,
                                    scaled_rows(std::move(layout), std::move(grid))),
                      {}};
}

}  // namespace prov::model
