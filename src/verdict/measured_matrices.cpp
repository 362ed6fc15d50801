#include "verdict/measured_matrices.hpp"

#include "verdict/lineage_thresholds.hpp"
#include "verdict/reparameterisation.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;
using forensics::MatrixChange;
using model::RoleKind;

bool in_mlp(const MatrixChange& change) {
  return change.kind == RoleKind::gate || change.kind == RoleKind::up ||
         change.kind == RoleKind::down;
}

/// Mean slope of the matrices of the MLPs, or of the
/// others; std::nullopt without any.
std::optional<double> mean_slope(const ForensicEvidence& evidence, bool of_mlps) {
  double sum = 0;
  int count = 0;
  for (const MatrixChange& change : evidence.changes.matrices) {
    if (in_mlp(change) != of_mlps || !change.pattern) continue;
    sum += change.pattern->slope;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

}  // namespace

bool attention_moved(const ForensicEvidence& evidence) {
  if (evidence.attention.moved()) return true;
  const auto attention = mean_slope(evidence, false), mlps = mean_slope(evidence, true);
  return attention && *attention < kAttentionKept * mlps.value_or(1);
}

MatrixChanges all_matrices(const ForensicEvidence& evidence) {
  MatrixChanges result;
  for (const MatrixChange& change : evidence.changes.matrices) result.push_back(&change);
  return result;
}

MatrixChanges aligned_matrices(const ForensicEvidence& evidence) {
  MatrixChanges result;
  if (evidence.layers.basis != forensics::MapBasis::order || scales_moved(evidence)) return result;
  const bool mlp_only = attention_moved(evidence);
  for (const MatrixChange& change : evidence.changes.matrices) {
    if (!mlp_only || in_mlp(change)) result.push_back(&change);
  }
  return result;
}

}  // namespace prov::verdict
