#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/printable.hpp"
#include "numeric/log_probability.hpp"
#include "verdict/adapter_pair.hpp"
#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {
namespace {

/// A base and its descendants show 16 and more, trainings from one initialisation up to 8,
/// strangers below 4 (docs/signals/adapter-coordinates.md). Stated, with a look at the zoo.
constexpr double kAdapterProofZ = 12;

std::string last_name(const std::string& module) {
  return module.substr(module.find_last_of('.') + 1);
}

/// "8", or "4 to 16".
std::string ranks_text(const AdapterPair& pair) {
  std::uint64_t least = pair.updates.front().rank(), most = least;
  for (const model::LowRankUpdate& update : pair.updates) {
    least = std::min(least, update.rank());
    most = std::max(most, update.rank());
  }
  return least == most ? std::to_string(least) : fmt::format("{} to {}", least, most);
}

Operation operation_of(const AdapterPair& pair) {
  std::set<std::string> modules;
  std::set<int> layers;
  for (const model::LowRankUpdate& update : pair.updates) {
    modules.insert(base::printable(last_name(update.module)));
    if (update.target.role.layer >= 0) layers.insert(update.target.role.layer);
  }
  std::string detail = fmt::format("{} adapter", pair.config.weight_decomposed ? "DoRA" : "LoRA");
  std::optional<double> rank;
  if (!pair.updates.empty()) {
    detail += fmt::format(" of rank {} on {} matrices ({}) in {} layers", ranks_text(pair),
                          pair.updates.size(), fmt::join(modules, ", "), layers.size());
    rank = static_cast<double>(pair.updates.front().rank());
  }
  if (!pair.replaced.empty())
    detail += fmt::format("; {} tensors replaced whole, the first is {}", pair.replaced.size(),
                          base::printable(pair.replaced.front()));
  return {"lora", std::move(detail), rank};
}

Evidence evidence_of(const forensics::AdapterFit& fit) {
  constexpr const char* kTest = "adapter-coordinates";
  const auto z = fit.z();
  if (!z) {
    const std::string why = "the adapter changes no matrix around the residual stream that varies";
    return {
        .test = kTest, .summary = "Not computed: " + why + ".", .status = "not-computable: " + why};
  }
  return {.test = kTest,
          .summary = fmt::format("Geometry of the residual stream's coordinates, seen from {} "
                                 "updates and from the weights that they change: z = {:.1f}, CKA "
                                 "{:.3f}.",
                                 fit.matrices, *z, *fit.cka()),
          .value = fit.cka(),
          .z = z,
          .log10_p = numeric::log10_normal_tail(*z),
          .null_hypothesis = "the adapter was trained on a model that is independent of this one",
          .axis = "coordinates of the residual stream",
          .n = fit.coordinates()};
}

std::string claim_text(const AdapterPair& pair) {
  if (pair.config.base_model.empty()) return "adapter_config.json names no base.";
  return fmt::format("adapter_config.json names the base \"{}\"{}: a claim, no evidence.",
                     base::printable(pair.config.base_model),
                     pair.base_is_named ? ", as the other model is called" : "");
}

struct Sides {
  char adapter, base;
};

/// The weights hold all of the updates, give or take what else was done to them.
bool holds_the_adapter(const forensics::AdapterFit& fit) {
  constexpr double kLeastSlope = 0.5;
  return fit.contained && fit.contained->slope >= kLeastSlope && fit.contained->z >= kAdapterProofZ;
}

void judge_fit(const AdapterPair& pair, Sides sides, Lineage& lineage) {
  const auto z = pair.fit.z();
  const std::string shapes =
      fmt::format("Model {} is an adapter; its {} changes fit the shapes of {}.", sides.adapter,
                  pair.updates.size() + pair.replaced.size(), sides.base);
  if (holds_the_adapter(pair.fit)) {
    lineage.lineage_class = LineageClass::same_lineage;
    lineage.relation = "lora";
    lineage.reasons = {fmt::format(
        "{} Its changes are in the weights of {} already ({:.2f} of them, z = {:.1f}): the adapter "
        "was merged into {}, or into what {} was made of.",
        shapes, sides.base, pair.fit.contained->slope, pair.fit.contained->z, sides.base,
        sides.base)};
    return;
  }
  if (z && *z >= kAdapterProofZ) {
    lineage.lineage_class =
        pair.base_is_named ? LineageClass::same_lineage : LineageClass::shared_initialisation;
    lineage.relation = "lora";
    lineage.reasons = {
        fmt::format("{} What it adds lies in the coordinates of {}: z = {:.1f} (adapters of "
                    "independent trainings stay below {:.0f}).",
                    shapes, sides.base, *z, kNullZ),
        fmt::format("It was trained on {} or on a model that shares its random start: a near copy "
                    "or an early branch, which an adapter does not show{}.",
                    sides.base,
                    pair.base_is_named ? "; that it was this one is its claim, and agrees" : "")};
    return;
  }
  lineage.lineage_class = LineageClass::inconclusive;
  lineage.relation = std::nullopt;
  lineage.reasons = {
      fmt::format("{} Nothing shows that it was trained on {}{}.", shapes, sides.base,
                  !z ? ": its changes cannot be tested"
                     : fmt::format(": z = {:.1f} of its coordinates, proof begins at {:.0f}", *z,
                                   kAdapterProofZ)),
      "A merge with it would carry the weights of the base by construction, which proves nothing."};
}

}  // namespace

void judge_adapter(const AdapterPair& pair, Lineage& lineage) {
  if (!pair.refused.empty() && lineage.lineage_class == LineageClass::identical) {
    lineage.reasons.emplace_back(
        "Both are adapters: equal changes to whatever base each is put on; the factors that their "
        "configurations give were not compared.");
    return;
  }
  const Sides sides = pair.b_is_adapter ? Sides{'B', 'A'} : Sides{'A', 'B'};
  lineage.direction = Direction::undetermined;
  lineage.conflicts.clear();
  lineage.probability = std::nullopt;
  lineage.layer_map = {.basis = "none", .complete = true, .origins = {}};
  if (!pair.refused.empty()) {
    lineage.lineage_class = LineageClass::inconclusive;
    lineage.relation = std::nullopt;
    lineage.operations.clear();
    lineage.reasons = {pair.refused};
    if (pair.config.not_applied.empty()) lineage.reasons.push_back(claim_text(pair));
    return;
  }
  lineage.evidence = {evidence_of(pair.fit)};
  judge_fit(pair, sides, lineage);
  lineage.reasons.push_back(claim_text(pair));
  Operation operation = operation_of(pair);
  lineage.reasons.push_back("lora: " + operation.detail + ".");
  lineage.operations = {std::move(operation)};
}

}  // namespace prov::verdict
