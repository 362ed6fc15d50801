#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace prov::cli {

/// What argparse says about a value that is not on the list.
template <class Names>
std::string invalid_choice(std::string_view argument, std::string_view value, const Names& names) {
  return fmt::format("argument {}: invalid choice: '{}' (choose from {})", argument, value,
                     fmt::join(names, ", "));
}

}  // namespace prov::cli
