#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "signals/script_table.hpp"

namespace prov::signals {

/// The kit's name of a script, e.g. "Latin", "CJK".
std::string_view script_name(Script script);

/// The class of a letter; std::nullopt for what is not alphabetic.
std::optional<Script> classify_script(char32_t code_point);

/// Share of each script among the letters of all texts, in [0, 1], rounded to 4 decimals; most
/// frequent first, equal counts in the order of first sight. Empty without letters. Invalid UTF-8
/// counts as nothing.
std::vector<std::pair<Script, double>> script_distribution(
    const std::vector<std::string_view>& texts);

}  // namespace prov::signals
