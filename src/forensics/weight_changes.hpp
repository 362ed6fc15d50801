// What was done to single matrices, measured on blocks of weights that answer each other.
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "forensics/difference_pattern.hpp"
#include "forensics/difference_spectrum.hpp"
#include "forensics/head_counts.hpp"
#include "forensics/layer_correspondence.hpp"
#include "forensics/quantisation_grid.hpp"
#include "forensics/sparsity.hpp"
#include "forensics/storage_rounding.hpp"
#include "model/checkpoint.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// One matrix of B and the matrix of A at the place that its layer comes from.
struct MatrixChange {
  model::RoleKind kind = model::RoleKind::unknown;
  int layer_a = 0, layer_b = 0;
  std::optional<DifferencePattern> pattern;
  std::optional<DifferenceSpectrum> spectrum;
  std::optional<Sparsity> sparsity;
  std::optional<QuantisationGrid> grid_a, grid_b;  // that the values of one side lie on
  /// Share of a that rounds to b on the grid of b; where that is not nearly all, with a free factor
  /// for each row or column of a if it then is.
  std::optional<double> b_is_rounded_a, a_is_rounded_b;
  std::optional<RoundingCounts> a_to_b, b_to_a;  // what rounding to shorter floats explains
};

struct WeightChanges {
  std::string not_measured;                     // why there are none; empty otherwise
  std::vector<MatrixChange> matrices;           // ordered by layer of B and kind
  std::optional<StorageRounding> b_is_shorter;  // all of B is A rounded to a shorter float type
  std::optional<StorageRounding> a_is_shorter;
};

/// Measures query, key, value, output, gate, up and down of at most four layers of B (of all, if
/// asked), each against the layer of A that it comes from, where layers answer each other in the
/// stored coordinates. Blocks: at most 128 stored rows and 1024 columns; 32 x 512 for grids, 128 x
/// 256 for spectra. 8-bit floats are multiplied by the scale that stands beside them
/// (`<name>_scale`, one a tensor or one a row). Experts beyond the first are left out. Errors:
/// those of reading; cancelled.
Result<WeightChanges> measure_changes(const model::Checkpoint& a, const model::Checkpoint& b,
                                      const LayerCorrespondence& layers, bool all_layers,
                                      const std::stop_token& stop, const HeadCounts& heads = {});

}  // namespace prov::forensics
