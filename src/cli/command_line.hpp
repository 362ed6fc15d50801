// A command line as Python's argparse reads it and lays out its help, by CLI11. That is slow to
// compile: its header is for .cpp files.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace prov::cli {

/// Help in the layout of the kit: a usage text of our own, names as "-q, --quiet". `app` has no
/// help option of its own afterwards. `positionals`: what the arguments that are no options are.
void lay_out_help(CLI::App& app, std::string_view usage, std::string_view positionals = "models");

/// Parses `arguments` into the variables bound to `app`. The text is what argparse would say, where
/// it says something.
std::optional<std::string> parse_into(CLI::App& app, std::span<const std::string> arguments);

}  // namespace prov::cli
