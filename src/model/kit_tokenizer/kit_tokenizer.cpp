#include "model/kit_tokenizer/kit_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/digest.hpp"
#include "base/try.hpp"
#include "model/kit_tokenizer/backend_text.hpp"
#include "model/kit_tokenizer/kit_class.hpp"
#include "model/kit_tokenizer/kit_settings.hpp"
#include "model/kit_tokenizer/kit_template.hpp"
#include "model/tokenizer/added_vocabulary.hpp"
#include "model/tokenizer/serde_text.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

AddedToken plain_token(std::string_view text) {
  return {.content = std::string(text), .normalized = false, .special = true};
}

bool has_tokenizer_json(const std::optional<Tokenizer>& tokenizer) {
  return tokenizer && tokenizer->format == TokenizerFormat::tokenizer_json;
}

/// Named tokens that neither the files nor the user set get the defaults of the class.
void apply_defaults(KitSettings& settings, const ClassTemplate* shape,
                    const std::optional<Tokenizer>& files) {
  Defaults defaults = shape ? shape->defaults : Defaults{};
  if (!shape && files) {  // what a SentencePiece model names itself
    const auto text = [](const std::optional<std::string>& piece) -> std::string_view {
      if (!piece) return {};
      return *piece;
    };
    defaults = {text(files->bos_piece), text(files->eos_piece), text(files->unk_piece)};
  }
  for (std::size_t i = 0; i < kNamedTokens; ++i) {
    if (!settings.named[i].present && !defaults[i].empty())
      settings.named[i] = {true, plain_token(defaults[i])};
  }
  // Padding settings inside tokenizer.json name a pad token where nothing else does.
  const bool takes_pad = shape && (shape->pad_parameter ||
                                   !defaults[static_cast<std::size_t>(NamedToken::pad)].empty());
  if (files && !settings[NamedToken::pad].present && !takes_pad) {
    if (const auto text = padding_token(*files))
      settings[NamedToken::pad] = {true, plain_token(*text)};
  }
  if (shape) {
    // The class's own further tokens come first; a written one replaces the text of its key.
    std::vector<std::pair<std::string, AddedToken>> joined;
    for (const auto& [key, text] : shape->model_tokens) joined.emplace_back(key, plain_token(text));
    for (auto& [key, token] : settings.model_tokens) {
      const auto same = std::find_if(joined.begin(), joined.end(),
                                     [&](const auto& entry) { return entry.first == key; });
      if (same != joined.end()) {
        same->second = std::move(token);
      } else {
        joined.emplace_back(key, std::move(token));
      }
    }
    settings.model_tokens = std::move(joined);
  }
}

/// Further special tokens: those of tokenizer_config.json hide all others.
std::vector<AddedToken> extra_tokens(const KitSettings& settings, const ClassTemplate* shape,
                                     const std::optional<Tokenizer>& files) {
  if (settings.extra) return *settings.extra;
  std::vector<AddedToken> extra = settings.legacy_extra;
  if (files && files->format == TokenizerFormat::sentencepiece) extra = files->added_tokens;
  if (!shape) return extra;
  const bool has_extra_ids = std::any_of(extra.begin(), extra.end(), [](const AddedToken& token) {
    return token.content.find("<extra_id_") != std::string::npos;
  });
  for (int i = 0; i < shape->extra_ids && !has_extra_ids; ++i) {
    extra.push_back(plain_token(fmt::format("<extra_id_{}>", i)));
  }
  for (const auto& [key, text] : shape->model_tokens) extra.push_back(plain_token(text));
  return extra;
}

/// All special tokens in the order in which the class adds and lists them.
std::vector<AddedToken> special_tokens(const KitSettings& settings) {
  std::vector<AddedToken> tokens;
  for (const NamedSetting& named : settings.named) {
    if (named.token) tokens.push_back(*named.token);
  }
  for (const auto& [key, token] : settings.model_tokens) tokens.push_back(token);
  return tokens;
}

