// Vocabularies without a tokenizer.json. vocab.json + merges.txt (GPT-2): {"token": id} and one
// merge a line, "a b", after an optional "#version" line. vocab.txt (BERT): one token a line, the
// line number is the id. Ranks of tiktoken: one line a token, its bytes in base64 and its id.
#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <optional>

#include "base/try.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

constexpr std::string_view kByteLevel =
    R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})";

/// Calls take(line, number) for each line, without its end.
template <class Take>
Result<void> for_each_line(std::string_view text, Take take) {
  for (std::size_t number = 0; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    PROV_CHECK(take(line, number));
  }
  return {};
}

/// std::nullopt for anything but padded standard base64.
std::optional<std::string> decode_base64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::string bytes;
  std::uint32_t bits = 0, count = 0;
  for (char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == kDigits.npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if ((count += 6) >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  return bytes;
}

/// "base64(token) rank"
std::optional<std::pair<std::string, std::uint32_t>> read_rank(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == line.npos) return std::nullopt;
  auto token = decode_base64(line.substr(0, space));
  std::uint32_t rank = 0;
  const char* end = line.data() + line.size();
  const auto parsed = std::from_chars(line.data() + space + 1, end, rank);
  if (!token || parsed.ec != std::errc() || parsed.ptr != end || rank > kMaxTokenId)
    return std::nullopt;
  return std::pair(*std::move(token), rank);
}

}  // namespace

bool looks_like_tiktoken(std::string_view text) {
  return read_rank(text.substr(0, text.find_first_of("\r\n"))).has_value();
}

Result<Tokenizer> parse_tiktoken(std::string_view text, const std::string& file) {
  Tokenizer tokenizer;
  tokenizer.format = TokenizerFormat::tiktoken;
  tokenizer.files = {file};
  PROV_CHECK(for_each_line(text, [&](std::string_view line, std::size_t number) -> Result<void> {
    if (line.empty()) return {};
    auto entry = read_rank(line);
    if (!entry || tokenizer.vocabulary.size() > kMaxVocabulary) {
      return Error{.code = ErrorCode::malformed,
                   .message = "a line is not a base64 text and a rank",
                   .file = file,
                   .field = fmt::format("line {}", number + 1)};
    }
    tokenizer.vocabulary.push_back(*std::move(entry));
    return {};
  }));
  PROV_CHECK(settle_vocabulary(tokenizer, file));
  return tokenizer;
}

Result<Tokenizer> parse_vocab_and_merges(std::string_view vocab, const std::string& vocab_file,
                                         std::string_view merges, const std::string& merges_file) {
  Tokenizer tokenizer;
  tokenizer.format = TokenizerFormat::vocab_and_merges;
  tokenizer.model = TokenizerModel::bpe;
  tokenizer.files = {vocab_file, merges_file};
  tokenizer.pre_tokenizer = kByteLevel;
  tokenizer.decoder = kByteLevel;

  simdjson::dom::parser parser;
  simdjson::dom::object entries;
  if (const auto error = parser.parse(simdjson::padded_string(vocab)).get(entries)) {
    return Error{.code = ErrorCode::malformed,
                 .message = fmt::format("not a JSON object: {}", simdjson::error_message(error)),
                 .file = vocab_file,
                 .hint = "incomplete download?"};
  }
  for (const auto entry : entries) {
    std::uint64_t id = 0;
    if (entry.value.get(id) != simdjson::SUCCESS || id > kMaxTokenId) {
      return Error{.code = ErrorCode::out_of_range,
                   .message = "a token id is not an integer from 0 to 2147483647",
                   .file = vocab_file,
                   .field = std::string(entry.key.substr(0, 80))};
    }
    tokenizer.vocabulary.emplace_back(entry.key, static_cast<std::uint32_t>(id));
  }
  PROV_TRY(const VocabularyIndex index, settle_vocabulary(tokenizer, vocab_file));

  PROV_CHECK(for_each_line(merges, [&](std::string_view line, std::size_t number) -> Result<void> {
    if (line.empty() || line.starts_with("#version")) return {};
    const std::size_t space = line.find(' ');
    if (space == line.npos || line.find(' ', space + 1) != line.npos ||
        tokenizer.merges.size() >= kMaxMerges) {
      return Error{.code = ErrorCode::malformed,
                   .message = "a merge is not two texts with one space between",
                   .file = merges_file,
                   .field = fmt::format("line {}", number + 1)};
    }
    tokenizer.merges.emplace_back(line.substr(0, space), line.substr(space + 1));
    return {};
  }));
  PROV_CHECK(settle_merges(tokenizer, index, merges_file));
  return tokenizer;
}

Result<Tokenizer> parse_vocab_txt(std::string_view text, const std::string& file) {
  Tokenizer tokenizer;
  tokenizer.format = TokenizerFormat::vocab_txt;
  tokenizer.model = TokenizerModel::wordpiece;
  tokenizer.files = {file};
  tokenizer.normalizer =
      R"({"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true})";
  tokenizer.pre_tokenizer = R"({"type":"BertPreTokenizer"})";
  tokenizer.decoder = R"({"type":"WordPiece","prefix":"##","cleanup":true})";
  tokenizer.continuing_subword_prefix = "##";
  tokenizer.unk_token = "[UNK]";
  tokenizer.has_unk_token = true;
  PROV_CHECK(for_each_line(text, [&](std::string_view line, std::size_t number) -> Result<void> {
    if (number >= kMaxVocabulary) {
      return Error{.code = ErrorCode::too_large,
                   .message = "more tokens than any tokenizer has",
                   .file = file};
    }
    tokenizer.vocabulary.emplace_back(line, static_cast<std::uint32_t>(number));
    return {};
  }));
  PROV_CHECK(settle_vocabulary(tokenizer, file));
  return tokenizer;
}

}  // namespace prov::model
