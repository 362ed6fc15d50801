#include "verdict/reparameterisation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/lineage_summary.hpp"
#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;
using forensics::MapBasis;

Finding symmetry(std::string detail, double value) {
  return {{"reparameterised", std::move(detail), value}, Direction::undetermined, ""};
}

/// Matched units that stand elsewhere, in layers of one width.
void add_permuted_units(std::vector<Finding>& found, const ForensicEvidence& evidence) {
  const auto in_place = units_in_place(evidence);
  if (!in_place || *in_place >= kUnitsInPlace) return;
  found.push_back(symmetry(
      fmt::format("hidden units permuted: {:.0f} % of the matched units stand at their old place",
                  100 * *in_place),
      *in_place));
}

/// A stream of which single coordinates tell nothing, or that was turned so little that they seem
/// kept.
void add_turned_stream(std::vector<Finding>& found, const ForensicEvidence& evidence) {
  const forensics::BasisMatch* match = units_behind_map(evidence);
  if (evidence.hidden.stream_turned()) {
    const double excess = evidence.hidden.excess->excess;
    found.push_back(
        symmetry(fmt::format("residual stream turned in part: the angles between hidden units "
                             "agree by {:.3f} more than their coordinates do",
                             excess),
                 excess));
  } else if (match != nullptr && match->nearer_than(evidence.search.raw)) {
    found.push_back(symmetry(
        fmt::format("residual stream turned in part: the matched units agree by a cosine of {:.3f} "
                    "after the stream was mapped, by {:.3f} as they are stored",
                    match->mean_cosine, evidence.search.raw.mean_cosine),
        match->mean_cosine));
  } else if (evidence.layers.basis == MapBasis::geometry) {
    found.push_back(symmetry("residual stream moved to another basis", 0));
  }
}

/// The units agree only after the stream is mapped, or only in their angles.
void add_moved_stream(std::vector<Finding>& found, const ForensicEvidence& evidence) {
  const MapBasis basis = evidence.layers.basis;
  const bool blind_to_stream = basis == MapBasis::geometry || basis == MapBasis::units_recovered ||
                               basis == MapBasis::units_tokens || basis == MapBasis::units_aligned;
  if (!blind_to_stream || evidence.a.width != evidence.b.width) return;
  const forensics::UnitSearch& search = evidence.search;
  const auto* match = units_behind_map(evidence);
  const bool raw_agrees = search.raw.share() >= kUnitsInPlace;
  if (raw_agrees && (match == nullptr || !match->nearer_than(search.raw))) return;
  const auto& coordinates = search.coordinates;
  if (raw_agrees || !coordinates || coordinates->in_place >= kCoordinatesKept) {
    add_turned_stream(found, evidence);
    return;
  }
  if (coordinates->matched >= kCoordinatesPermuted) {
    found.push_back(symmetry(
        fmt::format("residual stream permuted{}: {:.0f} % of its coordinates have a single partner",
                    coordinates->mirrored > 0 ? " and mirrored" : "", 100 * coordinates->matched),
        coordinates->matched));
  } else {
    found.push_back(symmetry(
        fmt::format(
            "residual stream rotated, norm gains folded: {:.0f} % of its coordinates have a "
            "single partner",
            100 * coordinates->matched),
        coordinates->matched));
  }
}

