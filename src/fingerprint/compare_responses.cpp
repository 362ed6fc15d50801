#include "fingerprint/compare_responses.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "base/parallel_for.hpp"
#include "numeric/gemm.hpp"
#include "numeric/log_probability.hpp"

namespace prov::fingerprint {
namespace {

using forensics::BasisMatch;
using forensics::UnitMatch;
using numeric::Matrix;
using Pair = std::pair<std::size_t, std::size_t>;

constexpr const char* kNeedsWeights = "a fingerprint does not hold the weights";

/// Places in a.tokens and b.tokens of the tokens that both have.
struct CommonTokens {
  std::vector<std::uint32_t> in_a, in_b;
};

CommonTokens common_tokens(const Standard& a, const Standard& b) {
  CommonTokens common;
  for (std::uint32_t i = 0, j = 0; i < a.tokens.size() && j < b.tokens.size();) {
    if (a.tokens[i] == b.tokens[j]) {
      common.in_a.push_back(i++);
      common.in_b.push_back(j++);
    } else {
      a.tokens[i] < b.tokens[j] ? ++i : ++j;
    }
  }
  return common;
}

Matrix responses(const QuantisedRows& rows, const std::vector<std::uint32_t>& tokens) {
  Matrix result = restore_rows(rows, rows.rows() == 0 ? std::vector<std::uint32_t>() : tokens);
  if (result.rows > 0) numeric::centre_rows(result);
  numeric::normalise_rows(result);
  return result;
}

std::vector<model::UnitRows> described(const Standard& standard,
                                       const std::vector<std::uint32_t>& tokens) {
  std::vector<model::UnitRows> result;
  for (const UnitResponses& mlp : standard.mlps)
    result.push_back(
        {responses(mlp.gate, tokens), responses(mlp.up, tokens), responses(mlp.down, tokens)});
  return result;
}

/// How well the readers of each unit find one like them: mean over the units of both sides of the
/// largest cosine; without sign where only up can be compared with a gated MLP.
double affinity(const model::UnitRows& a, const model::UnitRows& b) {
  const bool gated = a.gate.rows > 0 && b.gate.rows > 0;
  const Matrix& x = gated ? a.gate : a.up;
  const Matrix& y = gated ? b.gate : b.up;
  if (x.rows == 0 || y.rows == 0) return 0;
  Matrix cosines(x.rows, y.rows);
  numeric::multiply_by_transpose(x.values, x.rows, y.values, y.rows, x.columns, cosines.values);
  std::vector<float> best_of_a(x.rows, -1), best_of_b(y.rows, -1);
  for (std::size_t i = 0; i < x.rows; ++i) {
    for (std::size_t j = 0; j < y.rows; ++j) {
      best_of_a[i] = std::max(best_of_a[i], cosines.row(i)[j]);
      best_of_b[j] = std::max(best_of_b[j], cosines.row(i)[j]);
    }
  }
  const auto mean = [](const std::vector<float>& values) {
    double sum = 0;
    for (const float value : values) sum += static_cast<double>(value);
    return sum / static_cast<double>(values.size());
  };
  return mean(best_of_a) + mean(best_of_b);
}

/// The best partner of every row and of every column of a table; of the side of one layer alone
/// where the other has them all.
std::set<Pair> best_pairs(const std::vector<double>& table, const Standard& a, const Standard& b) {
  const std::size_t rows = a.mlps.size(), columns = b.mlps.size();
  std::set<Pair> pairs;
  for (std::size_t j = 0; j < columns && (b.sampled || !a.sampled); ++j) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < rows; ++i) {
      if (table[i * columns + j] > table[best * columns + j]) best = i;
    }
    pairs.emplace(best, j);
  }
  for (std::size_t i = 0; i < rows && (a.sampled || !b.sampled); ++i) {
    const auto begin = table.begin() + static_cast<std::ptrdiff_t>(i * columns);
    const auto end = begin + static_cast<std::ptrdiff_t>(columns);
    pairs.emplace(i, static_cast<std::size_t>(std::max_element(begin, end) - begin));
  }
  return pairs;
}

/// As many pairs that were not chosen, half the depth apart.
std::set<Pair> background_pairs(const std::set<Pair>& chosen, std::size_t rows,
                                std::size_t columns) {
  std::set<Pair> pairs;
  for (const auto& [i, j] : chosen) {
    const Pair other = rows > 1 ? Pair((i + (rows + 1) / 2) % rows, j)
                                : Pair(i, (j + (columns + 1) / 2) % columns);
    if (!chosen.contains(other)) pairs.insert(other);
  }
  return pairs;
}

