#include "model/kit_tokenizer/kit_settings.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "base/try.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::uint64_t kMaxSettingsBytes = std::uint64_t{64} << 20;

/// A JSON object file; nothing if the snapshot has none. The parser owns what it returns.
Result<std::optional<object>> read_object(const source::Snapshot& snapshot, const std::string& name,
                                          simdjson::dom::parser& parser) {
  if (!snapshot.contains(name)) return std::optional<object>();
  PROV_TRY(auto file, snapshot.open(name));
  PROV_TRY(const std::string text, source::read_all(*file, kMaxSettingsBytes));
  object root;
  if (const auto error = parser.parse(simdjson::padded_string(text)).get(root)) {
    return Error{.code = ErrorCode::malformed,
                 .message = fmt::format("not a JSON object: {}", simdjson::error_message(error)),
                 .file = name,
                 .hint = "incomplete download?"};
  }
  return std::optional<object>(root);
}

std::optional<bool> optional_bool(const object& root, std::string_view key) {
  bool value = false;
  if (root.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

AddedToken plain_token(std::string_view text) {
  return {.content = std::string(text), .normalized = false, .special = true};
}

/// A token written as a text or as an object with flags.
std::optional<AddedToken> read_token(const element& value, bool special) {
  std::string_view content;
  if (value.get(content) == simdjson::SUCCESS) return plain_token(content);
  if (value["content"].get(content) != simdjson::SUCCESS) return std::nullopt;
  AddedToken token{.content = std::string(content)};
  const auto flag = [&](std::string_view key, bool fallback) {
    bool written = false;
    return value[key].get(written) == simdjson::SUCCESS ? written : fallback;
  };
  token.special = special || flag("special", false);
  token.single_word = flag("single_word", false);
  token.lstrip = flag("lstrip", false);
  token.rstrip = flag("rstrip", false);
  token.normalized = flag("normalized", !token.special);
  return token;
}

std::optional<std::size_t> named_index(std::string_view key) {
  const auto found = std::find(kNamedTokenKeys.begin(), kNamedTokenKeys.end(), key);
  if (found == kNamedTokenKeys.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kNamedTokenKeys.begin());
}

/// A special token of a name of its own; real tokenizers have a handful.
Result<void> set_model_token(KitSettings& settings, std::string_view key, AddedToken token) {
  constexpr std::size_t kMostTokens = 1024;
  auto& tokens = settings.model_tokens;
  const auto found = std::find_if(tokens.begin(), tokens.end(),
                                  [&](const auto& entry) { return entry.first == key; });
  if (found != tokens.end()) {
    found->second = std::move(token);
  } else if (tokens.size() < kMostTokens) {
    tokens.emplace_back(std::string(key), std::move(token));
  } else {
    return Error{.code = ErrorCode::too_large,
                 .message = "more named special tokens than any tokenizer has",
                 .file = "tokenizer_config.json",
                 .field = std::string(key.substr(0, 80))};
  }
  return {};
}

/// Named and further tokens of tokenizer_config.json or special_tokens_map.json.
Result<void> read_special_tokens(KitSettings& settings, const object& root, bool special) {
  for (const auto entry : root) {
    if (!entry.key.ends_with("_token")) continue;
    auto token = read_token(entry.value, special);
    if (const auto index = named_index(entry.key)) {
      if (token || entry.value.is_null()) settings.named[*index] = {true, std::move(token)};
    } else if (token) {
      PROV_CHECK(set_model_token(settings, entry.key, *std::move(token)));
    }
  }
  return {};
}

/// Appends the tokens of a list that `tokens` lacks. An object holds named ones, which go to the
/// further tokens; then false.
Result<bool> read_extra(KitSettings& settings, const element& value,
                        std::vector<AddedToken>& tokens) {
  object named;
  array list;
  if (value.get(named) == simdjson::SUCCESS) {
    for (const auto entry : named) {
      auto token = read_token(entry.value, false);
      if (token) PROV_CHECK(set_model_token(settings, entry.key, *std::move(token)));
    }
    return false;
  }
  std::unordered_set<std::string> known;
  for (const AddedToken& token : tokens) known.insert(token.content);
  if (value.get(list) == simdjson::SUCCESS) {
    for (const element item : list) {
      auto token = read_token(item, false);
      if (token && known.insert(token->content).second) tokens.push_back(*std::move(token));
    }
  }
  return true;
}

/// True if the file has the key.
bool read_added_tokens_decoder(KitSettings& settings, const object& root) {
  object decoder;
  if (root.at_key("added_tokens_decoder").get(decoder) != simdjson::SUCCESS) return false;
  for (const auto entry : decoder) {
    std::uint64_t id = 0;
    const auto parsed = std::from_chars(entry.key.data(), entry.key.data() + entry.key.size(), id);
    auto token = read_token(entry.value, false);
    if (parsed.ec == std::errc() && token) settings.added[id] = *std::move(token);
  }
  return true;
}

Result<void> read_tokenizer_config(KitSettings& settings, const object& root) {
  std::string_view text;
  element value;
  if (root.at_key("tokenizer_class").get(text) == simdjson::SUCCESS)
    settings.tokenizer_class = text;
  if (root.at_key("auto_map").get(value) == simdjson::SUCCESS) {
    settings.has_auto_map = value.is_array() || value["AutoTokenizer"].error() == simdjson::SUCCESS;
  }
  PROV_CHECK(read_special_tokens(settings, root, false));
  for (const char* key : {"additional_special_tokens", "extra_special_tokens"}) {
    if (root.at_key(key).get(value) != simdjson::SUCCESS) continue;
    std::vector<AddedToken> extra;
    PROV_TRY(const bool is_list, read_extra(settings, value, extra));
    if (is_list) settings.extra = std::move(extra);
  }
  settings.add_prefix_space = optional_bool(root, "add_prefix_space");
  settings.legacy = optional_bool(root, "legacy");
  settings.add_bos_token = optional_bool(root, "add_bos_token");
  settings.add_eos_token = optional_bool(root, "add_eos_token");
  settings.do_lower_case = optional_bool(root, "do_lower_case");
  settings.strip_accents = optional_bool(root, "strip_accents");
  settings.tokenize_chinese_chars = optional_bool(root, "tokenize_chinese_chars");
  settings.trim_offsets = optional_bool(root, "trim_offsets");
  settings.keep_accents = optional_bool(root, "keep_accents");
  return {};
}

void read_added_tokens(KitSettings& settings, const object& root) {
  std::unordered_set<std::string_view> specials;
  for (const NamedSetting& named : settings.named) {
    if (named.token) specials.insert(named.token->content);
  }
  if (settings.extra) {
    for (const AddedToken& token : *settings.extra) specials.insert(token.content);
  }
  for (const auto entry : root) {
    std::uint64_t id = 0;
    if (entry.value.get(id) != simdjson::SUCCESS) continue;
    const bool special = specials.contains(entry.key);
    settings.added[id] = {
        .content = std::string(entry.key), .normalized = !special, .special = special};
  }
}

Result<void> read_special_tokens_map(KitSettings& settings, const object& root) {
  PROV_CHECK(read_special_tokens(settings, root, true));
  element value;
  if (root.at_key("additional_special_tokens").get(value) == simdjson::SUCCESS) {
    PROV_CHECK(read_extra(settings, value, settings.legacy_extra));
  }
  if (root.at_key("extra_special_tokens").get(value) == simdjson::SUCCESS) {
    std::vector<AddedToken> extra = settings.extra.value_or(std::vector<AddedToken>{});
    PROV_TRY(const bool is_list, read_extra(settings, value, extra));
    if (is_list) settings.extra = std::move(extra);
  }
  return {};
}

}  // namespace

Result<KitSettings> read_kit_settings(const source::Snapshot& snapshot,
                                      const std::optional<Tokenizer>& tokenizer) {
  KitSettings settings;
  bool complete = false;
  simdjson::dom::parser parser;
  PROV_TRY(const auto config, read_object(snapshot, "tokenizer_config.json", parser));
  if (config) {
    PROV_CHECK(read_tokenizer_config(settings, *config));
    complete = read_added_tokens_decoder(settings, *config);
  }
  if (!complete) {
    PROV_TRY(const auto map, read_object(snapshot, "special_tokens_map.json", parser));
    if (map) PROV_CHECK(read_special_tokens_map(settings, *map));
    PROV_TRY(const auto added, read_object(snapshot, "added_tokens.json", parser));
    if (added) read_added_tokens(settings, *added);
    if (tokenizer && tokenizer->format == TokenizerFormat::tokenizer_json) {
      for (const AddedToken& token : tokenizer->added_tokens) settings.added[token.id] = token;
    }
  }
  // A named token that is also an added token takes the flags of the latter.
  for (NamedSetting& named : settings.named) {
    if (!named.token) continue;
    for (const auto& [id, token] : settings.added) {
      if (token.content == named.token->content) named.token = token;
    }
  }
  return settings;
}

}  // namespace prov::model
