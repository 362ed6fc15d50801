#include "model/tokenizer/tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "model/tokenizer/added_vocabulary.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

Result<std::string> read_file(const source::Snapshot& snapshot, std::string_view name) {
  PROV_TRY(auto file, snapshot.open(name));
  PROV_TRY(auto text, source::read_all(*file, kMaxTokenizerBytes));
  PROV_CHECK(file->verify_unchanged());
  return text;
}

}  // namespace

Result<VocabularyIndex> settle_vocabulary(Tokenizer& tokenizer, const std::string& file) {
  auto& vocabulary = tokenizer.vocabulary;
  if (vocabulary.size() > kMaxVocabulary) {
    return Error{.code = ErrorCode::too_large,
                 .message = "more tokens than any tokenizer has",
                 .file = file,
                 .field = "vocab"};
  }
  const auto by_id = [](const auto& a, const auto& b) { return a.second < b.second; };
  if (!std::is_sorted(vocabulary.begin(), vocabulary.end(), by_id)) {
    std::stable_sort(vocabulary.begin(), vocabulary.end(), by_id);
  }
  VocabularyIndex index(vocabulary.size());
  for (const auto& [text, id] : vocabulary) {
    if (text.size() > kMaxTokenBytes) {
      return Error{.code = ErrorCode::too_large,
                   .message = "a token of more than 64 KiB",
                   .file = file,
                   .field = fmt::format("vocab, id {}", id)};
    }
    if (!index.insert(text, id)) {
      return Error{.code = ErrorCode::duplicate,
                   .message = "a token occurs twice in the vocabulary",
                   .file = file,
                   .field = fmt::format("vocab.{}", text.substr(0, 80))};
    }
  }
  return index;
}

Result<void> settle_merges(Tokenizer& tokenizer, const VocabularyIndex& index,
                           const std::string& file) {
  const std::size_t prefix =
      tokenizer.continuing_subword_prefix ? tokenizer.continuing_subword_prefix->size() : 0;
  base::PairTable pairs(tokenizer.merges.size());
  std::string joined;
  bool repeated = false;
  for (std::size_t i = 0; i < tokenizer.merges.size(); ++i) {
    const auto& [left, right] = tokenizer.merges[i];
    joined = left;
    if (right.size() >= prefix) joined.append(right, prefix);
    const auto left_id = index.find(left), right_id = index.find(right), id = index.find(joined);
    if (!left_id || !right_id || !id) {
      return Error{.code = ErrorCode::malformed,
                   .message = "a merge joins texts that are not tokens",
                   .file = file,
                   .field = fmt::format("merges[{}]", i)};
    }
    repeated |= !pairs.insert(*left_id, *right_id, {static_cast<std::uint32_t>(i), *id});
  }
  if (!repeated) return {};
  // Equal merges collapse onto the last, whose rank the table holds.
  std::vector<std::pair<std::string, std::string>> kept;
  for (std::size_t i = 0; i < tokenizer.merges.size(); ++i) {
    auto& [left, right] = tokenizer.merges[i];
    const auto* last = pairs.find(*index.find(left), *index.find(right));
    if (last->rank == i) kept.emplace_back(std::move(left), std::move(right));
  }
  tokenizer.merges = std::move(kept);
  return {};
}

std::vector<std::pair<std::string_view, std::uint32_t>> full_vocabulary(
    const Tokenizer& tokenizer) {
  using Entry = std::pair<std::string_view, std::uint32_t>;
  std::vector<Entry> all;
  all.reserve(tokenizer.vocabulary.size() + tokenizer.added_tokens.size());
  base::TextTable added(tokenizer.added_tokens.size());
  for (const AddedToken& token : tokenizer.added_tokens) added.insert(token.content);
  // Only lists of pieces can name a text twice; the last one counts, as in the library.
  const bool may_repeat = tokenizer.model == TokenizerModel::unigram;
  const VocabularyIndex last = may_repeat ? index_vocabulary(tokenizer) : VocabularyIndex();
  for (const auto& [text, id] : tokenizer.vocabulary) {
    if (!added.contains(text) && (!may_repeat || last.find(text) == id)) all.emplace_back(text, id);
  }
  const auto middle = static_cast<std::ptrdiff_t>(all.size());
  for (const AddedToken& token : tokenizer.added_tokens) all.emplace_back(token.content, token.id);
  std::inplace_merge(all.begin(), all.begin() + middle, all.end(),
                     [](const Entry& a, const Entry& b) { return a.second < b.second; });
  return all;
}

Result<std::optional<Tokenizer>> read_tokenizer(const source::Snapshot& snapshot) {
  const auto found = [](Result<Tokenizer> read) -> Result<std::optional<Tokenizer>> {
    if (!read) return std::move(read).error();
    return std::optional<Tokenizer>(*std::move(read));
  };
  if (snapshot.contains("tokenizer.json")) {
    PROV_TRY(const std::string text, read_file(snapshot, "tokenizer.json"));
    return found(parse_tokenizer_json(text, "tokenizer.json"));
  }
  for (const char* name : {"tokenizer.model", "spiece.model", "sentencepiece.bpe.model"}) {
    if (!snapshot.contains(name)) continue;
    PROV_TRY(const std::string bytes, read_file(snapshot, name));
    if (looks_like_tiktoken(bytes)) return found(parse_tiktoken(bytes, name));
    return found(parse_sentencepiece(bytes, name));
  }
  for (const std::string& name : snapshot.list()) {
    if (!name.ends_with(".tiktoken")) continue;
    PROV_TRY(const std::string text, read_file(snapshot, name));
    return found(parse_tiktoken(text, name));
  }
  if (snapshot.contains("vocab.json") && snapshot.contains("merges.txt")) {
    PROV_TRY(const std::string vocab, read_file(snapshot, "vocab.json"));
    PROV_TRY(const std::string merges, read_file(snapshot, "merges.txt"));
    return found(parse_vocab_and_merges(vocab, "vocab.json", merges, "merges.txt"));
  }
  if (snapshot.contains("vocab.txt")) {
    PROV_TRY(const std::string text, read_file(snapshot, "vocab.txt"));
    return found(parse_vocab_txt(text, "vocab.txt"));
  }
  return std::optional<Tokenizer>();
}

}  // namespace prov::model