double in_place_share(const UnitMatch& match, const UnitResponses& a, const UnitResponses& b) {
  std::size_t in_place = 0;
  for (std::size_t i = 0; i < match.partner.size(); ++i) {
    const std::uint32_t partner = match.partner[i];
    in_place += partner != forensics::kNoPartner && a.units[i] == b.units[partner];
  }
  return match.agreeing == 0 ? 0
                             : static_cast<double>(in_place) / static_cast<double>(match.agreeing);
}

struct Matched {
  Pair pair;
  bool chosen = false;
  UnitMatch units;
};

void summarise(BasisMatch& match, const std::vector<Matched>& all) {
  double background = 0, cosine = 0, units = 0;
  for (const Matched& cell : all) {
    const auto count = static_cast<double>(cell.units.units);
    if (!cell.chosen) {
      background += static_cast<double>(cell.units.agreeing);
      cosine += cell.units.cosine * count;
      units += count;
      continue;
    }
    match.agreeing += cell.units.agreeing;
    match.units += cell.units.units;
    match.expected += cell.units.expected;
    match.mean_cosine += cell.units.cosine / static_cast<double>(match.best.size());
  }
  if (units > 0) {
    match.background_share = background / units;
    match.background_cosine = cosine / units;
  }
  match.log10_p = numeric::log10_poisson_tail(match.agreeing, static_cast<double>(match.expected));
}

BasisMatch match_all(const Standard& a, const Standard& b, const CommonTokens& tokens) {
  const std::vector<model::UnitRows> in_a = described(a, tokens.in_a),
                                     in_b = described(b, tokens.in_b);
  std::vector<double> affinities(in_a.size() * in_b.size());
  base::parallel_for(affinities.size(), base::worker_count(), [&](std::size_t cell) {
    affinities[cell] = affinity(in_a[cell / in_b.size()], in_b[cell % in_b.size()]);
  });
  const std::set<Pair> chosen = best_pairs(affinities, a, b);
  std::vector<Matched> all;
  for (const Pair& pair : chosen) all.push_back({pair, true, {}});
  for (const Pair& pair : background_pairs(chosen, in_a.size(), in_b.size()))
    all.push_back({pair, false, {}});
  base::parallel_for(all.size(), base::worker_count(), [&](std::size_t i) {
    all[i].units = forensics::match_units(in_a[all[i].pair.first], in_b[all[i].pair.second]);
  });

  BasisMatch match;
  match.table = forensics::LayerTable(in_a.size(), in_b.size());
  for (const Matched& cell : all) {
    if (cell.units.units == 0) continue;
    const auto expected = static_cast<double>(cell.units.expected);
    const auto& [i, j] = cell.pair;
    match.table.at(i, j) = forensics::LayerCell{
        (static_cast<double>(cell.units.agreeing) - expected) / std::sqrt(expected),
        cell.units.share()};
    if (cell.chosen)
      match.best.push_back({i, j, cell.units, in_place_share(cell.units, a.mlps[i], b.mlps[j])});
  }
  if (match.best.empty()) match.missing = "no units can be described in it";
  summarise(match, all);
  return match;
}

}  // namespace

forensics::UnitSearch compare_responses(const Standard& a, const Standard& b) {
  forensics::UnitSearch search;
  for (const UnitResponses& mlp : a.mlps) search.places_a.push_back(mlp.place);
  for (const UnitResponses& mlp : b.mlps) search.places_b.push_back(mlp.place);
  search.mlps_a = a.mlps.size();
  search.mlps_b = b.mlps.size();
  search.by_text = a.by_text && b.by_text;
  search.raw.missing = search.recovered.missing = search.aligned.missing = kNeedsWeights;
  if (!a.missing.empty() || !b.missing.empty()) {
    search.tokens.missing = a.missing.empty() ? b.missing : a.missing;
    return search;
  }
  const CommonTokens tokens = common_tokens(a, b);
  search.tokens_used = tokens.in_a.size();
  if (search.tokens_used < kFewestCommonTokens) {
    search.tokens.missing = a.by_text == b.by_text ? "the models have too few tokens in common"
                                                   : "one model has no tokenizer";
    return search;
  }
  search.tokens = match_all(a, b, tokens);
  return search;
}

}  // namespace prov::fingerprint
