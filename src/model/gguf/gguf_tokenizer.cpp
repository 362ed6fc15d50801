#include "model/gguf/gguf_tokenizer.hpp"

#include <fmt/format.h>

#include <unordered_set>

#include "base/try.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

/// Of tokenizer.ggml.token_type, numbered as SentencePiece does.
enum class TokenType { normal = 1, unknown, control, user_defined, unused, byte };

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581
constexpr std::string_view kContinuation = "##";

constexpr std::string_view kByteLevel =
    R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})";
constexpr std::string_view kByteLevelDecoder =
    R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true})";

TokenizerModel model_of(std::string_view name) {
  if (name == "gpt2" || name == "llama") return TokenizerModel::bpe;
  if (name == "t5") return TokenizerModel::unigram;
  if (name == "bert") return TokenizerModel::wordpiece;
  return TokenizerModel::none;
}

/// The converter writes "##ing" as "ing" and "the" as U+2581 and "the".
std::string as_wordpiece(std::string_view text) {
  if (text.starts_with(kSpace)) return std::string(text.substr(kSpace.size()));
  return std::string(kContinuation) + std::string(text);
}

class GgufTokenizer {
 public:
  GgufTokenizer(const format::GgufMetadata& metadata, const std::string& file)
      : metadata_(metadata), file_(file) {}

  Result<std::optional<Tokenizer>> read() {
    const format::GgufArray* tokens = metadata_.array("tokenizer.ggml.tokens");
    if (tokens == nullptr || tokens->texts.empty()) return std::optional<Tokenizer>();
    types_ = metadata_.array("tokenizer.ggml.token_type");
    scores_ = metadata_.array("tokenizer.ggml.scores");
    PROV_CHECK(check_sizes(tokens->texts.size()));
    const std::string* name = metadata_.text("tokenizer.ggml.model");
    const std::string kind = name == nullptr ? std::string() : *name;
    tokenizer_.format = TokenizerFormat::gguf;
    tokenizer_.model = model_of(kind);
    tokenizer_.files = {file_};
    take_tokens(tokens->texts);
    name_special_tokens(tokens->texts);
    PROV_TRY(const VocabularyIndex index, settle_vocabulary(tokenizer_, file_));
    if (kind == "llama") {
      PROV_CHECK(finish_sentencepiece());
    } else if (kind == "t5") {
      tokenizer_.scores = tokenizer_.written_scores;
      tokenizer_.normalizer = sentencepiece_normalizer();
    } else if (tokenizer_.model == TokenizerModel::bpe) {
      take_merges(index);
      tokenizer_.pre_tokenizer = kByteLevel;
      tokenizer_.decoder = kByteLevelDecoder;
    } else if (tokenizer_.model == TokenizerModel::wordpiece) {
      tokenizer_.continuing_subword_prefix = std::string(kContinuation);
    }
    return std::optional<Tokenizer>(std::move(tokenizer_));
  }

 private:
  Result<void> check_sizes(std::size_t tokens) const {
    const auto differs = [&](const format::GgufArray* array) {
      return array != nullptr && array->size() != tokens;
    };
    if (tokens > kMaxVocabulary) {
      return Error{.code = ErrorCode::too_large,
                   .message = "more tokens than any tokenizer has",
                   .file = file_,
                   .field = "tokenizer.ggml.tokens"};
    }
    if (!differs(types_) && !differs(scores_)) return {};
    return Error{.code = ErrorCode::malformed,
                 .message = fmt::format("not one entry for each of {} tokens", tokens),
                 .file = file_,
                 .field = differs(types_) ? "tokenizer.ggml.token_type" : "tokenizer.ggml.scores"};
  }

  TokenType type_of(std::size_t id) const {
    if (types_ == nullptr) return TokenType::normal;
    const std::int64_t type = types_->integer(id).value_or(1);
    return type >= 1 && type <= 6 ? static_cast<TokenType>(type) : TokenType::normal;
  }

