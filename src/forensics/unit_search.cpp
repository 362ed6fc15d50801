#include "forensics/unit_search.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/residual_map.hpp"
#include "forensics/unit_alignment.hpp"
#include "forensics/unit_description.hpp"
#include "numeric/log_probability.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFitTokens = 1024;
constexpr std::size_t kResponseTokens = 96;
constexpr std::size_t kLayers = 4;
constexpr std::size_t kSmallModel = 16;  // MLPs that are always all looked at
constexpr std::size_t kManyLayers = 48;
constexpr std::size_t kAlignedLayers = 16;  // whose rows are kept: memory
// Share that agrees, and how near: no further basis is needed then.
constexpr double kUnitsSpeak = 0.5, kUnitsNear = 0.8;

/// `wanted` of `mlps`, evenly spread.
std::vector<model::Mlp> spread(const std::vector<model::Mlp>& mlps, std::size_t wanted) {
  if (mlps.size() <= wanted) return mlps;
  std::vector<model::Mlp> chosen;
  for (std::size_t i = 0; i < wanted; ++i)
    chosen.push_back(mlps[i * (mlps.size() - 1) / (wanted - 1)]);
  return chosen;
}

/// How many MLPs of `own` are looked at: layers that were moved can only be found if the longer
/// model is looked at as a whole.
std::size_t wanted_layers(std::size_t own, std::size_t other, UnitSearchLimits limits) {
  if (limits.all_layers || std::max(own, other) <= kSmallModel) return own;
  return own <= other ? kLayers : kManyLayers;
}

Result<std::vector<UnitDescription>> describe_all(const model::Checkpoint& checkpoint,
                                                  const std::vector<model::Mlp>& mlps,
                                                  const SharedBases& bases,
                                                  const std::vector<bool>& whole,
                                                  const std::stop_token& stop) {
  std::vector<UnitDescription> described(mlps.size());
  std::vector<std::optional<Error>> errors(mlps.size());
  base::parallel_for(mlps.size(), base::worker_count(), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    SharedBases wanted = bases;
    wanted.whole_rows = whole[i];
    if (auto units = describe_units(checkpoint, mlps[i], wanted)) {
      described[i] = *std::move(units);
    } else {
      errors[i] = std::move(units).error();
    }
  });
  if (stop.stop_requested())
    return Error{.code = ErrorCode::cancelled, .message = "stopped while matching hidden units"};
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return described;
}

using Descriptions = std::vector<UnitDescription>;
using Basis = model::UnitRows UnitDescription::*;

void summarise(BasisMatch& match, const std::vector<UnitMatch>& all, std::size_t columns) {
  double background = 0, cosine = 0, units = 0;
  for (std::size_t cell = 0; cell < all.size(); ++cell) {
    const bool best = std::ranges::any_of(match.best, [&](const MlpMatch& chosen) {
      return chosen.a == cell / columns && chosen.b == cell % columns;
    });
    if (best || all[cell].units == 0) continue;
    background += static_cast<double>(all[cell].agreeing);
    units += static_cast<double>(all[cell].units);
    cosine += all[cell].cosine * static_cast<double>(all[cell].units);
  }
  if (units > 0) {
    match.background_share = background / units;
    match.background_cosine = cosine / units;
  }
  for (const MlpMatch& best : match.best) {
    match.agreeing += best.units.agreeing;
    match.units += best.units.units;
    match.expected += best.units.expected;
    match.mean_cosine += best.units.cosine / static_cast<double>(match.best.size());
  }
  match.log10_p = numeric::log10_poisson_tail(match.agreeing, static_cast<double>(match.expected));
}

double in_place_share(const UnitMatch& match, const std::vector<std::uint64_t>& units_a,
                      const std::vector<std::uint64_t>& units_b) {
  std::size_t in_place = 0;
  for (std::size_t i = 0; i < match.partner.size(); ++i) {
    in_place += match.partner[i] != kNoPartner && units_a[i] == units_b[match.partner[i]];
  }
  return match.agreeing == 0 ? 0
                             : static_cast<double>(in_place) / static_cast<double>(match.agreeing);
}

/// The best partner of every row and of every column.
std::set<std::pair<std::size_t, std::size_t>> best_pairs(const std::vector<UnitMatch>& all,
                                                         std::size_t rows, std::size_t columns) {
  std::set<std::pair<std::size_t, std::size_t>> pairs;
  const auto add_best = [&](std::size_t count, auto cell_of) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t cell = cell_of(i);
      if (all[cell].units > 0 && (!best || all[cell].cosine > all[*best].cosine)) best = cell;
    }
    if (best) pairs.emplace(*best / columns, *best % columns);
  };
  for (std::size_t j = 0; j < columns; ++j)
    add_best(rows, [&](std::size_t i) { return i * columns + j; });
  for (std::size_t i = 0; i < rows; ++i)
    add_best(columns, [&](std::size_t j) { return i * columns + j; });
  return pairs;
}

BasisMatch match_all(const Descriptions& a, const Descriptions& b, Basis basis) {
  BasisMatch match;
  match.table = LayerTable(a.size(), b.size());
  std::vector<UnitMatch> all(a.size() * b.size());
  base::parallel_for(all.size(), base::worker_count(), [&](std::size_t cell) {
    all[cell] = match_units(a[cell / b.size()].*basis, b[cell % b.size()].*basis);
    if (all[cell].units == 0) return;
    const double expected = static_cast<double>(all[cell].expected);
    match.table.cells[cell] =
        LayerCell{(static_cast<double>(all[cell].agreeing) - expected) / std::sqrt(expected),
                  all[cell].share()};
  });
  for (const auto& [i, j] : best_pairs(all, a.size(), b.size())) {
    MlpMatch chosen{i, j, all[i * b.size() + j], 0};
    chosen.in_place = in_place_share(chosen.units, a[i].units, b[j].units);
    match.best.push_back(std::move(chosen));
  }
  if (match.best.empty()) match.missing = "no units can be described in it";
  summarise(match, all, b.size());
  return match;
}

