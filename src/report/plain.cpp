// "key: value", one fact a line: for grep, cut and awk.
#include "report/renderers.hpp"

namespace prov::report {

std::string render_plain(const Document& document, const ReportStyle&) {
  std::string text;
  for (const Line& line : document.lines) {
    const std::size_t start = text.size();
    if (!line.key.empty()) text += line.key + ": ";
    if (const std::size_t used = text.size() - start; used < line.column)
      text.append(line.column - used, ' ');
    text += line.value + '\n';
  }
  return text;
}

}  // namespace prov::report
