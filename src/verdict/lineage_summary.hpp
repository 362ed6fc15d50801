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
/// The matched units that the layer map was read from; null where it rests on something else.
const forensics::BasisMatch* units_behind_map(const forensics::ForensicEvidence& evidence);
/// Mean cosine of matched readers over the layers that the map names, not over those that answer
/// none; std::nullopt where the map does not rest on matched units.
std::optional<double> mapped_unit_cosine(const forensics::ForensicEvidence& evidence);
/// Share of the matched units that agree in layers at one place, in the basis of the largest;
/// std::nullopt where no basis compared layers of one place.
std::optional<double> placed_unit_share(const forensics::UnitSearch& search);
/// Enough MLPs agree, and all together are proof.
bool is_proof(const AxisSummary& summary);

}  // namespace prov::verdict
