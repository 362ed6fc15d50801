// One parser a command; options.cpp chooses between them.
#pragma once

#include <span>
#include <string>

#include "cli/options.hpp"

namespace prov::cli {

/// `typed`: without the command's name; `verbose`: -v stood before it.
Invocation parse_compare(std::span<const std::string> typed, bool verbose);
Invocation parse_decompose(std::span<const std::string> typed, bool verbose);
Invocation parse_database(std::span<const std::string> typed, bool verbose);
Invocation parse_cache(std::span<const std::string> typed, bool verbose);
Invocation parse_fingerprint(std::span<const std::string> typed, bool verbose);
Invocation parse_inspect(std::span<const std::string> typed, bool verbose);
Invocation parse_verify_quant(std::span<const std::string> typed, bool verbose);
Invocation parse_scan(std::span<const std::string> typed, bool verbose);

}  // namespace prov::cli
