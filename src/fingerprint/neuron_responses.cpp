#include "fingerprint/neuron_responses.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "base/try.hpp"
#include "forensics/residual_map.hpp"
#include "model/unit_strengths.hpp"

namespace prov::fingerprint {
namespace {

using numeric::Matrix;

/// Places among `strongest`, strongest first, without those of no strength.
std::vector<std::size_t> by_strength(const std::vector<double>& strengths) {
  std::vector<std::size_t> order(strengths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t i) { return !(strengths[i] > 0); });
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return strengths[i]; });
  return order;
}

/// Embedding rows as the norm before the MLP passes them on, gains apart.
Matrix normed(Matrix rows, bool subtracts_mean) {
  if (subtracts_mean) numeric::centre_rows(rows);
  numeric::normalise_rows(rows);
  return rows;
}

Matrix reordered(const Matrix& rows, const std::vector<std::size_t>& order) {
  Matrix result(rows.rows == 0 ? 0 : order.size(), rows.columns);
  for (std::size_t i = 0; i < result.rows; ++i)
    std::ranges::copy(rows.row(order[i]), result.row(i).begin());
  return result;
}

Matrix responses(const Matrix& units, const Matrix& tokens) {
  Matrix result = forensics::mapped(units, tokens);
  if (result.rows > 0) numeric::centre_rows(result);
  return result;
}

}  // namespace

Result<NeuronResponses> read_responses(const model::Checkpoint& checkpoint, const model::Mlp& mlp,
                                       const TokenBasis& tokens, std::span<const double> strengths,
                                       std::size_t kept) {
  NeuronResponses result;
  PROV_TRY(const model::StrongestUnits strongest,
           model::read_strongest_units(checkpoint, mlp, kStrongestUnits, strengths, kept));
  const std::vector<std::size_t> order = by_strength(strongest.strengths);
  for (const std::size_t i : order) {
    result.units.push_back(static_cast<std::uint32_t>(strongest.units[i]));
    result.strengths.push_back(strongest.strengths[i]);
  }
  const Matrix embedding = normed(tokens.embedding, mlp.subtracts_mean);
  if (mlp.gate) result.gate = responses(reordered(strongest.rows.gate, order), embedding);
  result.up = responses(reordered(strongest.rows.up, order), embedding);
  result.down = responses(reordered(strongest.rows.down, order), tokens.head);
  return result;
}

}  // namespace prov::fingerprint
