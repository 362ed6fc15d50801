#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cli/option_names.hpp"

namespace prov::cli {
namespace {

// Options of the kit: their abbreviations keep their meaning.
constexpr std::array<std::string_view, 11> kKitOptions = {
    "--help",      "--verbose",   "--json",
    "--plain",     "--cache-dir", "--no-cache",
    "--timing",    "--top-k",     "--trust-remote-code",
    "--threshold", "--db-root"};

/// Help in the layout of the kit: a usage text of our own, names as "-q, --quiet".
class HelpLayout : public CLI::Formatter {
 public:
  HelpLayout(std::string_view usage, std::string_view positionals) : usage_(usage) {
    column_width(26);
    label("Positionals", std::string(positionals));
  }
  std::string make_usage(const CLI::App*, std::string) const override { return '\n' + usage_; }
  // One blank line between the parts, none at the end.
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    std::string text = CLI::Formatter::make_help(app, std::move(name), mode);
    for (std::size_t at = 0; (at = text.find("\n\n\n", at)) != std::string::npos;)
      text.erase(at, 1);
    text.erase(text.find_last_not_of('\n') + 1);
    return text + '\n';
  }
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    std::string name = CLI::Formatter::make_option_name(option, is_positional);
    if (const std::size_t comma = name.find(','); comma != std::string::npos)
      name.insert(comma + 1, " ");
    return name;
  }

 private:
  std::string usage_;
};

std::vector<OptionName> option_names(const CLI::App& app) {
  std::vector<OptionName> names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty()) continue;
    OptionName name;
    name.long_name = "--" + option->get_lnames().front();
    if (!option->get_snames().empty()) name.short_name = '-' + option->get_snames().front();
    name.takes_value = option->get_expected_max() != 0;
    name.of_kit =
        std::find(kKitOptions.begin(), kKitOptions.end(), name.long_name) != kKitOptions.end();
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

void lay_out_help(CLI::App& app, std::string_view usage, std::string_view positionals) {
  app.set_help_flag();
  app.formatter(std::make_shared<HelpLayout>(usage, positionals));
}

std::optional<std::string> parse_into(CLI::App& app, std::span<const std::string> arguments) {
  Result<std::vector<std::string>> written_out =
      write_out_option_names(arguments, option_names(app));
  if (!written_out) return written_out.error().message;
  std::reverse(written_out->begin(), written_out->end());  // CLI11 takes them from the back
  app.allow_extras();
  try {
    app.parse(std::move(*written_out));
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  std::vector<std::string> rest = app.remaining();
  if (const auto marker = std::find(rest.begin(), rest.end(), "--"); marker != rest.end())
    rest.erase(marker);
  if (!rest.empty()) {
    return fmt::format("unrecognized arguments: {}", fmt::join(rest, " "));
  }
  return std::nullopt;
}

}  // namespace prov::cli
