#include "report/decomposition_document.hpp"

namespace prov::report {

Document decomposition_document(const Decomposition& decomposition) {
  return {decomposition_data(decomposition), decomposition_lines(decomposition),
          decomposition_page(decomposition)};
}

}  // namespace prov::report
