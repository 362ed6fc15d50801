#include "forensics/container_grid.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>

namespace prov::forensics {
namespace {

struct Row {
  format::Dtype dtype;
  std::string_view table;  // level_table.hpp; empty: no table of numbers
  int bits;
  std::size_t group;  // numbers that share a scale
};

using format::Dtype;

constexpr Row kGrids[] = {
    {Dtype::q4_0, "int", 4, 32},
    {Dtype::q4_1, "int with offset", 4, 32},
    {Dtype::q5_0, "int", 5, 32},
    {Dtype::q5_1, "int with offset", 5, 32},
    {Dtype::q8_0, "int", 8, 32},
    {Dtype::q8_1, "int", 8, 32},
    {Dtype::q2_k, "int with offset", 2, 16},
    {Dtype::q3_k, "int", 3, 16},
    {Dtype::q4_k, "int with offset", 4, 32},
    {Dtype::q5_k, "int with offset", 5, 32},
    {Dtype::q6_k, "int", 6, 16},
    {Dtype::q8_k, "int", 8, 256},
    {Dtype::iq1_s, "", 2, 32},
    {Dtype::iq1_m, "", 2, 16},
    {Dtype::iq2_xxs, "", 2, 32},
    {Dtype::iq2_xs, "", 2, 16},
    {Dtype::iq2_s, "", 2, 16},
    {Dtype::iq3_xxs, "", 3, 32},
    {Dtype::iq3_s, "", 3, 32},
    {Dtype::iq4_nl, "iq4_nl", 4, 32},
    {Dtype::iq4_xs, "iq4_nl", 4, 32},
    {Dtype::tq1_0, "int", 2, 256},
    {Dtype::tq2_0, "int", 2, 256},
    {Dtype::mxfp4, "fp4-e2m1", 4, 32},
    {Dtype::nvfp4, "fp4-e2m1", 4, 16},
};

}  // namespace

std::optional<QuantisationGrid> container_grid(format::Dtype dtype) {
  const auto* row = std::ranges::find(kGrids, dtype, &Row::dtype);
  if (row == std::end(kGrids)) return std::nullopt;
  QuantisationGrid grid;
  grid.name = format::dtype_name(dtype);
  grid.table = row->table;
  grid.bits = row->bits;
  grid.group = row->group;
  grid.stated = true;
  grid.log10_chance = -std::numeric_limits<double>::infinity();
  return grid;
}

std::optional<QuantisationGrid> container_grid(const model::Tensor& tensor) {
  if (tensor.composed == nullptr || format::is_block_quantised(tensor.info.dtype))
    return container_grid(tensor.info.dtype);
  const model::StatedGrid* const stated = tensor.composed->grid();
  if (stated == nullptr) return std::nullopt;
  QuantisationGrid grid;
  grid.name = stated->name;
  grid.table = stated->table;
  grid.bits = stated->bits;
  grid.group = stated->group;
  grid.stated = true;
  grid.log10_chance = -std::numeric_limits<double>::infinity();
  return grid;
}

bool grid_runs_across(const model::Tensor& tensor) {
  return tensor.composed != nullptr && tensor.composed->lines_run_across();
}

}  // namespace prov::forensics
