// The tests on the hidden units of each MLP: the one axis of a transformer whose order is arbitrary
// at the start of training and kept by it, and that no rotation of the residual stream touches.
// Every MLP of A meets every MLP of B, so that layers that were dropped, repeated or moved are
// found too.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "forensics/assignment_identity.hpp"
#include "forensics/calibrated_lines.hpp"
#include "forensics/gram_agreement.hpp"
#include "forensics/layer_table.hpp"
#include "forensics/permutation_z.hpp"
#include "model/checkpoint.hpp"
#include "model/mlp.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// One MLP that both models have at the same place: chosen before any number was seen. A dense MLP
/// is compared with expert 0 of a mixture.
struct MlpComparison {
  model::MlpPlace place;  // as `a` numbers it
  std::optional<PermutationTest>
      order;  // rows [gate | up | down^T] unit by unit; absent if widths differ
  std::optional<GramAgreement> geometry;         // only where the order shows nothing at all
  std::optional<AssignmentIdentity> assignment;  // of at most eight MLPs, evenly spread
};

/// How much better units agree in their angles than in their coordinates. Weights that moved away
/// from each other lose as much of the one as of the other; a turned residual stream keeps angles.
struct GeometryExcess {
  double excess = 0;  // CKA less the square of the cosine
  double loss = 0;    // 1 less the square of the cosine
};

struct HiddenAxis {
  std::vector<model::MlpPlace> places_a, places_b;  // rows and columns of the tables
  LayerTable order;                                 // permutation z and cosine
  LayerTable
      geometry;  // z and CKA; empty if some pair agrees in order and the stream was not turned
  std::vector<MlpComparison> mlps;              // ordered by place
  std::optional<double> assignment_background;  // mean assignment value of MLPs at other places
  std::size_t different_widths =
      0;  // same place, other number of hidden units or other input width
  std::optional<GeometryExcess> excess;  // where units agree in order

  std::vector<const MlpComparison*> ordered() const;   // those with `order`
  std::vector<const MlpComparison*> measured() const;  // those with `geometry`
  /// The units agree in order, and far better in their angles than in their coordinates: the
  /// residual stream of one model was turned in part. Training does not do that.
  bool stream_turned() const;
};

/// The order of the units is sampled at fixed places: 256 hidden units and 96 residual coordinates
/// of each MLP (all of them in small models). If no pair shows z >= kOrderSpeaks, the geometry is
/// taken from whole rows of gate and up of 128 units: parts of a row would not survive a rotation.
/// Where the order shows something, the geometry of four MLPs tells whether the stream was turned;
/// then the geometry of all is taken.
/// Parallel over MLPs; the result does not depend on the thread count. Symmetric: swapping the
/// models transposes the tables bit by bit. Errors: those of reading; cancelled.
Result<HiddenAxis> compare_hidden_axis(const model::Checkpoint& a, std::vector<model::Mlp> in_a,
                                       const model::Checkpoint& b, std::vector<model::Mlp> in_b,
                                       const std::stop_token& stop);

/// That of the pair with the median excess; order[i] and geometry[i] are of one pair of MLPs that
/// agree in order. Absent without any.
std::optional<GeometryExcess> geometry_excess(std::span<const LayerCell> order,
                                              std::span<const LayerCell> geometry);

/// A pair of MLPs whose z is beyond this settles that the units still stand in their order.
inline constexpr double kOrderSpeaks = lines::kOrderSpeaks;

}  // namespace prov::forensics
