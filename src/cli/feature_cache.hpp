#pragma once

#include <memory>

#include "cli/environment.hpp"
#include "cli/options.hpp"
#include "provenancekit/feature_cache.hpp"

namespace prov::cli {

/// The cache that the command shall use; null for --no-cache, and where it cannot be opened: a
/// command never fails for it. A warning goes to standard error where the user named the folder,
/// unless `quiet`. The default folder is not made below a home that is not there.
std::unique_ptr<FeatureCache> cache_for(const CacheChoice& choice, const Environment& environment,
                                        bool quiet);

}  // namespace prov::cli
