#include "model/tokenizer/unicode_text.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/regex.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/utf8.hpp"

namespace prov::model {
namespace {

const icu::Normalizer2* normalizer(NormalForm form, UErrorCode& status) {
  switch (form) {
    case NormalForm::nfc:
      return icu::Normalizer2::getNFCInstance(status);
    case NormalForm::nfd:
      return icu::Normalizer2::getNFDInstance(status);
    case NormalForm::nfkc:
      return icu::Normalizer2::getNFKCInstance(status);
    case NormalForm::nfkd:
      return icu::Normalizer2::getNFKDInstance(status);
  }
  return nullptr;
}

icu::UnicodeString to_utf16(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace

std::string normalize(std::string_view text, NormalForm form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* rules = normalizer(form, status);
  if (U_FAILURE(status)) return std::string(text);
  icu::UnicodeString normalized = rules->normalize(to_utf16(text), status);
  return U_FAILURE(status) ? std::string(text) : to_utf8(normalized);
}

std::string lowercase(std::string_view text) {
  // Character by character, as the library does: a sigma at the end of a word is no exception.
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = base::decode_utf8(text, at);
    if (character.code_point < 0x80 || !character.valid) {
      out += static_cast<char>(
          character.valid ? u_tolower(static_cast<UChar32>(character.code_point)) : text[at]);
    } else {
      out += to_utf8(icu::UnicodeString(static_cast<UChar32>(character.code_point))
                         .toLower(icu::Locale::getRoot()));
    }
    at += character.length;
  }
  return out;
}

bool is_whitespace(char32_t code_point) {
  return u_isUWhiteSpace(static_cast<UChar32>(code_point));
}

bool is_control(char32_t code_point) {
  if (code_point == '\t' || code_point == '\n' || code_point == '\r') return false;
  return (U_GET_GC_MASK(static_cast<UChar32>(code_point)) & U_GC_C_MASK) != 0;
}

bool is_mark(char32_t code_point) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code_point)) & U_GC_M_MASK) != 0;
}

bool is_nonspacing_mark(char32_t code_point) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code_point)) & U_GC_MN_MASK) != 0;
}

bool is_numeric(char32_t code_point) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code_point)) & U_GC_N_MASK) != 0;
}

bool is_punctuation(char32_t code_point) {
  if (code_point < 0x80)
    return u_ispunct(static_cast<UChar32>(code_point)) ||
           std::string_view("$+<=>^`|~").find(static_cast<char>(code_point)) !=
               std::string_view::npos;
  return (U_GET_GC_MASK(static_cast<UChar32>(code_point)) & U_GC_P_MASK) != 0;
}

struct Regex::Pattern {
  std::unique_ptr<icu::RegexPattern> rules;
};

Regex::Regex(std::unique_ptr<Pattern> pattern) : pattern_(std::move(pattern)) {}
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

std::optional<Regex> Regex::compile(std::string_view pattern) {
  if (pattern.size() > 64 << 10) return std::nullopt;
  UErrorCode status = U_ZERO_ERROR;
  UParseError where;
  auto compiled = std::make_unique<Pattern>();
  compiled->rules.reset(icu::RegexPattern::compile(to_utf16(pattern), 0, where, status));
  if (U_FAILURE(status)) return std::nullopt;
  return Regex(std::move(compiled));
}

Spans Regex::find_all(std::string_view text) const {
  constexpr std::int32_t kTimeLimit = 100;  // ICU's unit: about a millisecond
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString wide = to_utf16(text);
  const std::unique_ptr<icu::RegexMatcher> matcher(pattern_->rules->matcher(wide, status));
  if (U_FAILURE(status)) return {};
  matcher->setTimeLimit(kTimeLimit, status);
  // Positions come in UTF-16 units; both texts are walked once.
  Spans spans;
  std::size_t byte = 0;
  std::int32_t unit = 0;
  const auto byte_at = [&](std::int32_t target) {
    while (unit < target && byte < text.size()) {
      const auto character = base::decode_utf8(text, byte);
      byte += character.length;
      unit += character.code_point > 0xFFFF ? 2 : 1;
    }
    return byte;
  };
  while (matcher->find(status) && U_SUCCESS(status)) {
    const std::size_t begin = byte_at(matcher->start(status)), end = byte_at(matcher->end(status));
    if (end > begin) spans.emplace_back(begin, end);
  }
  return spans;
}

}  // namespace prov::model
