#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text_table.hpp"
#include "model/tokenizer/tokenizer.hpp"

namespace prov::model {

/// Token text to id. Views into the vocabulary it was made from.
using VocabularyIndex = base::TextTable;

/// The last entry wins where a text occurs twice (Unigram lists).
VocabularyIndex index_vocabulary(const Tokenizer& tokenizer);

/// The added tokens of a tokenizer, with the id rules of the `tokenizers` library 0.22: ids written
/// in files do not count; a token of the model's vocabulary keeps its id, a new one gets the next
/// free id. Free means: above the vocabulary's size and above what was added before the batch.
/// Adding a known token again replaces its flags. `index` must outlive it.
class AddedVocabulary {
 public:
  explicit AddedVocabulary(const VocabularyIndex& index, std::size_t vocabulary_size);

  /// Tokens that the library would add in one call.
  void begin_batch();
  /// The id inside `token` is ignored; so is a token without text.
  void add(AddedToken token);
  bool contains(std::string_view content) const;
  /// Of an added token or of the model's vocabulary.
  std::optional<std::uint32_t> id_of(std::string_view content) const;
  /// By ascending id.
  std::vector<AddedToken> tokens() const;

 private:
  const VocabularyIndex& index_;
  std::uint32_t vocabulary_size_, next_id_;
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::map<std::uint32_t, AddedToken> by_id_;
};

}  // namespace prov::model
