// The options of the commands that keep features of weights.
#pragma once

#include "cli/command_parser.hpp"

namespace prov::cli {

/// --cache-dir, --no-cache and --trust-remote-code.
void add_feature_options(CommandParser& parser, CacheChoice& cache, bool& trust_remote_code);

}  // namespace prov::cli
