#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace prov::model {

/// The pre-tokenizer of a tokenizer: cuts normalised text into words. Thread-safe once made.
class PreTokenizer {
 public:
  /// `part` is compact JSON as in Tokenizer::pre_tokenizer. Unknown steps are left out and named in
  /// `skipped`.
  PreTokenizer(std::string_view part, std::vector<std::string>& skipped);

  /// `at_start`: the text begins where the whole input begins.
  std::vector<std::string> split(std::string text, bool at_start) const;

  using Words = std::vector<std::string>;
  /// Cuts one word; `at_start` as above, for the first word.
  using Step = std::function<Words(const std::string& word, bool at_start)>;

 private:
  std::vector<Step> steps_;
};

}  // namespace prov::model
