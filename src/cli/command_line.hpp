// What all commands share in reading their command line. CLI11 is slow to compile: its header is
// for .cpp files.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace prov::cli {

/// Help in the layout of the kit: a usage text of our own, names as "-q, --quiet". `app` has no
/// help option of its own afterwards.
void lay_out_help(CLI::App& app, std::string_view usage);

/// Parses `arguments` into the variables bound to `app`. The text is what argparse would say, where
/// it says something.
std::optional<std::string> parse_into(CLI::App& app, std::span<const std::string> arguments);

/// How a command is called in messages, and its usage text.
struct CommandTexts {
  std::string_view program, usage;
};

/// Parses, and lets `interpret` say what the options mean together (the problem, if there is one).
/// Absent: all is well. Otherwise the help that was asked for (`help` is bound to its option), or
/// what is wrong.
std::optional<Invocation> parse_and_interpret(
    CLI::App& app, std::span<const std::string> arguments, const CommandTexts& texts,
    const bool& help, const std::function<std::optional<std::string>()>& interpret);

}  // namespace prov::cli
