#include "forensics/unit_sample.hpp"

#include <cmath>
#include <vector>

#include "base/try.hpp"
#include "forensics/sampling.hpp"
#include "numeric/gemm.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr AxisSample kOrderUnits{256, 32};
constexpr AxisSample kOrderCoordinates{96, 16};
constexpr AxisSample kGeometryUnits{128, 32};
constexpr std::size_t kFewestUnits = 8;

}  // namespace

std::size_t ordered_units(const model::Mlp& mlp) {
  return sampled_positions(mlp.hidden(), kOrderUnits).size();
}

std::size_t measured_units(const model::Mlp& mlp) {
  return sampled_positions(mlp.hidden(), kGeometryUnits).size();
}

Result<OrderedUnits> read_ordered_units(const model::Checkpoint& checkpoint, const model::Mlp& mlp,
                                        bool with_gate) {
  const auto units = sampled_positions(mlp.hidden(), kOrderUnits);
  const auto coordinates = sampled_positions(mlp.residual(), kOrderCoordinates);
  PROV_TRY(model::UnitRows read, model::read_units(checkpoint, mlp, units, coordinates));
  std::vector<numeric::Matrix> blocks;
  if (with_gate) blocks.push_back(std::move(read.gate));
  blocks.push_back(std::move(read.up));
  blocks.push_back(std::move(read.down));
  for (numeric::Matrix& block : blocks) numeric::normalise_rows(block);
  OrderedUnits result;
  result.rows = numeric::side_by_side(blocks);
  numeric::centre_columns(result.rows);
  const numeric::Matrix columns = numeric::transposed(result.rows);
  result.features = numeric::Matrix(columns.rows, columns.rows);
  numeric::multiply_by_transpose(columns.values, columns.rows, columns.values, columns.rows,
                                 columns.columns, result.features.values);
  result.norm2 = numeric::dot(result.rows.values, result.rows.values);
  return result;
}

std::optional<PermutationTest> order_agreement(const OrderedUnits& a, const OrderedUnits& b) {
  const std::size_t n = a.rows.rows, m = a.rows.columns;
  if (n != b.rows.rows || m != b.rows.columns || n < kFewestUnits || m == 0) return std::nullopt;
  const double t = numeric::dot(a.rows.values, b.rows.values);
  const double variance =
      numeric::dot(a.features.values, b.features.values) / static_cast<double>(n - 1);
  const double norms = std::sqrt(a.norm2 * b.norm2);
  if (!(variance > 0) || !(norms > 0) || !std::isfinite(variance)) return std::nullopt;
  return PermutationTest{t / std::sqrt(variance), t / norms, n, m};
}

Result<CentredGram> read_unit_geometry(const model::Checkpoint& checkpoint, const model::Mlp& mlp,
                                       bool with_gate) {
  const auto units = sampled_positions(mlp.hidden(), kGeometryUnits);
  const auto coordinates = sampled_positions(mlp.residual(), {mlp.residual(), mlp.residual()});
  PROV_TRY(model::UnitRows read, model::read_readers(checkpoint, mlp, units, coordinates));
  std::vector<numeric::Matrix> blocks;
  if (with_gate) blocks.push_back(std::move(read.gate));
  blocks.push_back(std::move(read.up));
  for (numeric::Matrix& block : blocks) numeric::normalise_rows(block);
  return centred_gram(blocks);
}

}  // namespace prov::forensics
