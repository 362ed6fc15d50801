// The page on a terminal: headlines, bullets and tables drawn with box characters.
#include <algorithm>
#include <numeric>
#include <string_view>

#include "report/renderers.hpp"
#include "report/text_layout.hpp"

namespace prov::report {
namespace {

constexpr std::size_t kNarrowest = 40;  // columns; below, tables cannot be read anyway
constexpr std::size_t kWidest = 120;    // longer lines of text are hard to read

// Select Graphic Rendition parameters (ECMA-48) of the 16 colours that every terminal theme
// defines.
std::string_view escape_code(Tone tone) {
  switch (tone) {
    case Tone::neutral:
      return "";
    case Tone::heading:
      return "1";
    case Tone::related:
      return "1;32";
    case Tone::unrelated:
      return "1;34";
    case Tone::caution:
      return "33";
    case Tone::warning:
      return "31";
    case Tone::faint:
      return "2";
  }
  return "";
}

// What stands left, between and right of the columns of one horizontal rule.
struct Rule {
  std::string_view left, line, cross, right;
};
constexpr Rule kTop = {"\u250f", "\u2501", "\u2533", "\u2513"};
constexpr Rule kUnderTitles = {"\u2521", "\u2501", "\u2547", "\u2529"};
constexpr Rule kSection = {"\u251c", "\u2500", "\u253c", "\u2524"};
constexpr Rule kBottom = {"\u2514", "\u2500", "\u2534", "\u2518"};
constexpr std::string_view kHeavyBar = "\u2503";
constexpr std::string_view kBar = "\u2502";

class Page {
 public:
  explicit Page(const ReportStyle& style)
      : colour_(style.colour), width_(std::clamp<std::size_t>(style.width, kNarrowest, kWidest)) {}

  std::string draw(const std::vector<Block>& blocks) && {
    for (const Block& block : blocks) {
      std::visit([this](const auto& content) { add(content); }, block);
    }
    return std::move(text_);
  }

 private:
  void add(const Headline& headline) {
    for (const std::string& line : wrap(headline.text, width_))
      add_line(painted(line, headline.tone));
  }

  void add(const Sentences& sentences) {
    if (sentences.items.empty()) return;
    if (!sentences.title.empty()) add_title(sentences.title);
    for (const std::string& item : sentences.items) {
      bool first = true;
      for (const std::string& line : wrap(item, width_ - 4)) {
        add_line((first ? "  " + painted("-", sentences.tone) + ' ' : "    ") + line);
        first = false;
      }
    }
  }

  void add(const Table& table) {
    if (table.rows.empty()) return;
    if (!table.title.empty()) add_title(table.title);
    const std::vector<std::size_t> widths = column_widths(table);
    add_rule(kTop, widths);
    Row titles;
    for (const Column& column : table.columns)
      titles.cells.push_back({column.title, Tone::heading});
    add_row(table, titles, widths, kHeavyBar);
    add_rule(kUnderTitles, widths);
    for (const Row& row : table.rows) {
      if (row.begins_section) add_rule(kSection, widths);
      add_row(table, row, widths, kBar);
    }
    add_rule(kBottom, widths);
  }

  void add_title(std::string_view title) {
    add_line("");
    for (const std::string& line : wrap(title, width_)) add_line(painted(line, Tone::heading));
  }

  void add_rule(const Rule& rule, const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text_ += i == 0 ? rule.left : rule.cross;
      for (std::size_t n = 0; n < widths[i] + 2; ++n) text_ += rule.line;
    }
    add_line(rule.right);
  }

  void add_row(const Table& table, const Row& row, const std::vector<std::size_t>& widths,
               std::string_view bar) {
    std::vector<std::vector<std::string>> cells;
    cells.reserve(row.cells.size());
    std::size_t height = 1;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      cells.push_back(wrap(row.cells[i].text, widths[i]));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t line = 0; line < height; ++line) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string_view content =
            line < cells[i].size() ? cells[i][line] : std::string_view();
        const std::string cell = pad(content, widths[i], table.columns[i].right_aligned);
        text_ += bar;
        text_ += ' ' + (content.empty() ? cell : painted(cell, row.cells[i].tone)) + ' ';
      }
      add_line(bar);
    }
  }

  // Natural widths; where they do not fit, the widest columns give way first.
  std::vector<std::size_t> column_widths(const Table& table) const {
    std::vector<std::size_t> widths;
    widths.reserve(table.columns.size());
    for (const Column& column : table.columns)
      widths.push_back(std::max<std::size_t>(2, display_width(column.title)));
    for (const Row& row : table.rows) {
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        widths[i] = std::max(widths[i], display_width(row.cells[i].text));
      }
    }
    const std::size_t borders = 3 * widths.size() + 1;
    const std::size_t available = std::max(width_ - std::min(width_, borders), 2 * widths.size());
    for (std::size_t total = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
         total > available;) {
      // In one step the widest comes down to the next: texts may be megabytes long.
      const auto widest = std::max_element(widths.begin(), widths.end());
      std::size_t next = 2;
      for (auto width = widths.begin(); width != widths.end(); ++width) {
        if (width != widest) next = std::max(next, *width);
      }
      const std::size_t step =
          std::clamp<std::size_t>(*widest - std::min(*widest, next), 1, total - available);
      *widest -= step;
      total -= step;
    }
    return widths;
  }

  std::string painted(std::string_view text, Tone tone) const {
    const std::string_view code = escape_code(tone);
    if (!colour_ || code.empty()) return std::string(text);
    return "\x1b[" + std::string(code) + 'm' + std::string(text) + "\x1b[0m";
  }

  void add_line(std::string_view line) {
    text_ += line;
    text_ += '\n';
  }

  bool colour_;
  std::size_t width_;
  std::string text_;
};

}  // namespace

std::string render_table(const Document& document, const ReportStyle& style) {
  return Page(style).draw(document.page);
}

}  // namespace prov::report
