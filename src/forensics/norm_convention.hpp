#pragma once

#include "forensics/declarations.hpp"
#include "model/mlp.hpp"

namespace prov::forensics {

/// How the family that the configuration names stores the gains of its norms.
model::NormConvention norm_convention(const Declarations& declared);

}  // namespace prov::forensics
