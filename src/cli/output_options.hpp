// The options that say what a command writes, and where.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace prov::cli {

/// Bound to an App: must outlive its parsing, and stay where it is.
class OutputOptions {
 public:
  OutputOptions() = default;
  OutputOptions(const OutputOptions&) = delete;
  OutputOptions& operator=(const OutputOptions&) = delete;

  /// `with_timing`: the command has a breakdown of its time to show.
  void add_to(CLI::App& app, bool with_timing);
  /// The problem with options that exclude each other; argparse sees it before anything else.
  std::optional<std::string> excluded() const;
  /// What the options mean together; the problem, if there is one.
  std::optional<std::string> interpret(OutputArguments& arguments) const;

 private:
  std::vector<std::string> reports_;
  std::string colour_ = "auto";
  bool json_ = false, plain_ = false, timing_ = false, no_progress_ = false, quiet_ = false,
       verbose_ = false, offline_ = false, bandwidth_ = false;
};

/// --offline and --bandwidth. The flags must outlive the parsing.
void add_network_options(CLI::App& app, bool& offline, bool& bandwidth);

}  // namespace prov::cli
