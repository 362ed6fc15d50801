#include "forensics/unit_description.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "base/try.hpp"
#include "forensics/residual_map.hpp"
#include "forensics/sampling.hpp"
#include "forensics/unit_match.hpp"
#include "model/unit_strengths.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kUnits = 128;
constexpr AxisSample kRawCoordinates{512, 32};

numeric::Matrix columns_at(const numeric::Matrix& matrix,
                           const std::vector<std::uint64_t>& columns) {
  numeric::Matrix result(matrix.rows, columns.size());
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) result.row(i)[j] = matrix.row(i)[columns[j]];
  }
  return result;
}

/// Embedding rows as the norm before the MLP passes them on, gains apart.
numeric::Matrix normed(numeric::Matrix rows, bool subtracts_mean) {
  if (subtracts_mean) numeric::centre_rows(rows);
  numeric::normalise_rows(rows);
  return rows;
}

numeric::Matrix responses(const numeric::Matrix& units, const numeric::Matrix& tokens) {
  numeric::Matrix result = mapped(units, tokens);
  if (result.columns > 0) numeric::centre_rows(result);
  return result;
}

}  // namespace

Result<UnitDescription> describe_units(const model::Checkpoint& checkpoint, const model::Mlp& mlp,
                                       const SharedBases& bases) {
  UnitDescription result;
  PROV_TRY(model::StrongestUnits strongest, model::read_strongest_units(checkpoint, mlp, kUnits));
  result.units = std::move(strongest.units);
  model::UnitRows& rows = strongest.rows;
  const auto sampled = sampled_positions(mlp.residual(), kRawCoordinates);
  result.raw = {columns_at(rows.gate, sampled), columns_at(rows.up, sampled),
                columns_at(rows.down, sampled)};
  if (bases.residual_map != nullptr && bases.residual_map->columns == mlp.residual()) {
    result.recovered = {mapped(rows.gate, *bases.residual_map),
                        mapped(rows.up, *bases.residual_map),
                        mapped(rows.down, *bases.residual_map)};
  }
  if (bases.embedding != nullptr && bases.embedding->columns == mlp.residual()) {
    const numeric::Matrix tokens = normed(*bases.embedding, mlp.subtracts_mean);
    result.tokens = {responses(rows.gate, tokens), responses(rows.up, tokens),
                     responses(rows.down, *bases.head)};
  }
  for (model::UnitRows* basis : {&result.raw, &result.recovered, &result.tokens})
    *basis = unit_directions(std::move(*basis));
  if (bases.whole_rows) result.whole = std::move(rows);
  return result;
}

}  // namespace prov::forensics
