#include "source/http/transfers.hpp"

namespace prov::source {

Transfers& transfers() {
  static Transfers counters;
  return counters;
}

}  // namespace prov::source
