// The options of one command. A command's file says only what is its own: usage text, help, the
// options of the output and refusals in argparse's words are here.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/output_options.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace prov::cli {

/// What a command says of itself.
struct CommandTexts {
  std::string program;              // "provenancekit db list"
  std::string about;                // first line of its help
  std::string exit_codes;           // last lines of its help
  std::string operands = "models";  // what the arguments that are no options are
};

/// What may stand for a model (docs/sources.md), for the help.
inline constexpr const char* kModelHelp =
    "a directory, a weight file, hf:org/name, ollama:name\n"
    "or https://...";

enum class Need { optional, required };
constexpr int kAnyNumber = -1;

/// What is bound to it must outlive it, and stay where it is.
class CommandParser {
 public:
  CommandParser(CommandTexts texts, OutputArguments& arguments,
                OutputKind output = OutputKind::reports);
  CommandParser(const CommandParser&) = delete;
  CommandParser& operator=(const CommandParser&) = delete;
  ~CommandParser();

  void add_operand(const std::string& name, std::string& to, const std::string& help);
  void add_operands(const std::string& name, std::vector<std::string>& to, const std::string& help,
                    int most = kAnyNumber, Need need = Need::required);
  void add_flag(const std::string& names, bool& to, const std::string& help);
  /// Given twice, the last one counts. `value`: what its value is called in the help.
  void add_value(const std::string& names, const std::string& value, std::optional<std::string>& to,
                 const std::string& help, Need need = Need::optional);
  void add_value(const std::string& names, const std::string& value, std::string& to,
                 const std::string& help, Need need = Need::optional);
  /// May be given any number of times.
  void add_values(const std::string& names, const std::string& value, std::vector<std::string>& to,
                  const std::string& help);

  /// Parses `typed`, and lets `interpret` say what the options of the command mean together (the
  /// problem, if there is one). Absent: all is well. Otherwise the help that was asked for, or what
  /// is wrong. `verbose`: -v stood before the command.
  std::optional<Invocation> parse(
      std::span<const std::string> typed, bool verbose,
      const std::function<std::optional<std::string>()>& interpret = nullptr);

 private:
  CLI::Option* in_group(CLI::Option* option, Need need);
  bool is_required(const CLI::Option* option) const;
  std::string word_of(const CLI::Option* option) const;
  std::string usage() const;
  std::optional<std::string> missing() const;

  CommandTexts texts_;
  OutputArguments& arguments_;
  OutputOptions output_;
  bool help_ = false;
  std::unique_ptr<CLI::App> app_;
  std::vector<const CLI::Option*> required_;
};

}  // namespace prov::cli
