// The few Unicode operations that tokenizers need, over UTF-8. ICU stays behind this header.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prov::model {

enum class NormalForm { nfc, nfd, nfkc, nfkd };

std::string normalize(std::string_view text, NormalForm form);
std::string lowercase(std::string_view text);

bool is_whitespace(char32_t code_point);  // White_Space
bool is_control(char32_t code_point);     // category C, save tab, line feed and carriage return
bool is_mark(char32_t code_point);        // category M
bool is_nonspacing_mark(char32_t code_point);  // category Mn
bool is_numeric(char32_t code_point);          // category N
bool is_punctuation(char32_t code_point);      // category P, or an ASCII symbol

/// Byte ranges [first, second) inside a text.
using Spans = std::vector<std::pair<std::size_t, std::size_t>>;

/// A regular expression of a tokenizer file. Matching gives up after about 0.1 s, so that a hostile
/// pattern costs no more. Thread-safe once made.
class Regex {
 public:
  /// std::nullopt if ICU cannot read the pattern.
  static std::optional<Regex> compile(std::string_view pattern);
  ~Regex();
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;

  /// All matches from left to right, empty ones left out.
  Spans find_all(std::string_view text) const;

 private:
  struct Pattern;
  explicit Regex(std::unique_ptr<Pattern> pattern);
  std::unique_ptr<Pattern> pattern_;
};

}  // namespace prov::model
