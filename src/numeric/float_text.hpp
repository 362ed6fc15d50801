#pragma once

#include <string>

namespace prov::numeric {

/// The text of a double as Python's repr and json.dumps write it: the shortest decimal that reads
/// back as the same double, with ".0" where it would look like an integer, and an exponent below
/// 1e-4 and from 1e16. 1e16 gives "1e+16", not a number "nan", infinities "inf" and "-inf".
std::string shortest_float_text(double value);

}  // namespace prov::numeric
