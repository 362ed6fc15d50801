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

/// What a command has to write.
enum class OutputKind {
  summary,           // of the files that it makes: no -o and no colours
  reports,           // anywhere, in any format
  reports_and_time,  // with a breakdown of its time
};

/// Bound to an App: must outlive its parsing, and stay where it is.
class OutputOptions {
 public:
  OutputOptions() = default;
  OutputOptions(const OutputOptions&) = delete;
  OutputOptions& operator=(const OutputOptions&) = delete;

  void add_to(CLI::App& app, OutputKind kind);
  /// What the options mean together; the problem, if there is one.
  std::optional<std::string> interpret(OutputArguments& arguments) const;

 private:
  void add_network(CLI::App& app);

  std::vector<std::string> reports_;
  std::string colour_ = "auto";
  bool json_ = false, plain_ = false, timing_ = false, no_progress_ = false, quiet_ = false,
       verbose_ = false, offline_ = false, bandwidth_ = false;
};

}  // namespace prov::cli
