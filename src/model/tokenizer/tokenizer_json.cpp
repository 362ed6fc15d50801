// tokenizer.json of the `tokenizers` library: {version, truncation, padding, added_tokens[],
// normalizer, pre_tokenizer, post_processor, decoder, model{type, vocab, merges, ...}}. Layout:
// docs/tokenizers.md.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "base/try.hpp"
#include "model/tokenizer/added_vocabulary.hpp"
#include "model/tokenizer/pipeline_part.hpp"
#include "model/tokenizer/serde_text.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

Error malformed(const std::string& file, std::string field, std::string message) {
  return {.code = ErrorCode::malformed,
          .message = std::move(message),
          .file = file,
          .field = std::move(field)};
}

template <class T>
std::optional<T> member(const element& parent, std::string_view key) {
  T value;
  if (parent[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

bool flag(const element& parent, std::string_view key, bool fallback = false) {
  return member<bool>(parent, key).value_or(fallback);
}

std::string part(const element& root, std::string_view key, PipelineStage stage) {
  element value;
  if (root[key].get(value) != simdjson::SUCCESS) return "null";
  return canonical_part(stage, value);
}

Result<TokenizerModel> model_kind(const element& model, const std::string& file) {
  static constexpr std::pair<std::string_view, TokenizerModel> kKinds[] = {
      {"BPE", TokenizerModel::bpe},
      {"Unigram", TokenizerModel::unigram},
      {"WordPiece", TokenizerModel::wordpiece},
      {"WordLevel", TokenizerModel::wordlevel}};
  if (const auto type = member<std::string_view>(model, "type")) {
    for (const auto& [name, kind] : kKinds) {
      if (*type == name) return kind;
    }
    return Error{.code = ErrorCode::unsupported,
                 .message = fmt::format("tokenizer model \"{}\" is not known", *type),
                 .file = file,
                 .field = "model.type"};
  }
  // Files from before the key: the library tries BPE, WordPiece, WordLevel, Unigram.
  if (member<array>(model, "vocab")) return TokenizerModel::unigram;
  if (member<array>(model, "merges")) return TokenizerModel::bpe;
  if (member<std::string_view>(model, "continuing_subword_prefix"))
    return TokenizerModel::wordpiece;
  if (member<object>(model, "vocab")) return TokenizerModel::wordlevel;
  return malformed(file, "model", "the tokenizer model has no vocabulary");
}

Result<VocabularyIndex> read_vocabulary_object(Tokenizer& tokenizer, const object& vocab,
                                               const std::string& file) {
  // size() saturates at 16777215, above the limit.
  if (vocab.size() > kMaxVocabulary) {
    return Error{.code = ErrorCode::too_large,
                 .message = "more tokens than any tokenizer has",
                 .file = file,
                 .field = "model.vocab"};
  }
  tokenizer.vocabulary.reserve(vocab.size());
  for (const auto entry : vocab) {
    std::uint64_t id = 0;
    if (entry.value.get(id) != simdjson::SUCCESS || id > kMaxTokenId) {
      return Error{.code = ErrorCode::out_of_range,
                   .message = "a token id is not an integer from 0 to 2147483647",
                   .file = file,
                   .field = fmt::format("model.vocab.{}", entry.key.substr(0, 80))};
    }
    tokenizer.vocabulary.emplace_back(entry.key, static_cast<std::uint32_t>(id));
  }
  return settle_vocabulary(tokenizer, file);
}

/// The scores as serde_json reads them; they need the digits, which the document tree no longer
/// has.
std::vector<double> library_scores(const simdjson::padded_string& text) {
  std::vector<double> scores;
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::array vocab;
  if (parser.iterate(text).get(document) != simdjson::SUCCESS) return scores;
  if (document["model"]["vocab"].get(vocab) != simdjson::SUCCESS) return scores;
  for (auto entry : vocab) {
    std::size_t column = 0;
    simdjson::ondemand::array pair;
    if (entry.get(pair) != simdjson::SUCCESS) return scores;
    for (auto cell : pair) {
      std::string_view digits;
      if (column++ == 1 && cell.raw_json_token().get(digits) == simdjson::SUCCESS) {
        digits = digits.substr(0, digits.find_last_not_of(" \t\r\n") + 1);
        scores.push_back(read_json_float(digits));
      }
    }
  }
  return scores;
}

Result<void> read_unigram(Tokenizer& tokenizer, const element& model,
                          const simdjson::padded_string& text, const std::string& file) {
  const auto vocab = member<array>(model, "vocab");
  if (!vocab)
    return malformed(file, "model.vocab", "a Unigram vocabulary is a list of [text, score]");
  for (const element entry : *vocab) {
    const std::size_t id = tokenizer.vocabulary.size();
    std::string_view token;
    double score = 0;
    array pair;
    if (id >= kMaxVocabulary || entry.get(pair) != simdjson::SUCCESS || pair.size() != 2 ||
        pair.at(0).get(token) != simdjson::SUCCESS || pair.at(1).get(score) != simdjson::SUCCESS ||
        token.size() > kMaxTokenBytes) {
      return malformed(file, fmt::format("model.vocab[{}]", id),
                       "a Unigram entry is not [text, score]");
    }
    tokenizer.vocabulary.emplace_back(token, static_cast<std::uint32_t>(id));
    tokenizer.written_scores.push_back(score);
  }
  tokenizer.scores = library_scores(text);
  if (tokenizer.scores.size() != tokenizer.written_scores.size())
    tokenizer.scores = tokenizer.written_scores;
  if (const auto unk = member<std::uint64_t>(model, "unk_id")) {
    if (*unk >= tokenizer.vocabulary.size())
      return malformed(file, "model.unk_id", "the unknown token does not exist");
    tokenizer.unk_id = static_cast<std::uint32_t>(*unk);
  }
  return {};
}

Result<void> read_merges(Tokenizer& tokenizer, const element& model, const VocabularyIndex& index,
                         const std::string& file) {
  const auto merges = member<array>(model, "merges");
  if (!merges) return malformed(file, "model.merges", "a BPE model has no list of merges");
  for (const element entry : *merges) {
    const std::string field = fmt::format("model.merges[{}]", tokenizer.merges.size());
    if (tokenizer.merges.size() >= kMaxMerges) {
      return Error{.code = ErrorCode::too_large,
                   .message = "more merges than any tokenizer has",
                   .file = file,
                   .field = "model.merges"};
    }
    std::string_view left, right, joined;
    array pair;
    if (entry.get(joined) == simdjson::SUCCESS) {
      if (joined.starts_with("#version")) continue;
      const std::size_t space = joined.find(' ');
      if (space == joined.npos || joined.find(' ', space + 1) != joined.npos) {
        return malformed(file, field, "a merge is not two texts with one space between");
      }
      left = joined.substr(0, space);
      right = joined.substr(space + 1);
    } else if (entry.get(pair) != simdjson::SUCCESS || pair.size() != 2 ||
               pair.at(0).get(left) != simdjson::SUCCESS ||
               pair.at(1).get(right) != simdjson::SUCCESS) {
      return malformed(file, field, "a merge is neither a text nor a pair of texts");
    }
    tokenizer.merges.emplace_back(left, right);
  }
  return settle_merges(tokenizer, index, file);
}

Result<VocabularyIndex> read_model(Tokenizer& tokenizer, const element& model,
                                   const simdjson::padded_string& text, const std::string& file) {
  PROV_TRY(tokenizer.model, model_kind(model, file));
  tokenizer.byte_fallback = flag(model, "byte_fallback");
  if (tokenizer.model == TokenizerModel::unigram) {
    PROV_CHECK(read_unigram(tokenizer, model, text, file));
    return index_vocabulary(tokenizer);
  }
  const auto vocab = member<object>(model, "vocab");
  if (!vocab)
    return malformed(file, "model.vocab", "the vocabulary is not an object of text and id");
  PROV_TRY(VocabularyIndex index, read_vocabulary_object(tokenizer, *vocab, file));
  if (const auto unk = member<std::string_view>(model, "unk_token")) {
    tokenizer.has_unk_token = true;
    tokenizer.unk_token = *unk;
  }
  if (const auto prefix = member<std::string_view>(model, "continuing_subword_prefix")) {
    tokenizer.continuing_subword_prefix = std::string(*prefix);
  }
  if (tokenizer.model == TokenizerModel::wordpiece) {
    const auto limit = member<std::uint64_t>(model, "max_input_chars_per_word").value_or(100);
    tokenizer.max_input_chars_per_word =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(limit, 0xFFFFFFFF));
  }
  if (tokenizer.model != TokenizerModel::bpe) return index;
  if (const auto suffix = member<std::string_view>(model, "end_of_word_suffix")) {
    tokenizer.end_of_word_suffix = std::string(*suffix);
  }
  tokenizer.dropout = member<double>(model, "dropout");
  tokenizer.fuse_unk = flag(model, "fuse_unk");
  tokenizer.ignore_merges = flag(model, "ignore_merges");
  PROV_CHECK(read_merges(tokenizer, model, index, file));
  return index;
}

Result<void> read_added_tokens(Tokenizer& tokenizer, const element& root,
                               const VocabularyIndex& index, const std::string& file) {
  const auto tokens = member<array>(root, "added_tokens");
  if (!tokens) return {};
  AddedVocabulary added(index, tokenizer.vocabulary.size());
  std::size_t position = 0;
  for (const element entry : *tokens) {
    const auto content = member<std::string_view>(entry, "content");
    if (!content || content->size() > kMaxTokenBytes || position >= kMaxVocabulary) {
      return malformed(file, fmt::format("added_tokens[{}].content", position),
                       "an added token has no usable text");
    }
    added.add({.content = std::string(*content),
               .single_word = flag(entry, "single_word"),
               .lstrip = flag(entry, "lstrip"),
               .rstrip = flag(entry, "rstrip"),
               .normalized = flag(entry, "normalized", true),
               .special = flag(entry, "special")});
    ++position;
  }
  tokenizer.added_tokens = added.tokens();
  return {};
}

}  // namespace

Result<Tokenizer> parse_tokenizer_json(std::string_view text, const std::string& file) {
  static constexpr PartField kTruncation[] = {
      {"direction", "\"Right\""}, {"max_length", ""}, {"strategy", ""}, {"stride", ""}};
  static constexpr PartField kPadding[] = {{"strategy", ""},           {"direction", ""},
                                           {"pad_to_multiple_of", ""}, {"pad_id", ""},
                                           {"pad_type_id", ""},        {"pad_token", ""}};
  const simdjson::padded_string padded(text);
  simdjson::dom::parser parser;
  element root;
  if (const auto error = parser.parse(padded).get(root)) {
    return Error{.code = ErrorCode::malformed,
                 .message = fmt::format("not valid JSON: {}", simdjson::error_message(error)),
                 .file = file,
                 .hint = "incomplete download?"};
  }
  element model, value;
  if (root["model"].get(model) != simdjson::SUCCESS)
    return malformed(file, "model", "not a tokenizer: no model in it");

  Tokenizer tokenizer;
  tokenizer.format = TokenizerFormat::tokenizer_json;
  tokenizer.files = {file};
  if (root["truncation"].get(value) == simdjson::SUCCESS)
    tokenizer.truncation = compact_members(value, kTruncation);
  if (root["padding"].get(value) == simdjson::SUCCESS)
    tokenizer.padding = compact_members(value, kPadding);
  tokenizer.normalizer = part(root, "normalizer", PipelineStage::normalizer);
  tokenizer.pre_tokenizer = part(root, "pre_tokenizer", PipelineStage::pre_tokenizer);
  tokenizer.post_processor = part(root, "post_processor", PipelineStage::post_processor);
  tokenizer.decoder = part(root, "decoder", PipelineStage::decoder);
  PROV_TRY(const VocabularyIndex index, read_model(tokenizer, model, padded, file));
  PROV_CHECK(read_added_tokens(tokenizer, root, index, file));
  return tokenizer;
}

}  // namespace prov::model
