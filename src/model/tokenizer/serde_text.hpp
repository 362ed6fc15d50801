#pragma once

#include <string>
#include <string_view>

namespace prov::model {

/// Appends `text` as a JSON string the way serde_json writes it: only the quote, the backslash and
/// characters below U+0020 are escaped.
void append_json_string(std::string& out, std::string_view text);

/// Appends a finite number the way serde_json writes an f64: shortest digits that round-trip,
/// always with ".0" or an exponent.
void append_json_float(std::string& out, double value);

/// The f64 that serde_json reads from a JSON number: the digits as an integer, scaled by one power
/// of ten, so at times an ulp away from the correctly rounded value. `text` is a valid JSON number.
double read_json_float(std::string_view text);

}  // namespace prov::model