/// Which MLPs are aligned, evenly spread: layers at one place are taken to answer each other.
std::vector<bool> aligned_layers(const std::vector<model::Mlp>& a,
                                 const std::vector<model::Mlp>& b) {
  std::vector<bool> chosen(std::max(a.size(), b.size()));
  if (a.size() != b.size() || a.front().residual() != b.front().residual()) return chosen;
  const std::size_t wanted = std::min(kAlignedLayers, chosen.size());
  for (std::size_t i = 0; i < wanted; ++i)
    chosen[wanted == chosen.size() ? i : i * (chosen.size() - 1) / (wanted - 1)] = true;
  return chosen;
}

std::vector<model::UnitRows> whole_rows(Descriptions& units) {
  std::vector<model::UnitRows> rows;
  for (UnitDescription& description : units)
    rows.push_back(std::exchange(description.whole, model::UnitRows{}));
  return rows;
}

BasisMatch match_aligned(Descriptions& a, Descriptions& b, const std::stop_token& stop) {
  UnitAlignment alignment = align_units(whole_rows(a), whole_rows(b), stop);
  if (!alignment.missing.empty()) return {.missing = std::move(alignment.missing)};
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i].aligned = unit_directions(std::move(alignment.a[i]));
    b[i].aligned = unit_directions(std::move(alignment.b[i]));
  }
  return match_all(a, b, &UnitDescription::aligned);
}

bool speaks(const UnitSearch& search) {
  const auto near = [](const BasisMatch& match) {
    return match.share() >= kUnitsSpeak && match.mean_cosine >= kUnitsNear;
  };
  // Responses to tokens know no other basis: units that answer alike are alike.
  return near(search.raw) || near(search.recovered) || search.tokens.share() >= kUnitsSpeak;
}

}  // namespace

Result<UnitSearch> search_units(const model::Model& a, const std::vector<model::Mlp>& mlps_a,
                                const model::Model& b, const std::vector<model::Mlp>& mlps_b,
                                UnitSearchLimits limits, Progress* progress,
                                const std::stop_token& stop) {
  UnitSearch search;
  search.mlps_a = mlps_a.size();
  search.mlps_b = mlps_b.size();
  if (mlps_a.empty() || mlps_b.empty()) {
    search.not_run = "a model has no MLP whose weights can be read as numbers";
    return search;
  }
  if (progress != nullptr) progress->phase("searching for re-parameterised layers");
  const std::vector<model::Mlp> in_a =
      spread(mlps_a, wanted_layers(mlps_a.size(), mlps_b.size(), limits));
  const std::vector<model::Mlp> in_b =
      spread(mlps_b, wanted_layers(mlps_b.size(), mlps_a.size(), limits));
  for (const model::Mlp& mlp : in_a) search.places_a.push_back(mlp.place);
  for (const model::Mlp& mlp : in_b) search.places_b.push_back(mlp.place);

  PROV_TRY(const TokenRows tokens,
           read_token_rows(a, mlps_a.front().convention, b, mlps_b.front().convention,
                           {kFitTokens, kResponseTokens}));
  search.by_text = tokens.by_text;
  std::optional<ResidualMap> map;
  if (tokens.missing.empty()) {
    base::parallel_for(2, base::worker_count(), [&](std::size_t part) {
      if (part == 0) {
        map = recover_residual_map(tokens.embedding_a, tokens.embedding_b);
      } else {
        search.coordinates = match_coordinates(tokens.embedding_a, tokens.embedding_b);
      }
    });
  }
  if (map) search.map_fit = map->held_out_cosine;
  const numeric::Matrix few_a = numeric::first_rows(tokens.embedding_a, kResponseTokens),
                        few_b = numeric::first_rows(tokens.embedding_b, kResponseTokens);
  search.tokens_used = few_a.rows;
  const bool enough = few_a.rows == kResponseTokens;
  SharedBases bases_a, bases_b;
  if (map) {
    bases_a.residual_map = &map->from_a;
    bases_b.residual_map = &map->from_b;
  }
  if (enough) {
    bases_a.embedding = &few_a;
    bases_a.head = &tokens.head_a;
    bases_b.embedding = &few_b;
    bases_b.head = &tokens.head_b;
  }
  const std::vector<bool> whole = aligned_layers(in_a, in_b);
  PROV_TRY(Descriptions units_a, describe_all(a.checkpoint, in_a, bases_a, whole, stop));
  PROV_TRY(Descriptions units_b, describe_all(b.checkpoint, in_b, bases_b, whole, stop));
  search.raw = match_all(units_a, units_b, &UnitDescription::raw);
  const std::string too_few =
      tokens.missing.empty() ? "the models have too few tokens in common" : tokens.missing;
  map ? search.recovered = match_all(units_a, units_b, &UnitDescription::recovered)
      : search.recovered = {.missing = too_few};
  enough ? search.tokens = match_all(units_a, units_b, &UnitDescription::tokens)
         : search.tokens = {.missing = too_few};
  if (limits.all_layers || !speaks(search)) {
    search.aligned = match_aligned(units_a, units_b, stop);
  } else {
    search.aligned = {.missing = "not needed, the units already agree in another basis"};
  }
  if (stop.stop_requested())
    return Error{.code = ErrorCode::cancelled, .message = "stopped while matching hidden units"};
  return search;
}

}  // namespace prov::forensics