std::optional<double> mean_cosine(const ForensicEvidence& evidence,
                                  std::initializer_list<std::string_view> roles) {
  double sum = 0;
  int count = 0;
  for (const RoleAgreement& role : evidence.agreement.roles) {
    if (!role.cosine || std::ranges::find(roles, role.role) == roles.end()) continue;
    sum += *role.cosine;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

std::string rows_and_products(const forensics::CircuitChange& change) {
  return fmt::format(
      "the products of the heads keep a cosine of {:.3f}, the rows of the matrices {}",
      change.product_cosine,
      change.turned() ? fmt::format("agree by {:.3f} only", change.row_cosine)
                      : fmt::format("changed in length by {:.0f} % (rms)", 100 * change.scale));
}

void add_circuit(std::vector<Finding>& found, const std::optional<forensics::CircuitChange>& change,
                 const char* matrices, const char* product, const char* rotation) {
  if (!change || (!change->turned() && !change->scaled())) return;
  found.push_back(symmetry(
      fmt::format("{} {} against each other within the heads: {} ({})", matrices,
                  change->turned() ? rotation : "scaled", rows_and_products(*change), product),
      change->turned() ? change->row_cosine : change->scale));
}

/// What the products of the heads, which no symmetry of attention touches, tell apart. False: they
/// tell nothing.
bool add_heads(std::vector<Finding>& found, const forensics::AttentionChange& heads) {
  if (heads.displaced > 0) {
    found.push_back(symmetry(
        fmt::format("attention heads permuted: {} of {} heads of the layers that were looked at "
                    "stand at the place of another head, found by their products W_o W_v and "
                    "W_q^T W_k",
                    heads.displaced, heads.heads),
        static_cast<double>(heads.displaced)));
  }
  add_circuit(found, heads.value_output, "values and output", "W_o W_v", "rotated or mixed");
  add_circuit(found, heads.query_key, "queries and keys", "W_q^T W_k", "rotated or mixed");
  return heads.moved();
}

bool mlps_kept(const ForensicEvidence& evidence) {
  return kept_mlps(evidence).value_or(0) >= kMlpsKept;
}

/// The MLPs kept their coordinates: whatever differs in attention is not training.
void add_attention(std::vector<Finding>& found, const ForensicEvidence& evidence) {
  if (!mlps_kept(evidence) || add_heads(found, evidence.attention)) return;
  const auto readers = attention_beside_kept_mlps(evidence);
  if (readers && *readers < kAttentionKept) {
    found.push_back(symmetry(
        fmt::format("attention heads permuted or mixed within: the MLPs keep their coordinates, "
                    "query, key and value agree by a cosine of {:.2f} only",
                    *readers),
        *readers));
  }
}

void add_scales(std::vector<Finding>& found, const ForensicEvidence& evidence) {
  if (!scales_moved(evidence)) return;
  const double gained = *gained_by_folding(evidence);
  found.push_back(symmetry(fmt::format("scales moved between matrices or norms: the cosine of MLP "
                                       "weights rises by {:.3f} when norms are folded and lengths "
                                       "of rows ignored",
                                       gained),
                           gained));
}

void add_reindexed_vocabulary(std::vector<Finding>& found, const ForensicEvidence& evidence) {
  const forensics::VocabularyChange& change = evidence.vocabulary;
  if (!change.known || change.common == 0) return;
  const double same = static_cast<double>(change.same_id) / static_cast<double>(change.common);
  const double covered = static_cast<double>(change.common) /
                         static_cast<double>(std::max(change.tokens_a, change.tokens_b));
  const bool follows_text = evidence.tokens.geometry.value_or(0) >= kTokensLaidOut;
  if (covered < kVocabularyCovered || same >= kIdsKept || !follows_text) return;
  found.push_back(symmetry(
      fmt::format("vocabulary re-indexed: {:.0f} % of the common tokens keep their id, the "
                  "embedding rows follow the text",
                  100 * same),
      same));
}

}  // namespace

std::optional<double> units_in_place(const ForensicEvidence& evidence) {
  const forensics::BasisMatch* match = units_behind_map(evidence);
  if (match == nullptr || evidence.a.hidden_units != evidence.b.hidden_units) return std::nullopt;
  double in_place = 0, agreeing = 0;
  for (const forensics::MlpMatch& mlp : match->best) {
    in_place += mlp.in_place * static_cast<double>(mlp.units.agreeing);
    agreeing += static_cast<double>(mlp.units.agreeing);
  }
  if (agreeing == 0) return std::nullopt;
  return in_place / agreeing;
}

std::optional<double> kept_mlps(const ForensicEvidence& evidence) {
  std::optional<double> kept;
  if (const auto order = summarise_order(evidence.hidden)) kept = order->mean;
  if (evidence.layers.basis == MapBasis::units_raw)
    kept = std::max(kept.value_or(0), evidence.search.raw.share());
  return kept;
}

std::optional<double> gained_by_folding(const ForensicEvidence& evidence) {
  const auto order = summarise_order(evidence.hidden);
  const auto stored = mean_cosine(evidence, {"gate", "up", "down"});
  if (!order || !stored || order->mean < kMlpsKept) return std::nullopt;
  return order->mean - *stored;
}

std::optional<double> attention_beside_kept_mlps(const ForensicEvidence& evidence) {
  if (!mlps_kept(evidence)) return std::nullopt;
  return mean_cosine(evidence, {"query", "key", "value", "qkv"});
}

bool scales_moved(const ForensicEvidence& evidence) {
  return gained_by_folding(evidence).value_or(0) >= kScalesMoved;
}

std::vector<Finding> find_reparameterisations(const ForensicEvidence& evidence) {
  std::vector<Finding> found;
  add_permuted_units(found, evidence);
  add_moved_stream(found, evidence);
  add_attention(found, evidence);
  add_scales(found, evidence);
  add_reindexed_vocabulary(found, evidence);
  return found;
}

}  // namespace prov::verdict
