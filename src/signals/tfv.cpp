#include "signals/tfv.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "base/digest.hpp"
#include "base/utf8.hpp"
#include "numeric/rounding.hpp"
#include "signals/script_distribution.hpp"

namespace prov::signals {
namespace {

using numeric::round_half_even_decimal;

bool has_space_prefix(std::string_view text) {
  return text.starts_with(' ') || text.starts_with("\xC4\xA0") ||
         text.starts_with("\xE2\x96\x81");  // U+0120, U+2581
}

/// <0xHH>; one line feed may follow, as the kit's pattern lets it.
bool is_byte_token(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  return text.size() == 6 && text.starts_with("<0x") && is_hex(text[3]) && is_hex(text[4]) &&
         text[5] == '>';
}

void add_merge_features(TokenizerFeatures& features, const model::Tokenizer& tokenizer) {
  std::string all, first_fifty;
  for (std::size_t i = 0; i < tokenizer.merges.size(); ++i) {
    if (i == 50) first_fifty = all;
    if (i > 0) all += '\n';
    all += tokenizer.merges[i].first + ' ' + tokenizer.merges[i].second;
    if (i < 5)
      features.first_merges.push_back(tokenizer.merges[i].first + ' ' + tokenizer.merges[i].second);
  }
  if (tokenizer.merges.size() <= 50) first_fifty = all;
  features.num_merges = static_cast<std::int64_t>(tokenizer.merges.size());
  features.merge_rule_hash = base::sha256_hex(first_fifty);
  if (!all.empty()) features.all_merges_hash = base::sha256_hex(all);
}

void add_vocabulary_features(TokenizerFeatures& features,
                             const std::vector<std::string_view>& texts) {
  std::uint64_t characters = 0, single = 0, spaced = 0, bytes = 0, longest = 0;
  for (std::string_view text : texts) {
    const std::uint64_t length = base::count_code_points(text);
    characters += length;
    longest = std::max(longest, length);
    single += length == 1;
    spaced += has_space_prefix(text);
    bytes += is_byte_token(text);
  }
  const auto count = static_cast<double>(texts.size());
  const auto share = [count](std::uint64_t part) {
    return round_half_even_decimal(static_cast<double>(part) / count, 4);
  };
  features.single_character_share = share(single);
  features.average_length = round_half_even_decimal(static_cast<double>(characters) / count, 2);
  features.longest = static_cast<std::int64_t>(longest);
  features.space_prefix_share = share(spaced);
  features.byte_share = share(bytes);
  for (const auto& [script, part] : script_distribution(texts)) {
    features.scripts.emplace_back(script_name(script), part);
  }
}

/// 1 - |a - b| / max, 0 where both are 0.
double count_similarity(std::int64_t a, std::int64_t b) {
  const std::int64_t larger = std::max(a, b);
  if (larger == 0) return 0;
  // As doubles: what a stranger's record says may be too far apart for a difference of integers.
  const double apart = std::abs(static_cast<double>(a) - static_cast<double>(b));
  return 1 - apart / static_cast<double>(larger);
}

double script_similarity(const TokenizerFeatures& a, const TokenizerFeatures& b) {
  std::map<std::string, std::pair<double, double>> shares;  // sorted union of the names
  for (const auto& [name, share] : a.scripts) shares[name].first = share;
  for (const auto& [name, share] : b.scripts) shares[name].second = share;
  double dot = 0, squares_a = 0, squares_b = 0;
  for (const auto& [name, pair] : shares) {
    dot += pair.first * pair.second;
    squares_a += pair.first * pair.first;
    squares_b += pair.second * pair.second;
  }
  const double norms = std::sqrt(squares_a) * std::sqrt(squares_b);
  return norms > 1e-8 ? dot / norms : 0;
}

double merge_count_similarity(std::int64_t a, std::int64_t b) {
  if (a > 0 && b > 0) return count_similarity(a, b);
  return a == 0 && b == 0 ? 1 : 0;
}

double special_token_similarity(const TokenizerFeatures& a, const TokenizerFeatures& b) {
  int matches = 0, total = 0;
  const auto compare = [&](const std::optional<std::int64_t>& x,
                           const std::optional<std::int64_t>& y) {
    if (x.has_value() != y.has_value()) return;
    ++total;
    matches += x == y;
  };
  compare(a.pad_token_id, b.pad_token_id);
  compare(a.unk_token_id, b.unk_token_id);
  compare(a.mask_token_id, b.mask_token_id);
  return total == 0 ? 0.5 : static_cast<double>(matches) / total;
}

double all_merges_similarity(const TokenizerFeatures& a, const TokenizerFeatures& b) {
  if (a.all_merges_hash.empty() && b.all_merges_hash.empty()) return 0.5;
  return !a.all_merges_hash.empty() && a.all_merges_hash == b.all_merges_hash ? 1 : 0;
}

}  // namespace

TokenizerFeatures extract_tokenizer_features(const model::KitTokenizer& tokenizer) {
  TokenizerFeatures features;
  features.tokenizer_class = tokenizer.class_name;
  std::vector<std::string_view> texts;
  for (const auto& [text, id] : full_vocabulary(tokenizer.backend)) texts.push_back(text);
  if (texts.empty()) return features;
  features.vocab_size = static_cast<std::int64_t>(texts.size());
  features.bos_token_id = tokenizer.bos_token_id;
  features.eos_token_id = tokenizer.eos_token_id;
  features.pad_token_id = tokenizer.pad_token_id;
  features.unk_token_id = tokenizer.unk_token_id;
  features.mask_token_id = tokenizer.mask_token_id;
  features.num_added_tokens = static_cast<std::int64_t>(tokenizer.backend.added_tokens.size());
  features.num_special_tokens = static_cast<std::int64_t>(tokenizer.special_tokens.size());
  add_merge_features(features, tokenizer.backend);
  add_vocabulary_features(features, texts);
  return features;
}

double tokenizer_similarity(const TokenizerFeatures& a, const TokenizerFeatures& b) {
  const auto closeness = [](double x, double y) { return std::max(0.0, 1 - std::abs(x - y)); };
  const double longer = std::max({a.average_length, b.average_length, 1e-8});
  // The kit sums in this order; the order decides the last bit.
  double sum = 0;
  sum += 0.10 * (a.tokenizer_class == b.tokenizer_class);
  sum += 0.10 * count_similarity(a.vocab_size, b.vocab_size);
  sum += 0.08 * ((a.bos_token_id == b.bos_token_id) + (a.eos_token_id == b.eos_token_id)) / 2.0;
  sum += 0.07 * std::max(0.0, 1 - std::abs(a.average_length - b.average_length) / longer);
  sum += 0.05 * closeness(a.space_prefix_share, b.space_prefix_share);
  sum += 0.10 * script_similarity(a, b);
  sum += 0.05 * ((a.byte_share > 0) == (b.byte_share > 0));
  sum += 0.05 * merge_count_similarity(a.num_merges, b.num_merges);
  sum += 0.15 * (!a.merge_rule_hash.empty() && a.merge_rule_hash == b.merge_rule_hash);
  sum += 0.10 * special_token_similarity(a, b);
  sum += 0.15 * all_merges_similarity(a, b);
  return round_half_even_decimal(sum, 4);
}

}  // namespace prov::signals
