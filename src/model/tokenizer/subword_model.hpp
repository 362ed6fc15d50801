#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "model/tokenizer/added_vocabulary.hpp"
#include "model/tokenizer/tokenizer.hpp"

namespace prov::model {

/// The model of a tokenizer: one pre-tokenised word to ids. Thread-safe once made. Views into the
/// tokenizer it was made from.
class SubwordModel {
 public:
  virtual ~SubwordModel() = default;
  virtual std::vector<std::uint32_t> encode(std::string_view word) const = 0;

 protected:
  SubwordModel(const Tokenizer& tokenizer, const VocabularyIndex& index)
      : tokenizer_(tokenizer), index_(index) {}

  std::optional<std::uint32_t> id_of(std::string_view text) const;
  /// The ids of <0x00> ... <0xFF> for each byte; empty unless all are in the vocabulary.
  std::vector<std::uint32_t> byte_ids(std::string_view text) const;

  const Tokenizer& tokenizer_;
  const VocabularyIndex& index_;
};

/// Null for TokenizerModel::none. Both arguments must outlive the model.
std::unique_ptr<SubwordModel> make_subword_model(const Tokenizer& tokenizer,
                                                 const VocabularyIndex& index);

}  // namespace prov::model
