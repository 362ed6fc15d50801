#include "verdict/relation_measures.hpp"

#include <algorithm>
#include <string_view>

#include "verdict/information_loss.hpp"
#include "verdict/linear_share.hpp"
#include "verdict/measured_matrices.hpp"
#include "verdict/reparameterisation.hpp"
#include "verdict/value_change.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;

std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

/// Highest share of the units of two layers that agree, in one basis.
std::optional<double> layer_unit_share(const forensics::BasisMatch& match) {
  std::optional<double> highest;
  for (const auto& cell : match.table.cells) {
    if (cell) highest = std::max(highest.value_or(0), cell->effect);
  }
  return highest;
}

std::optional<double> median_gap(const MatrixChanges& matrices) {
  return median_of(matrices, [](const forensics::MatrixChange& change) {
    return change.spectrum ? std::optional(change.spectrum->gap) : std::nullopt;
  });
}

std::optional<double> median_energy(const MatrixChanges& matrices) {
  return median_of(matrices, [](const forensics::MatrixChange& change) {
    return change.spectrum ? std::optional(change.spectrum->energy_share) : std::nullopt;
  });
}

/// Share of the elements that are zero in one model alone, the one with more of them.
std::optional<double> zeros_alone(const MatrixChanges& matrices) {
  return median_of(matrices, [](const forensics::MatrixChange& change) -> std::optional<double> {
    if (!change.sparsity) return std::nullopt;
    const forensics::Sparsity& zeros = *change.sparsity;
    return std::max(zeros.zeros_a * zeros.only_a, zeros.zeros_b * zeros.only_b);
  });
}

/// Of the products of heads and of the rows that they are made of, over both circuits.
struct HeadNumbers {
  std::optional<double> products, turned, scale;
};

HeadNumbers head_numbers(const forensics::AttentionChange& heads) {
  HeadNumbers numbers;
  for (const auto& circuit : {heads.value_output, heads.query_key}) {
    if (!circuit) continue;
    const double turned = circuit->product_cosine - circuit->row_cosine;
    numbers.products =
        std::min(numbers.products.value_or(circuit->product_cosine), circuit->product_cosine);
    numbers.turned = std::max(numbers.turned.value_or(turned), turned);
    if (!circuit->turned())
      numbers.scale = std::max(numbers.scale.value_or(circuit->scale), circuit->scale);
  }
  return numbers;
}

}  // namespace

void add_relation_measures(const ForensicEvidence& evidence, std::vector<Measure>& measures) {
  const auto add = [&](std::string_view name, std::optional<double> value) {
    measures.push_back({std::string(name), value});
  };
  const forensics::UnitSearch& search = evidence.search;
  add("raw_layer_units", layer_unit_share(search.raw));
  add("mapped_layer_units",
      std::max({layer_unit_share(search.recovered), layer_unit_share(search.tokens),
                layer_unit_share(search.aligned)}));

  add("units_in_place", units_in_place(evidence));
  const auto& coordinates = search.coordinates;
  add("coordinates_in_place", coordinates ? std::optional(coordinates->in_place) : std::nullopt);
  add("coordinates_matched", coordinates ? std::optional(coordinates->matched) : std::nullopt);
  add("kept_mlps", kept_mlps(evidence));
  add("gained_by_folding", gained_by_folding(evidence));

  add("rounded_share", rounded_share(evidence));
  const MatrixChanges aligned = aligned_matrices(evidence);
  add("zeros_alone", zeros_alone(aligned));
  add("spectrum_gap", median_gap(aligned));
  add("spectrum_energy", median_energy(aligned));
  const HeadNumbers heads = head_numbers(evidence.attention);
  add("head_products", heads.products);
  add("head_rows_turned", heads.turned);
  add("head_rows_scaled", heads.scale);
  const auto slopes = most_uniform_slopes(aligned);
  add("slope_spread", slopes ? std::optional(slopes->spread) : std::nullopt);
  add("slope_excess", slopes ? std::optional(slopes->excess) : std::nullopt);
  const DifferenceNumbers differences = difference_numbers(evidence);
  add("untouched_weights", differences.untouched);
  add("difference_hole", differences.hole);
  add("noise_kurtosis", differences.kurtosis);
  add("noise_off_centre", differences.off_centre);

  const forensics::VocabularyChange& change = evidence.vocabulary;
  add("tokens_common", change.known
                           ? share(change.common, std::min(change.tokens_a, change.tokens_b))
                           : std::nullopt);
  add("vocabulary_covered", change.known
                                ? share(change.common, std::max(change.tokens_a, change.tokens_b))
                                : std::nullopt);
  add("ids_kept", change.known ? share(change.same_id, change.common) : std::nullopt);
}

}  // namespace prov::verdict
