#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "provenancekit/result.hpp"

namespace prov::model {

/// Parses a small JSON document as Python's json module reads it: of duplicate keys the last one
/// counts, and the bare words NaN, Infinity and -Infinity, which Python writes, are allowed (each
/// becomes a string of question marks: no number). Errors: malformed with the byte offset, for
/// wrong grammar, invalid UTF-8, or nesting deeper than 100.
Result<nlohmann::json> parse_json_text(std::string_view text, std::string_view file_name);

/// The members of a JSON object that are texts, the others passed over, several times as fast.
/// Errors: as above, and for what is no object.
Result<std::map<std::string, std::string, std::less<>>> parse_json_texts(
    std::string_view text, std::string_view file_name);

}  // namespace prov::model
