#include "cli/command_parser.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/command_line.hpp"

namespace prov::cli {
namespace {

constexpr std::size_t kUsageWidth = 80;
constexpr const char* kOwnOptions = "options";

/// `words` in lines of kUsageWidth, from column `indent` on, the first of which is begun.
std::string in_lines(const std::vector<std::string>& words, std::size_t indent) {
  std::string text;
  std::size_t column = indent;
  for (const std::string& word : words) {
    if (column > indent && column + 1 + word.size() > kUsageWidth) {
      text += '\n' + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) text += ' ';
    column += (column > indent ? 1 : 0) + word.size();
    text += word;
  }
  return text;
}

}  // namespace

CommandParser::CommandParser(CommandTexts texts, OutputArguments& arguments, OutputKind output)
    : texts_(std::move(texts)),
      arguments_(arguments),
      app_(std::make_unique<CLI::App>(texts_.about)) {
  app_->set_help_flag();
  output_.add_to(*app_, output);
  app_->add_flag("-h,--help", help_, "Show this help and exit")->group(kOwnOptions);
  app_->footer("exit status:\n" + texts_.exit_codes);
}

CommandParser::~CommandParser() = default;

CLI::Option* CommandParser::in_group(CLI::Option* option, Need need) {
  if (need == Need::required) required_.push_back(option);
  return option->get_positional() ? option->type_name("") : option->group(kOwnOptions);
}

void CommandParser::add_operand(const std::string& name, std::string& to, const std::string& help) {
  in_group(app_->add_option(name, to, help), Need::required);
}

void CommandParser::add_operands(const std::string& name, std::vector<std::string>& to,
                                 const std::string& help, int most, Need need) {
  in_group(app_->add_option(name, to, help), need)
      ->expected(1, most)
      ->allow_extra_args(most != 1);  // one more is none that is known
}

void CommandParser::add_flag(const std::string& names, bool& to, const std::string& help) {
  in_group(app_->add_flag(names, to, help), Need::optional);
}

void CommandParser::add_value(const std::string& names, const std::string& value, std::string& to,
                              const std::string& help, Need need) {
  in_group(app_->add_option(names, to, help), need)->option_text(value)->take_last();
}

void CommandParser::add_value(const std::string& names, const std::string& value,
                              std::optional<std::string>& to, const std::string& help, Need need) {
  const auto keep = [&to](const std::string& text) { to = text; };
  in_group(app_->add_option_function<std::string>(names, keep, help), need)
      ->option_text(value)
      ->take_last();
}

void CommandParser::add_values(const std::string& names, const std::string& value,
                               std::vector<std::string>& to, const std::string& help) {
  in_group(app_->add_option(names, to, help), Need::optional)
      ->option_text(value)
      ->allow_extra_args(false);
}

bool CommandParser::is_required(const CLI::Option* option) const {
  return std::ranges::find(required_, option) != required_.end();
}

// As it stands in a usage text: "model [model ...]", "[file]", "[-q]", "[-o FORMAT[=FILE]]...".
std::string CommandParser::word_of(const CLI::Option* option) const {
  std::string word =
      option->get_snames().empty() ? option->get_name() : "-" + option->get_snames().front();
  const bool many = option->get_items_expected_max() > 1;
  if (option->get_positional() && many) word += fmt::format(" [{} ...]", word);
  if (!option->get_option_text().empty()) word += ' ' + option->get_option_text();
  if (is_required(option)) return word;
  return fmt::format("[{}]{}", word, many && !option->get_positional() ? "..." : "");
}

std::string CommandParser::usage() const {
  std::string text = fmt::format("usage: {} ", texts_.program);
  const std::size_t indent = text.size();
  std::vector<std::string> own, shared, operands;
  for (const CLI::Option* option : app_->get_options()) {
    std::vector<std::string>& words = option->get_positional()             ? operands
                                      : option->get_group() == kOwnOptions ? own
                                                                           : shared;
    words.push_back(word_of(option));
  }
  own.insert(own.end(), shared.begin(), shared.end());
  text += in_lines(own, indent);
  if (!operands.empty()) text += '\n' + std::string(indent, ' ') + in_lines(operands, indent);
  return text + '\n';
}

std::optional<std::string> CommandParser::missing() const {
  std::vector<std::string> names;
  for (const CLI::Option* option : required_) {
    if (option->count() > 0) continue;
    std::string name = option->get_name(false, /*all_options=*/true);  // "-o,--output"
    std::ranges::replace(name, ',', '/');
    names.push_back(std::move(name));
  }
  if (names.empty()) return std::nullopt;
  return fmt::format("the following arguments are required: {}", fmt::join(names, ", "));
}

std::optional<Invocation> CommandParser::parse(
    std::span<const std::string> typed, bool verbose,
    const std::function<std::optional<std::string>()>& interpret) {
  const std::string usage_text = usage();
  lay_out_help(*app_, usage_text, texts_.operands);
  std::optional<std::string> problem = parse_into(*app_, typed);
  if (help_) return PrintText{app_->help()};
  if (!problem) problem = output_.interpret(arguments_);
  if (!problem) problem = missing();
  if (!problem && interpret) problem = interpret();
  if (problem) return UsageError{usage_text, texts_.program, *std::move(problem)};
  arguments_.verbose = arguments_.verbose || verbose;
  return std::nullopt;
}

}  // namespace prov::cli
