#include "fingerprint/neuron_responses.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/try.hpp"
#include "forensics/residual_map.hpp"

namespace prov::fingerprint {
namespace {

using numeric::Matrix;

std::vector<std::uint32_t> strongest(const std::vector<double>& strengths) {
  std::vector<std::uint32_t> order(strengths.size());
  std::iota(order.begin(), order.end(), 0U);
  std::erase_if(order, [&](std::uint32_t unit) { return !(strengths[unit] > 0); });
  const auto kept = static_cast<std::ptrdiff_t>(std::min(kStrongestUnits, order.size()));
  std::ranges::partial_sort(order, order.begin() + kept, [&](std::uint32_t i, std::uint32_t j) {
    return strengths[i] != strengths[j] ? strengths[i] > strengths[j] : i < j;
  });
  order.resize(static_cast<std::size_t>(kept));
  return order;
}

/// Embedding rows as the norm before the MLP passes them on, gains apart.
Matrix normed(Matrix rows, bool subtracts_mean) {
  if (subtracts_mean) numeric::centre_rows(rows);
  numeric::normalise_rows(rows);
  return rows;
}

/// Rows of `ascending` units put into the order of `units`.
Matrix reordered(const Matrix& rows, const std::vector<std::uint64_t>& ascending,
                 const std::vector<std::uint32_t>& units) {
  Matrix result(rows.rows == 0 ? 0 : units.size(), rows.columns);
  for (std::size_t i = 0; i < result.rows; ++i) {
    const auto place = std::ranges::lower_bound(ascending, units[i]) - ascending.begin();
    std::ranges::copy(rows.row(static_cast<std::size_t>(place)), result.row(i).begin());
  }
  return result;
}

Matrix responses(const Matrix& units, const Matrix& tokens) {
  Matrix result = forensics::mapped(units, tokens);
  if (result.rows > 0) numeric::centre_rows(result);
  return result;
}

}  // namespace

Result<NeuronResponses> read_responses(const model::Checkpoint& checkpoint, const model::Mlp& mlp,
                                       const TokenBasis& tokens) {
  NeuronResponses result;
  PROV_TRY(const std::vector<double> strengths, model::unit_strengths(checkpoint, mlp));
  result.units = strongest(strengths);
  for (const std::uint32_t unit : result.units) result.strengths.push_back(strengths[unit]);
  std::vector<std::uint64_t> ascending(result.units.begin(), result.units.end());
  std::ranges::sort(ascending);
  std::vector<std::uint64_t> coordinates(mlp.residual());
  std::iota(coordinates.begin(), coordinates.end(), std::uint64_t{0});
  PROV_TRY(const model::UnitRows rows, model::read_units(checkpoint, mlp, ascending, coordinates));
  const Matrix embedding = normed(tokens.embedding, mlp.subtracts_mean);
  if (mlp.gate) result.gate = responses(reordered(rows.gate, ascending, result.units), embedding);
  result.up = responses(reordered(rows.up, ascending, result.units), embedding);
  result.down = responses(reordered(rows.down, ascending, result.units), tokens.head);
  return result;
}

}  // namespace prov::fingerprint
