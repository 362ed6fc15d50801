#pragma once

#include "support/checkpoints.hpp"
#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {

using tests::opened;
using tests::random_values;

}  // namespace prov::forensics
