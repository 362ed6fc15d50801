// The command line as values. CLI11 stays behind this header: it is slow to compile.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cli/fail_on.hpp"
#include "cli/report_request.hpp"
#include "cli/terminal.hpp"

namespace prov::cli {

struct CompareArguments {
  std::string model_a, model_b;        // as typed
  std::vector<ReportRequest> reports;  // at least one, at most one for standard output
  std::vector<const FailCondition*> fail_on;
  ColourChoice colour = ColourChoice::automatic;
  bool timing = false;
  bool trust_remote_code = false;
  bool progress = true;
  bool quiet = false;
  bool verbose = false;
};

/// Print this on standard output and end: help, version.
struct PrintText {
  std::string text;
};

struct UsageError {
  std::string usage;    // "usage: ..." with line feeds
  std::string program;  // "provenancekit" or "provenancekit compare"
  std::string message;
};

using Invocation = std::variant<CompareArguments, PrintText, UsageError>;

/// What the user asks for. `arguments` without the program's name.
Invocation parse_arguments(std::span<const std::string> arguments);

}  // namespace prov::cli