/// The added tokens of the finished tokenizer: those of the backend, then those of the files by id,
/// then special tokens that are still missing.
void add_tokens(AddedVocabulary& vocabulary, const std::vector<AddedToken>& of_backend,
                const KitSettings& settings, const std::vector<AddedToken>& extra,
                Renewal renewal) {
  for (const AddedToken& token : of_backend) vocabulary.add(token);
  vocabulary.begin_batch();
  const auto named = special_tokens(settings);
  std::unordered_set<std::string_view> names;
  for (const AddedToken& token : named) names.insert(token.content);
  for (const auto& [id, token] : settings.added) {
    AddedToken added = token;
    if (!added.special) added.special = names.contains(added.content);
    vocabulary.add(std::move(added));
  }
  for (AddedToken token : named) {
    token.special = true;
    if (!vocabulary.contains(token.content)) vocabulary.add(std::move(token));
  }
  for (const AddedToken& token : extra) {
    if (!vocabulary.contains(token.content)) vocabulary.add(token);
  }
  const auto renew = [&](AddedToken token) {
    if (renewal == Renewal::plain) token = plain_token(token.content);
    token.special = true;
    if (renewal != Renewal::none) vocabulary.add(std::move(token));
  };
  for (const AddedToken& token : named) renew(token);
  for (const AddedToken& token : extra) renew(token);
}

/// The default post-processor: what the bos and eos switches ask for.
std::string default_processor(const KitSettings& settings, const AddedVocabulary& vocabulary,
                              bool add_bos, bool add_eos) {
  const auto& bos = settings.named[static_cast<std::size_t>(NamedToken::bos)].token;
  const auto& eos = settings.named[static_cast<std::size_t>(NamedToken::eos)].token;
  add_bos = add_bos && bos;
  add_eos = add_eos && eos;
  const std::string single =
      std::string(add_bos ? "bos:0 " : "") + "A:0" + (add_eos ? " eos:0" : "");
  const std::string pair = single + (add_bos ? " bos:1" : "") + " B:1" + (add_eos ? " eos:1" : "");
  return template_processing(single, pair, settings, vocabulary);
}

std::string post_processor(const KitTokenizer& kit, const ClassTemplate* shape,
                           const KitSettings& settings, const AddedVocabulary& vocabulary,
                           bool from_tokenizer_json) {
  const bool file_has_one = kit.backend.post_processor != "null";
  // The switches of tokenizer_config.json count only where there is no tokenizer.json.
  const bool written = !from_tokenizer_json && (settings.add_bos_token || settings.add_eos_token);
  const bool always_bos = shape && shape->always_add_bos;
  if (shape && shape->roberta_processing) return roberta_processing(*shape, settings, vocabulary);
  if (shape && !shape->single.empty() &&
      !(shape->file_processor_wins && (file_has_one || written))) {
    return template_processing(shape->single, shape->pair, settings, vocabulary);
  }
  if (!always_bos && !written) {
    if (file_has_one) return kit.backend.post_processor;
    if (shape && !shape->processor_without_file.empty())
      return std::string(shape->processor_without_file);
  }
  const bool add_bos = written ? settings.add_bos_token.value_or(always_bos) : always_bos;
  const bool add_eos = written && settings.add_eos_token.value_or(false);
  return default_processor(settings, vocabulary, add_bos, add_eos);
}

std::optional<std::int64_t> id_of(const KitSettings& settings, NamedToken name,
                                  const AddedVocabulary& vocabulary) {
  const auto& token = settings.named[static_cast<std::size_t>(name)].token;
  if (!token) return std::nullopt;
  const auto id = vocabulary.id_of(token->content);
  if (!id) return std::nullopt;
  return std::int64_t{*id};
}

/// What the class makes of the files at hand, and notes where the kit would not.
struct Choice {
  const ClassTemplate* shape;
  const std::optional<Tokenizer>* files;
};

