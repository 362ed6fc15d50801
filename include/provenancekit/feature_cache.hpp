// What a pass over the weights gave, kept so that the next look at the same files need not read
// them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"

namespace prov {

/// May lose anything at any time; then it is as if it had never been kept. What is found is what
/// was put in, byte by byte. Thread-safe.
class FeatureCache {
 public:
  virtual ~FeatureCache() = default;
  /// `key`: of the files of a model; `kind`: what was computed from them, how, and by which
  /// version.
  virtual std::optional<std::vector<std::byte>> find(std::string_view key,
                                                     std::string_view kind) = 0;
  virtual void put(std::string_view key, std::string_view kind,
                   std::span<const std::byte> bytes) = 0;
};

/// The cache in `folder` (docs/database.md), made where there is none. Any number of processes may
/// use it at once. Errors: those of making and opening it; what fails later is silent. Nothing
/// depends on a cache: without one the answer is the same.
Result<std::unique_ptr<FeatureCache>> open_feature_cache(const std::string& folder);

}  // namespace prov
