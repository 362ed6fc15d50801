#include "cli/terminal.hpp"

#include <sys/ioctl.h>

#include <charconv>

namespace prov::cli {
namespace {

constexpr unsigned kDefaultColumns = 100;

bool is_forced(std::string_view name, const Environment& environment) {
  return environment.is_set(name) && environment.get(name) != "0";
}

}  // namespace

std::optional<ColourChoice> find_colour_choice(std::string_view name) {
  if (name == "auto") return ColourChoice::automatic;
  if (name == "always") return ColourChoice::always;
  if (name == "never") return ColourChoice::never;
  return std::nullopt;
}

bool can_redraw(bool is_terminal, const Environment& environment) {
  return is_terminal && environment.is_set("TERM") && environment.get("TERM") != "dumb";
}

bool wants_colour(ColourChoice choice, bool is_terminal, const Environment& environment) {
  switch (choice) {
    case ColourChoice::always:
      return true;
    case ColourChoice::never:
      return false;
    case ColourChoice::automatic:
      break;
  }
  if (environment.is_set("NO_COLOR")) return false;
  if (is_forced("FORCE_COLOR", environment) || is_forced("CLICOLOR_FORCE", environment))
    return true;
  if (environment.get("CLICOLOR") == "0") return false;
  return can_redraw(is_terminal, environment);
}

unsigned terminal_columns(int file_descriptor, const Environment& environment) {
  if (const std::optional<std::string> columns = environment.get("COLUMNS")) {
    unsigned number = 0;
    const char* const last = columns->data() + columns->size();
    const auto [end, error] = std::from_chars(columns->data(), last, number);
    if (error == std::errc() && end == last && number > 0) return number;
  }
  winsize size{};
  if (ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kDefaultColumns;
}

}  // namespace prov::cli
