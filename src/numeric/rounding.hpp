#pragma once

namespace prov::numeric {

/// `value` rounded to `digits` decimals as Python's round(value, digits) does: the exact binary
/// value is rounded, ties go to the even digit. So 0.03125 becomes 0.0312 and 0.00005, whose double
/// lies just above the tie, 0.0001. Negative `digits` round to tens, hundreds, ... down to -22. Not
/// a number and infinities come back as they are.
double round_half_even_decimal(double value, int digits);

}  // namespace prov::numeric
