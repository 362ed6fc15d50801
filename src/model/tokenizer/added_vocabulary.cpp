#include "model/tokenizer/added_vocabulary.hpp"

namespace prov::model {

VocabularyIndex index_vocabulary(const Tokenizer& tokenizer) {
  VocabularyIndex index(tokenizer.vocabulary.size());
  for (const auto& [text, id] : tokenizer.vocabulary) index.insert(text, id);
  return index;
}

AddedVocabulary::AddedVocabulary(const VocabularyIndex& index, std::size_t vocabulary_size)
    : index_(index),
      vocabulary_size_(static_cast<std::uint32_t>(vocabulary_size)),
      next_id_(vocabulary_size_) {}

void AddedVocabulary::begin_batch() {
  next_id_ = vocabulary_size_;
  if (by_id_.empty()) return;
  const std::uint32_t largest = by_id_.rbegin()->first;
  if (largest >= vocabulary_size_ || vocabulary_size_ == 0) next_id_ = largest + 1;
}

void AddedVocabulary::add(AddedToken token) {
  if (token.content.empty()) return;
  const auto known = id_of(token.content);
  token.id = known ? *known : next_id_++;
  ids_.try_emplace(token.content, token.id);
  by_id_[token.id] = std::move(token);
}

bool AddedVocabulary::contains(std::string_view content) const {
  return ids_.contains(std::string(content));
}

std::optional<std::uint32_t> AddedVocabulary::id_of(std::string_view content) const {
  if (const auto found = ids_.find(std::string(content)); found != ids_.end()) return found->second;
  return index_.find(content);
}

std::vector<AddedToken> AddedVocabulary::tokens() const {
  std::vector<AddedToken> tokens;
  for (const auto& [id, token] : by_id_) tokens.push_back(token);
  return tokens;
}

}  // namespace prov::model
