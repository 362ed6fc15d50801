#include "model/tokenizer/subword_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/utf8.hpp"

namespace prov::model {
namespace {

using Ids = std::vector<std::uint32_t>;

/// Byte-pair encoding: characters first, then the merge of least rank until none applies (Sennrich
/// et al. 2016).
class BytePairModel final : public SubwordModel {
 public:
  BytePairModel(const Tokenizer& tokenizer, const VocabularyIndex& index)
      : SubwordModel(tokenizer, index), merges_(tokenizer.merges.size()) {
    const std::size_t prefix = tokenizer.continuing_subword_prefix.value_or("").size();
    std::string joined;
    for (std::size_t rank = 0; rank < tokenizer.merges.size(); ++rank) {
      const auto& [left, right] = tokenizer.merges[rank];
      joined = left;
      if (right.size() >= prefix) joined.append(right, prefix);
      const auto left_id = id_of(left), right_id = id_of(right), joined_id = id_of(joined);
      if (!left_id || !right_id || !joined_id) continue;
      merges_.insert(*left_id, *right_id, {static_cast<std::uint32_t>(rank), *joined_id});
    }
  }

  Ids encode(std::string_view word) const override {
    if (tokenizer_.ignore_merges) {
      if (const auto whole = id_of(word)) return {*whole};
    }
    Ids ids = characters(word);
    while (ids.size() > 1) {
      std::size_t best = ids.size();
      base::PairTable::Value merge;
      for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
        const auto* found = merges_.find(ids[i], ids[i + 1]);
        if (!found || (best < ids.size() && found->rank >= merge.rank)) continue;
        best = i;
        merge = *found;
      }
      if (best == ids.size()) break;
      ids[best] = merge.id;
      ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    }
    return ids;
  }

 private:
  Ids characters(std::string_view word) const {
    Ids ids;
    bool last_was_unknown = false;
    for (std::size_t at = 0; at < word.size();) {
      const std::size_t length = base::decode_utf8(word, at).length;
      const std::string_view character = word.substr(at, length);
      std::string text(at > 0 ? tokenizer_.continuing_subword_prefix.value_or("") : "");
      text += character;
      if (at + length == word.size()) text += tokenizer_.end_of_word_suffix.value_or("");
      at += length;
      if (const auto id = id_of(text)) {
        ids.push_back(*id);
        last_was_unknown = false;
        continue;
      }
      if (tokenizer_.byte_fallback) {
        if (const Ids bytes = byte_ids(text); !bytes.empty()) {
          ids.insert(ids.end(), bytes.begin(), bytes.end());
          last_was_unknown = false;
          continue;
        }
      }
      const auto unknown = tokenizer_.has_unk_token ? id_of(tokenizer_.unk_token) : std::nullopt;
      if (unknown && !(tokenizer_.fuse_unk && last_was_unknown)) ids.push_back(*unknown);
      last_was_unknown = unknown.has_value();
    }
    return ids;
  }

