#pragma once

#include <string_view>
#include <vector>

#include "signals/script_table.hpp"

namespace prov::signals {

/// Texts whose embeddings are compared first. Specification of the published kit, section 6.3.
const std::vector<std::string_view>& punctuation_anchors();

/// Frequent words and characters of a script, the most frequent first; none for Script::other.
const std::vector<std::string_view>& script_anchors(Script script);

}  // namespace prov::signals
