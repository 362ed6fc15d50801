// The random matrices of the tests under the names that this folder uses.
#pragma once

#include "numeric/matrix.hpp"
#include "support/random_matrix.hpp"

namespace prov::forensics {

using tests::mixed;
using tests::random_matrix;
using tests::random_order;
using tests::RandomSource;
using tests::reordered;
using tests::rotated;

}  // namespace prov::forensics