Choice choose(const ResolvedClass& resolved, const std::optional<Tokenizer>& files,
              std::vector<std::string>& notes) {
  static const std::optional<Tokenizer> kNothing;
  const ClassTemplate* shape = find_template(resolved.name);
  if (!resolved.has_backend) {
    notes.push_back(
        fmt::format("{} is written in Python: its hash cannot be reproduced", resolved.name));
  } else if (!shape && resolved.name != kGenericClass) {
    notes.push_back(fmt::format(
        "the template of {} is not known: the tokenizer is taken as its file", resolved.name));
  }
  if (!files) return {shape, &kNothing};
  if (files->format == TokenizerFormat::tiktoken) {
    notes.push_back(
        "a file of tiktoken ranks: vocabulary and ids hold, the hash is not the published kit's");
    return {nullptr, &files};
  }
  if (files->format == TokenizerFormat::gguf) {
    notes.push_back(
        "the tokenizer of a GGUF: vocabulary and ids hold, the hash is not the published kit's");
    return {nullptr, &files};
  }
  const bool plain = files->format == TokenizerFormat::vocab_and_merges ||
                     files->format == TokenizerFormat::vocab_txt;
  if (!shape) {
    if (plain)
      notes.push_back("the published kit stops here: the generic class reads no such vocabulary");
    return {nullptr, &files};
  }
  const VocabularyFiles kind = files->format == TokenizerFormat::vocab_txt
                                   ? VocabularyFiles::vocab_txt
                                   : VocabularyFiles::vocab_and_merges;
  if (plain && shape->reads != kind) {
    notes.push_back(fmt::format("the published kit sees an empty tokenizer: {} does not read {}",
                                resolved.name, files->files.front()));
    return {shape, &kNothing};
  }
  if (shape->model == TokenizerModel::unigram && files->model != TokenizerModel::unigram &&
      has_tokenizer_json(files)) {
    notes.push_back(fmt::format(
        "the published kit stops here: {} cannot be made of this vocabulary", resolved.name));
    return {nullptr, &files};
  }
  return {shape, &files};
}

}  // namespace

Result<std::optional<KitTokenizer>> build_kit_tokenizer(const source::Snapshot& snapshot,
                                                        const std::optional<Tokenizer>& tokenizer,
                                                        const KitTokenizerFacts& facts) {
  PROV_TRY(KitSettings settings, read_kit_settings(snapshot, tokenizer));
  const ResolvedClass resolved = resolve_class({.model_type = facts.model_type,
                                                .written = settings.tokenizer_class,
                                                .config_written = facts.config_tokenizer_class,
                                                .has_auto_map = settings.has_auto_map});
  KitTokenizer kit;
  kit.class_name = resolved.name;
  if (settings.has_auto_map)
    kit.notes.push_back("the repository names its own tokenizer code, which is never run");
  const auto [shape, chosen] = choose(resolved, tokenizer, kit.notes);
  const std::optional<Tokenizer>& files = *chosen;
  if (!shape && !files) return std::optional<KitTokenizer>();

  apply_defaults(settings, shape, files);
  if (shape) {
    PROV_TRY(kit.backend, rebuild(*shape, settings, files));
  } else {
    kit.backend = generic_backend(*files, settings);
  }
  const VocabularyIndex index = index_vocabulary(kit.backend);
  AddedVocabulary vocabulary(index, kit.backend.vocabulary.size());
  const auto extra = extra_tokens(settings, shape, files);
  add_tokens(vocabulary, kit.backend.added_tokens, settings, extra,
             shape ? shape->renewal : Renewal::none);
  kit.backend.added_tokens = vocabulary.tokens();
  kit.backend.post_processor =
      post_processor(kit, shape, settings, vocabulary, has_tokenizer_json(files));

  kit.bos_token_id = id_of(settings, NamedToken::bos, vocabulary);
  kit.eos_token_id = id_of(settings, NamedToken::eos, vocabulary);
  kit.pad_token_id = id_of(settings, NamedToken::pad, vocabulary);
  kit.unk_token_id = id_of(settings, NamedToken::unk, vocabulary);
  kit.mask_token_id = id_of(settings, NamedToken::mask, vocabulary);
  auto listed = special_tokens(settings);
  listed.insert(listed.end(), extra.begin(), extra.end());
  std::unordered_set<std::string_view> seen;
  for (const AddedToken& token : listed) {
    if (seen.insert(token.content).second) kit.special_tokens.push_back(token.content);
  }
  kit.hash = base::sha256_hex(backend_text(kit.backend));
  return std::optional<KitTokenizer>(std::move(kit));
}

}  // namespace prov::model
