#include "report/comparison_document.hpp"

namespace prov::report {

Document comparison_document(const Comparison& comparison, const ReportStyle& style) {
  return {comparison_data(comparison), comparison_lines(comparison, style.timing),
          comparison_page(comparison, style.timing)};
}

}  // namespace prov::report
