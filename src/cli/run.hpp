#pragma once

#include <span>
#include <string>

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"

namespace prov::cli {

/// The whole program behind main: `arguments` without the program's name.
ExitCode run(std::span<const std::string> arguments, const Environment& environment);

}  // namespace prov::cli
