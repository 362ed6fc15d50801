#include "model/canonical_token.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "model/tokenizer/byte_alphabet.hpp"

namespace prov::model {
namespace {

constexpr std::string_view kSentencePieceSpace = "\xE2\x96\x81";  // U+2581
constexpr std::string_view kContinuation = "##";

bool mentions(const std::string& part, std::string_view name) {
  return part.find(name) != std::string::npos;
}

bool is_byte_level(const Tokenizer& tokenizer) {
  return mentions(tokenizer.decoder, "ByteLevel") || mentions(tokenizer.pre_tokenizer, "ByteLevel");
}

/// Spelling of a byte to the byte.
const std::unordered_map<std::string, char>& bytes_by_spelling() {
  static const std::unordered_map<std::string, char> table = [] {
    std::unordered_map<std::string, char> bytes;
    for (int value = 0; value < 256; ++value) {
      const char byte = static_cast<char>(value);
      bytes.emplace(byte_level_spelling(std::string_view(&byte, 1)), byte);
    }
    return bytes;
  }();
  return table;
}

/// Bytes of the UTF-8 character that begins with `lead`; a stray byte counts as a character.
std::size_t character_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
}

std::string from_byte_level(std::string_view token) {
  const auto& table = bytes_by_spelling();
  std::string bytes;
  for (std::size_t at = 0; at < token.size();) {
    const std::string character(token.substr(at, character_length(token[at])));
    const auto found = table.find(character);
    found == table.end() ? bytes += character : bytes += found->second;
    at += character.size();
  }
  return bytes;
}

/// "<0x0A>" to its byte.
std::optional<char> byte_piece(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return std::nullopt;
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const std::size_t high = kDigits.find(token[3]), low = kDigits.find(token[4]);
  if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

std::string from_sentencepiece(std::string_view token) {
  if (const auto byte = byte_piece(token)) return std::string(1, *byte);
  std::string text(token);
  for (std::size_t at = 0; (at = text.find(kSentencePieceSpace, at)) != std::string::npos; ++at)
    text.replace(at, kSentencePieceSpace.size(), " ");
  return text;
}

std::string from_wordpiece(std::string_view token, std::string_view prefix) {
  if (token.starts_with(prefix)) return std::string(token.substr(prefix.size()));
  return " " + std::string(token);
}

}  // namespace

CanonicalVocabulary canonical_vocabulary(const Tokenizer& tokenizer) {
  const bool byte_level = is_byte_level(tokenizer);
  const bool wordpiece = tokenizer.model == TokenizerModel::wordpiece;
  const std::string prefix =
      tokenizer.continuing_subword_prefix.value_or(std::string(kContinuation));
  CanonicalVocabulary vocabulary;
  for (const auto& [token, id] : tokenizer.vocabulary) {
    std::string bytes = byte_level  ? from_byte_level(token)
                        : wordpiece ? from_wordpiece(token, prefix)
                                    : from_sentencepiece(token);
    const auto [place, inserted] = vocabulary.emplace(std::move(bytes), id);
    if (!inserted) place->second = std::min(place->second, id);
  }
  for (const AddedToken& token : tokenizer.added_tokens) {
    const auto found = std::ranges::find(tokenizer.vocabulary, token.id,
                                         [](const auto& entry) { return entry.second; });
    if (found == tokenizer.vocabulary.end()) continue;
    vocabulary.erase(token.content);
    vocabulary.erase(" " + token.content);
  }
  return vocabulary;
}

}  // namespace prov::model
