// The matrices of the tests under the name that this folder uses.
#pragma once

#include "numeric/matrix.hpp"

namespace prov::forensics {

using numeric::centre_columns;
using numeric::clear_non_finite;
using numeric::Matrix;
using numeric::normalise_rows;
using numeric::side_by_side;
using numeric::transposed;

}  // namespace prov::forensics
