// The numbers of the evidence that the rules of lineage.cpp look at.
#pragma once

#include <cstddef>
#include <optional>

#include "forensics/gather.hpp"

namespace prov::verdict {

/// One test over the MLPs of a model, combined (Stouffer).
struct AxisSummary {
  std::size_t mlps = 0;
  std::size_t agreeing = 0;  // MLPs that are proof each by itself
  double z = 0;
  double mean = 0;       // mean cosine or CKA
  double strongest = 0;  // highest cosine or CKA of an MLP
  double largest_z = 0;  // largest |z| of an MLP
};

/// The order of the hidden units (permutation z); std::nullopt if no MLP could be compared.
std::optional<AxisSummary> summarise_order(const forensics::HiddenAxis& hidden);
/// The geometry of the hidden units (CKA), over the MLPs where it was measured.
std::optional<AxisSummary> summarise_geometry(const forensics::HiddenAxis& hidden);
/// Mean likeness of the MLPs of B to those of A that they come from; 0 where none comes from any.
double mean_likeness(const forensics::LayerCorrespondence& layers);
/// Enough MLPs agree, and all together are proof.
bool is_proof(const AxisSummary& summary);

}  // namespace prov::verdict
