#include <algorithm>

#include "base/utf8.hpp"
#include "model/tokenizer/added_vocabulary.hpp"
#include "model/tokenizer/pre_tokenizer.hpp"
#include "model/tokenizer/subword_model.hpp"
#include "model/tokenizer/text_normalizer.hpp"
#include "model/tokenizer/tokenizer.hpp"
#include "model/tokenizer/unicode_text.hpp"

namespace prov::model {
namespace {

// Anchors have a few characters; the models are quadratic in the length of a word, so more is cut
// off.
constexpr std::size_t kLongestText = 1024;

/// A stretch of text, or the added token that was found there.
struct Stretch {
  std::string text;
  const AddedToken* token = nullptr;
  bool at_start = false;
};

bool is_word_character(std::string_view text, std::size_t at) {
  const char32_t c = base::decode_utf8(text, at).code_point;
  return c == '_' || is_numeric(c) || !(is_whitespace(c) || is_punctuation(c) || is_control(c));
}

std::size_t character_before(std::string_view text, std::size_t at) {
  if (at > 0) --at;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

bool is_space_at(std::string_view text, std::size_t at) {
  return is_whitespace(base::decode_utf8(text, at).code_point);
}

/// False if a token that must stand alone touches a word.
bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  return (begin == 0 || !is_word_character(text, character_before(text, begin))) &&
         (end == text.size() || !is_word_character(text, end));
}

using Pattern = std::pair<std::string, const AddedToken*>;

const Pattern* longest_match(const std::vector<Pattern>& patterns, std::string_view text,
                             std::size_t at) {
  const Pattern* best = nullptr;
  for (const Pattern& pattern : patterns) {
    if (!text.substr(at).starts_with(pattern.first)) continue;
    if (!best || pattern.first.size() > best->first.size()) best = &pattern;
  }
  return best;
}

/// Cuts added tokens out of a stretch: leftmost first, the longest of those.
std::vector<Stretch> cut_tokens(const Stretch& whole, const std::vector<Pattern>& patterns) {
  std::vector<Stretch> out;
  const std::string& text = whole.text;
  std::size_t done = 0;
  const auto take_text = [&](std::size_t end) {
    if (end > done)
      out.push_back({text.substr(done, end - done), nullptr, whole.at_start && done == 0});
  };
  for (std::size_t at = 0; at < text.size();) {
    const Pattern* match = longest_match(patterns, text, at);
    if (!match ||
        (match->second->single_word && !stands_alone(text, at, at + match->first.size()))) {
      ++at;
      continue;
    }
    std::size_t begin = at, end = at + match->first.size();
    while (match->second->lstrip && begin > done &&
           is_space_at(text, character_before(text, begin))) {
      begin = character_before(text, begin);
    }
    while (match->second->rstrip && end < text.size() && is_space_at(text, end)) {
      end += base::decode_utf8(text, end).length;
    }
    take_text(begin);
    out.push_back({{}, match->second, false});
    done = at = end;
  }
  take_text(text.size());
  return out;
}

}  // namespace

struct TextEncoder::Tables {
  std::vector<std::string> skipped;
  TextNormalizer normalizer;
  PreTokenizer pre_tokenizer;
  VocabularyIndex index;
  std::unique_ptr<SubwordModel> model;
  std::vector<Pattern> raw_tokens, normalized_tokens;

  explicit Tables(const Tokenizer& tokenizer)
      : normalizer(tokenizer.normalizer, skipped),
        pre_tokenizer(tokenizer.pre_tokenizer, skipped),
        index(index_vocabulary(tokenizer)),
        model(make_subword_model(tokenizer, index)) {
    for (const AddedToken& token : tokenizer.added_tokens) {
      std::string text = token.normalized ? normalizer.apply(token.content) : token.content;
      if (text.empty()) continue;
      (token.normalized ? normalized_tokens : raw_tokens).emplace_back(std::move(text), &token);
    }
  }
};

TextEncoder::TextEncoder(const Tokenizer& tokenizer)
    : tables_(std::make_unique<Tables>(tokenizer)) {}
TextEncoder::~TextEncoder() = default;
TextEncoder::TextEncoder(TextEncoder&&) noexcept = default;

std::vector<std::uint32_t> TextEncoder::encode(std::string_view text) const {
  if (base::find_invalid_utf8(text) != text.npos || !tables_->model) return {};
  Stretch whole{std::string(text.substr(0, kLongestText)), nullptr, true};
  std::vector<std::uint32_t> ids;
  for (const Stretch& raw : cut_tokens(whole, tables_->raw_tokens)) {
    if (raw.token) {
      ids.push_back(raw.token->id);
      continue;
    }
    const Stretch normalized{tables_->normalizer.apply(raw.text), nullptr, raw.at_start};
    for (const Stretch& stretch : cut_tokens(normalized, tables_->normalized_tokens)) {
      if (stretch.token) {
        ids.push_back(stretch.token->id);
        continue;
      }
      for (const std::string& word : tables_->pre_tokenizer.split(stretch.text, stretch.at_start)) {
        const auto word_ids = tables_->model->encode(word);
        ids.insert(ids.end(), word_ids.begin(), word_ids.end());
      }
    }
  }
  return ids;
}

const std::vector<std::string>& TextEncoder::skipped() const { return tables_->skipped; }

}  // namespace prov::model
