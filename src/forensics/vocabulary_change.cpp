#include "forensics/vocabulary_change.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "forensics/token_pairs.hpp"

namespace prov::forensics {
namespace {

using Vocabulary = std::unordered_map<std::string_view, std::uint32_t>;

Vocabulary vocabulary_of(const model::Tokenizer& tokenizer) {
  Vocabulary vocabulary;
  for (const auto& [text, id] : model::full_vocabulary(tokenizer)) vocabulary.emplace(text, id);
  return vocabulary;
}

std::uint32_t highest_id(const Vocabulary& vocabulary) {
  std::uint32_t highest = 0;
  for (const auto& [text, id] : vocabulary) highest = std::max(highest, id);
  return highest;
}

/// `larger` is `smaller` with tokens behind it.
bool appends(const Vocabulary& smaller, const Vocabulary& larger) {
  if (smaller.empty() || larger.size() <= smaller.size()) return false;
  const std::uint32_t last = highest_id(smaller);
  return std::ranges::all_of(larger, [&](const auto& entry) {
    const auto found = smaller.find(entry.first);
    return found == smaller.end() ? entry.second > last : found->second == entry.second;
  });
}

}  // namespace

VocabularyChange compare_vocabularies(const model::Model& a, const model::Model& b) {
  VocabularyChange change;
  const model::Tensor* embedding_a = find_token_embedding(a.checkpoint);
  const model::Tensor* embedding_b = find_token_embedding(b.checkpoint);
  if (embedding_a == nullptr || embedding_b == nullptr) return change;
  change.rows_a = embedding_a->rows();
  change.rows_b = embedding_b->rows();
  if (!a.tokenizer || !b.tokenizer) return change;
  change.known = true;
  const Vocabulary in_a = vocabulary_of(*a.tokenizer), in_b = vocabulary_of(*b.tokenizer);
  change.tokens_a = in_a.size();
  change.tokens_b = in_b.size();
  for (const auto& [text, id] : in_a) {
    const auto found = in_b.find(text);
    if (found == in_b.end()) continue;
    ++change.common;
    change.same_id += found->second == id;
  }
  change.b_appends = change.common == in_a.size() && appends(in_a, in_b);
  change.a_appends = change.common == in_b.size() && appends(in_b, in_a);
  return change;
}

}  // namespace prov::forensics
