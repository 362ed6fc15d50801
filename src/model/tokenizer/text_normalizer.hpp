#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace prov::model {

/// The normalizer of a tokenizer: a row of steps. Thread-safe once made.
class TextNormalizer {
 public:
  /// `part` is compact JSON as in Tokenizer::normalizer. Steps that are not known are left out and
  /// named in `skipped`; "Precompiled" is approximated by NFKC and named there too.
  TextNormalizer(std::string_view part, std::vector<std::string>& skipped);

  std::string apply(std::string text) const;

 private:
  std::vector<std::function<std::string(std::string)>> steps_;
};

}  // namespace prov::model
