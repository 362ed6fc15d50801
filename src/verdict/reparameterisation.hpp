// Which symmetry of the network was used to make equal functions look like other weights.
#pragma once

#include <optional>
#include <vector>

#include "verdict/structural_change.hpp"

namespace prov::verdict {

/// One operation of kind "reparameterised" for each symmetry that the evidence shows. Pure.
std::vector<Finding> find_reparameterisations(const forensics::ForensicEvidence& evidence);

/// Norms or rows of MLPs were scaled: element by element their weights say nothing.
bool scales_moved(const forensics::ForensicEvidence& evidence);

/// Mean cosine of query, key and value where the MLPs kept their coordinates; std::nullopt where
/// they did not, or no such matrices can be compared.
std::optional<double> attention_beside_kept_mlps(const forensics::ForensicEvidence& evidence);

// The numbers that these are told by, [0, 1] unless said; std::nullopt where they cannot be had.

/// Share of the matched units that stand at their old place, in MLPs of one width.
std::optional<double> units_in_place(const forensics::ForensicEvidence& evidence);
/// How well MLPs kept their coordinates: mean cosine in order, or share of matched units.
std::optional<double> kept_mlps(const forensics::ForensicEvidence& evidence);
/// How much nearer MLP weights are once norms are folded and the lengths of rows ignored; a
/// difference of cosines.
std::optional<double> gained_by_folding(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
