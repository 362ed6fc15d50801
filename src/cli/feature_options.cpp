#include "cli/feature_options.hpp"

namespace prov::cli {

void add_feature_options(CommandParser& parser, CacheChoice& cache, bool& trust_remote_code) {
  parser.add_value("--cache-dir", "DIR", cache.folder,
                   "Where features of the weights are kept, so that they need\n"
                   "not be read again (default: the user's cache folder)");
  parser.add_flag("--no-cache", cache.off, "Keep nothing, and use nothing kept");
  parser.add_flag("--trust-remote-code", trust_remote_code,
                  "Accepted; code of a model is never run");
}

}  // namespace prov::cli
