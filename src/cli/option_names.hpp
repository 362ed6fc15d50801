// Option names as Python's argparse reads them, because scripts written for the published kit rely
// on it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"

namespace prov::cli {

struct OptionName {
  std::string long_name;   // "--cache-dir"
  std::string short_name;  // "-o", or empty
  bool takes_value = false;
  bool of_kit = false;  // exists in the published kit, too
};

/// `arguments` with each abbreviated long option written out. An abbreviation that the kit accepts
/// keeps its meaning whatever options are added here: the kit's options are tried first. Arguments
/// after "--" are left alone. Error invalid_argument, in argparse's words: ambiguous, a value
/// missing, a value that is not wanted.
Result<std::vector<std::string>> write_out_option_names(std::span<const std::string> arguments,
                                                        std::span<const OptionName> options);

}  // namespace prov::cli