  base::PairTable merges_;
};

/// The most probable row of pieces, by dynamic programming over the end of the last piece (Kudo
/// 2018).
class UnigramModel final : public SubwordModel {
 public:
  UnigramModel(const Tokenizer& tokenizer, const VocabularyIndex& index)
      : SubwordModel(tokenizer, index) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < tokenizer.vocabulary.size(); ++i) {
      longest_ = std::max(longest_, tokenizer.vocabulary[i].first.size());
      least = std::min(least, tokenizer.scores[i]);
    }
    longest_ = std::min(longest_, std::size_t{512});
    unknown_score_ = least - 10.0;  // the penalty of SentencePiece
  }

  Ids encode(std::string_view word) const override {
    struct Node {
      double score = -std::numeric_limits<double>::infinity();
      std::size_t begin = 0;
      std::uint32_t id = 0;
      bool reached = false, unknown = false;
    };
    std::vector<Node> nodes(word.size() + 1);
    nodes[0] = {.score = 0, .reached = true};
    const auto offer = [&](std::size_t begin, std::size_t end, double score, std::uint32_t id,
                           bool unknown) {
      Node& node = nodes[end];
      if (!node.reached || score > node.score) node = {score, begin, id, true, unknown};
    };
    for (std::size_t begin = 0; begin < word.size();) {
      const std::size_t character = base::decode_utf8(word, begin).length;
      const double here = nodes[begin].score;
      bool single = false;
      for (std::size_t end = begin + character; end <= word.size() && end - begin <= longest_;) {
        if (const auto id = id_of(word.substr(begin, end - begin))) {
          offer(begin, end, here + score_of(*id), *id, false);
          single |= end == begin + character;
        }
        if (end == word.size()) break;
        end += base::decode_utf8(word, end).length;
      }
      if (!single)
        offer(begin, begin + character, here + unknown_score_, tokenizer_.unk_id.value_or(0), true);
      begin += character;
    }
    Ids ids;
    for (std::size_t end = word.size(); end > 0;) {
      const std::size_t last = end;
      std::size_t begin = nodes[end].begin;
      if (!nodes[end].unknown) {
        ids.push_back(nodes[end].id);
      } else {
        // Unknown characters in a row are one unknown piece.
        while (begin > 0 && nodes[begin].unknown) begin = nodes[begin].begin;
        append_unknown(ids, word.substr(begin, last - begin));
      }
      end = begin;
    }
    std::reverse(ids.begin(), ids.end());
    return ids;
  }

 private:
  double score_of(std::uint32_t id) const {
    return id < tokenizer_.scores.size() ? tokenizer_.scores[id] : 0;
  }

  /// Backwards, as the caller collects.
  void append_unknown(Ids& ids, std::string_view text) const {
    const Ids bytes = tokenizer_.byte_fallback ? byte_ids(text) : Ids{};
    if (!bytes.empty()) {
      ids.insert(ids.end(), bytes.rbegin(), bytes.rend());
    } else if (tokenizer_.unk_id) {
      ids.push_back(*tokenizer_.unk_id);
    }
  }

  std::size_t longest_ = 0;
  double unknown_score_ = 0;
};

/// Longest match first, from the left; a word that does not come out even is unknown as a whole.
class WordPieceModel final : public SubwordModel {
 public:
  WordPieceModel(const Tokenizer& tokenizer, const VocabularyIndex& index)
      : SubwordModel(tokenizer, index) {}

  Ids encode(std::string_view word) const override {
    const auto unknown = id_of(tokenizer_.unk_token);
    Ids whole_unknown = unknown ? Ids{*unknown} : Ids{};
    if (base::count_code_points(word) > tokenizer_.max_input_chars_per_word) return whole_unknown;
    const std::string prefix = tokenizer_.continuing_subword_prefix.value_or("##");
    Ids ids;
    for (std::size_t begin = 0; begin < word.size();) {
      std::optional<std::uint32_t> id;
      std::size_t end = word.size();
      for (; end > begin; --end) {
        const bool inside_character =
            end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80;
        if (inside_character) continue;
        const std::string_view piece = word.substr(begin, end - begin);
        id = begin == 0 ? id_of(piece) : id_of(prefix + std::string(piece));
        if (id) break;
      }
      if (!id) return whole_unknown;
      ids.push_back(*id);
      begin = end;
    }
    return ids;
  }
};

class WordLevelModel final : public SubwordModel {
 public:
  WordLevelModel(const Tokenizer& tokenizer, const VocabularyIndex& index)
      : SubwordModel(tokenizer, index) {}

  Ids encode(std::string_view word) const override {
    auto id = id_of(word);
    if (!id) id = id_of(tokenizer_.unk_token);
    return id ? Ids{*id} : Ids{};
  }
};

}  // namespace

std::optional<std::uint32_t> SubwordModel::id_of(std::string_view text) const {
  return index_.find(text);
}

std::vector<std::uint32_t> SubwordModel::byte_ids(std::string_view text) const {
  std::vector<std::uint32_t> ids;
  for (char byte : text) {
    const auto id = id_of(fmt::format("<0x{:02X}>", static_cast<unsigned char>(byte)));
    if (!id) return {};
    ids.push_back(*id);
  }
  return ids;
}

std::unique_ptr<SubwordModel> make_subword_model(const Tokenizer& tokenizer,
                                                 const VocabularyIndex& index) {
  switch (tokenizer.model) {
    case TokenizerModel::none:
      return nullptr;
    case TokenizerModel::bpe:
      return std::make_unique<BytePairModel>(tokenizer, index);
    case TokenizerModel::unigram:
      return std::make_unique<UnigramModel>(tokenizer, index);
    case TokenizerModel::wordpiece:
      return std::make_unique<WordPieceModel>(tokenizer, index);
    case TokenizerModel::wordlevel:
      return std::make_unique<WordLevelModel>(tokenizer, index);
  }
  return nullptr;
}

}  // namespace prov::model
