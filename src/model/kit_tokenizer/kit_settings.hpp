#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/kit_tokenizer/kit_class.hpp"
#include "model/tokenizer/tokenizer.hpp"
#include "provenancekit/result.hpp"
#include "source/snapshot.hpp"

namespace prov::model {

/// The key is absent, null, or a token. Texts without flags are special and not normalised.
struct NamedSetting {
  bool present = false;
  std::optional<AddedToken> token;
};

/// What tokenizer_config.json, special_tokens_map.json and added_tokens.json say, joined as
/// transformers 5.5 joins them: the last two count only where the first has no
/// added_tokens_decoder.
struct KitSettings {
  std::string tokenizer_class;
  bool has_auto_map = false;
  std::array<NamedSetting, kNamedTokens> named;
  std::vector<std::pair<std::string, AddedToken>> model_tokens;  // further keys that end in _token
  std::optional<std::vector<AddedToken>>
      extra;  // extra_special_tokens, additional_special_tokens of tokenizer_config.json
  std::vector<AddedToken> legacy_extra;  // additional_special_tokens of special_tokens_map.json
  std::map<std::uint64_t, AddedToken> added;  // added_tokens_decoder, by id
  std::optional<bool> add_prefix_space, legacy, add_bos_token, add_eos_token, do_lower_case,
      strip_accents, tokenize_chinese_chars, trim_offsets, keep_accents;

  NamedSetting& operator[](NamedToken token) { return named[static_cast<std::size_t>(token)]; }
};

/// `tokenizer` gives the added tokens of tokenizer.json. Absent files are no error. Errors:
/// malformed, too_large.
Result<KitSettings> read_kit_settings(const source::Snapshot& snapshot,
                                      const std::optional<Tokenizer>& tokenizer);

}  // namespace prov::model
