// What a terminal, or its absence, asks of the output.
#pragma once

#include <optional>
#include <string_view>

#include "cli/environment.hpp"

namespace prov::cli {

enum class ColourChoice { automatic, always, never };

/// "auto", "always" or "never".
std::optional<ColourChoice> find_colour_choice(std::string_view name);

/// Whether to colour text for standard output. In order: the choice itself; NO_COLOR; FORCE_COLOR
/// or CLICOLOR_FORCE (unless "0"); CLICOLOR=0; a terminal whose TERM is set and not "dumb".
bool wants_colour(ColourChoice choice, bool is_terminal, const Environment& environment);

/// A terminal that can redraw a line.
bool can_redraw(bool is_terminal, const Environment& environment);

/// Columns of the terminal: COLUMNS, else what `file_descriptor` says, else 100.
unsigned terminal_columns(int file_descriptor, const Environment& environment);

}  // namespace prov::cli
