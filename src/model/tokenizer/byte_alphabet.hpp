#pragma once

#include <string>
#include <string_view>

namespace prov::model {

/// Each byte as the visible character that GPT-2 style vocabularies spell it with (a space is
/// U+0120).
std::string byte_level_spelling(std::string_view bytes);

}  // namespace prov::model
