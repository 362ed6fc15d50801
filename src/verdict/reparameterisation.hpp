// Which symmetry of the network was used to make equal functions look like other weights.
#pragma once

#include <vector>

#include "verdict/structural_change.hpp"

namespace prov::verdict {

/// One operation of kind "reparameterised" for each symmetry that the evidence shows. Pure.
std::vector<Finding> find_reparameterisations(const forensics::ForensicEvidence& evidence);

/// Norms or rows of MLPs were scaled: element by element their weights say nothing.
bool scales_moved(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