  void take_tokens(const std::vector<std::string>& texts) {
    std::unordered_set<std::string_view> seen;
    for (std::size_t id = 0; id < texts.size(); ++id) {
      const TokenType type = type_of(id);
      const std::string& text = texts[id];
      if (text.empty() || text.size() > kMaxTokenBytes || type == TokenType::unused ||
          !seen.insert(text).second)
        continue;
      if (type == TokenType::byte) tokenizer_.byte_fallback = true;
      if (type == TokenType::control || type == TokenType::user_defined) {
        tokenizer_.added_tokens.push_back({.id = static_cast<std::uint32_t>(id),
                                           .content = text,
                                           .normalized = false,
                                           .special = type == TokenType::control});
        continue;
      }
      tokenizer_.vocabulary.emplace_back(
          tokenizer_.model == TokenizerModel::wordpiece ? as_wordpiece(text) : text,
          static_cast<std::uint32_t>(id));
      if (scores_ != nullptr) {
        tokenizer_.written_scores.push_back(scores_->number(id).value_or(0));
      } else if (tokenizer_.model == TokenizerModel::unigram) {
        tokenizer_.written_scores.push_back(0);
      }
    }
  }

  void name_special_tokens(const std::vector<std::string>& texts) {
    const auto named = [&](std::string_view key) -> std::optional<std::string> {
      const auto id = metadata_.integer(key);
      if (!id || *id < 0 || static_cast<std::uint64_t>(*id) >= texts.size()) return std::nullopt;
      return texts[static_cast<std::size_t>(*id)];
    };
    tokenizer_.bos_piece = named("tokenizer.ggml.bos_token_id");
    tokenizer_.eos_piece = named("tokenizer.ggml.eos_token_id");
    tokenizer_.unk_piece = named("tokenizer.ggml.unknown_token_id");
    tokenizer_.has_unk_token = tokenizer_.unk_piece.has_value();
    tokenizer_.unk_token = tokenizer_.unk_piece.value_or("");
  }

  std::string sentencepiece_normalizer() const {
    const std::string replace =
        R"({"type":"Replace","pattern":{"String":" "},"content":")" + std::string(kSpace) + "\"}";
    const bool prefix = metadata_.boolean("tokenizer.ggml.add_space_prefix").value_or(true);
    const std::string prepend =
        prefix ? R"({"type":"Prepend","prepend":")" + std::string(kSpace) + "\"}," : "";
    return R"({"type":"Sequence","normalizers":[)" + prepend + replace + "]}";
  }

  Result<void> finish_sentencepiece() {
    tokenizer_.fuse_unk = true;
    tokenizer_.normalizer = sentencepiece_normalizer();
    return generate_merges(tokenizer_, file_);
  }

  /// "left right"; a token may begin with a space, so the one between is not at the start.
  void take_merges(const VocabularyIndex& index) {
    const format::GgufArray* merges = metadata_.array("tokenizer.ggml.merges");
    if (merges == nullptr) return;
    for (const std::string& merge : merges->texts) {
      const std::size_t space = merge.find(' ', 1);
      if (space == std::string::npos || tokenizer_.merges.size() >= kMaxMerges) continue;
      const std::string left = merge.substr(0, space), right = merge.substr(space + 1);
      if (index.contains(left) && index.contains(right) && index.contains(left + right))
        tokenizer_.merges.emplace_back(left, right);
    }
  }

  const format::GgufMetadata& metadata_;
  const std::string& file_;
  const format::GgufArray* types_ = nullptr;
  const format::GgufArray* scores_ = nullptr;
  Tokenizer tokenizer_;
};

}  // namespace

Result<std::optional<Tokenizer>> read_gguf_tokenizer(const format::GgufMetadata& metadata,
                                                     const std::string& file) {
  return GgufTokenizer(metadata, file).read();
}

}  // namespace prov::model
