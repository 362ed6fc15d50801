#include "signals/voa.hpp"

#include "base/text_table.hpp"
#include "numeric/rounding.hpp"

namespace prov::signals {
namespace {

std::vector<std::string_view> texts_of(const model::KitTokenizer& tokenizer) {
  std::vector<std::string_view> texts;
  for (const auto& [text, id] : full_vocabulary(tokenizer.backend)) texts.push_back(text);
  return texts;
}

double share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return 0;
  return numeric::round_half_even_decimal(static_cast<double>(part) / static_cast<double>(whole),
                                          4);
}

}  // namespace

VocabularyOverlap vocabulary_overlap(const std::vector<std::string_view>& a,
                                     const std::vector<std::string_view>& b) {
  base::TextTable known(a.size());
  for (std::string_view text : a) known.insert(text);
  std::uint64_t common = 0;
  for (std::string_view text : b) common += known.contains(text);
  VocabularyOverlap overlap;
  overlap.size_a = a.size();
  overlap.size_b = b.size();
  overlap.common = common;
  overlap.jaccard = share(common, a.size() + b.size() - common);
  overlap.share_of_a = share(common, a.size());
  overlap.share_of_b = share(common, b.size());
  return overlap;
}

VocabularyOverlap vocabulary_overlap(const model::KitTokenizer& a, const model::KitTokenizer& b) {
  return vocabulary_overlap(texts_of(a), texts_of(b));
}

}  // namespace prov::signals
