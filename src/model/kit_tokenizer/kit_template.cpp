#include "model/kit_tokenizer/kit_template.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "base/try.hpp"
#include "model/tokenizer/serde_text.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

std::string json_quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string replaced(std::string_view text, std::string_view mark, std::string_view value) {
  std::string out(text);
  for (std::size_t at = 0; (at = out.find(mark, at)) != std::string::npos; at += value.size()) {
    out.replace(at, mark.size(), value);
  }
  return out;
}

std::string_view json_bool(bool value) { return value ? "true" : "false"; }

std::string filled(std::string_view text, const ClassTemplate& shape, const KitSettings& settings,
                   bool space) {
  // Llama tokenizers that call themselves legacy prepend to every word, not to the first alone.
  std::string_view scheme = space ? shape.scheme_with_space : shape.scheme_without_space;
  if (shape.name == "LlamaTokenizer" && space && settings.legacy.value_or(false)) scheme = "always";
  std::string out = replaced(text, "@space@", json_bool(space));
  out = replaced(out, "@scheme@", scheme);
  out = replaced(out, "@chinese@", json_bool(settings.tokenize_chinese_chars.value_or(true)));
  out = replaced(out, "@accents@",
                 settings.strip_accents ? json_bool(*settings.strip_accents) : "null");
  const bool lower = settings.do_lower_case.value_or(true),
             accents = settings.keep_accents.value_or(false);
  out = replaced(out, "@lowercase@", lower ? R"({"type":"Lowercase"},)" : "");
  out = replaced(out, "@without_accents@",
                 accents ? "" : R"({"type":"NFKD"},{"type":"StripAccents"},)");
  return replaced(out, "@lower@", json_bool(lower));
}

/// The value of "precompiled_charsmap" in a normalizer, with its quotes; empty if there is none.
std::string_view precompiled_charsmap(std::string_view normalizer) {
  static constexpr std::string_view kKey = "\"precompiled_charsmap\":\"";
  const std::size_t at = normalizer.find(kKey);
  if (at == normalizer.npos) return {};
  const std::size_t begin = at + kKey.size() - 1, end = normalizer.find('"', begin + 1);
  return end == normalizer.npos ? std::string_view{} : normalizer.substr(begin, end - begin + 1);
}

std::string precompiled(std::string_view charsmap) {
  return fmt::format(R"({{"type":"Precompiled","precompiled_charsmap":{}}})", charsmap);
}

constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  // U+2581

std::string replace_step(std::string_view from, std::string_view to) {
  return fmt::format(R"({{"type":"Replace","pattern":{{"String":"{}"}},"content":"{}"}})", from,
                     to);
}

/// Pieces that tokenizer_config.json renames by id.
void replace_placeholders(Tokenizer& tokenizer, const KitSettings& settings) {
  if (settings.added.empty()) return;
  std::unordered_set<std::string> texts;
  for (const auto& [text, id] : tokenizer.vocabulary) texts.insert(text);
  for (const auto& [id, token] : settings.added) {
    if (id >= tokenizer.vocabulary.size() || !texts.insert(token.content).second) continue;
    tokenizer.vocabulary[id].first = token.content;
  }
}

const std::string* text_of(const KitSettings& settings, NamedToken name) {
  const auto& token = settings.named[static_cast<std::size_t>(name)].token;
  return token ? &token->content : nullptr;
}

void append_piece(Tokenizer& tokenizer, std::string text, double score) {
  const auto id = static_cast<std::uint32_t>(tokenizer.vocabulary.size());
  tokenizer.vocabulary.emplace_back(std::move(text), id);
  tokenizer.scores.push_back(score);
}

void append_named_pieces(Tokenizer& tokenizer, std::span<const NamedToken> names,
                         const KitSettings& settings) {
  for (NamedToken name : names) {
    const std::string* text = text_of(settings, name);
    append_piece(tokenizer, text ? *text : "None", 0);
  }
}

void append_extra_ids(Tokenizer& tokenizer, int count) {
  for (int i = count; i-- > 0;) append_piece(tokenizer, fmt::format("<extra_id_{}>", i), 0);
}

/// Built-in vocabulary: the named tokens in the order of the class. Where two have one text, a
/// dictionary keeps the later id.
void fill_built_in(Tokenizer& tokenizer, const ClassTemplate& shape, const KitSettings& settings) {
  append_named_pieces(tokenizer, shape.empty_vocabulary, settings);
  if (!shape.empty_text.empty()) append_piece(tokenizer, std::string(shape.empty_text), 0);
  if (shape.pieces == PieceChange::extra_ids) {
    append_piece(tokenizer, std::string(kSpaceMark), -2.0);
    append_extra_ids(tokenizer, shape.extra_ids);
  }
  if (shape.model == TokenizerModel::unigram) return;
  std::erase_if(tokenizer.vocabulary, [later = tokenizer.vocabulary](const auto& entry) {
    return std::any_of(later.begin(), later.end(), [&](const auto& other) {
      return other.first == entry.first && other.second > entry.second;
    });
  });
}

/// The pieces of a SentencePiece model as the class wants them.
void change_pieces(Tokenizer& tokenizer, const ClassTemplate& shape, const KitSettings& settings) {
  switch (shape.pieces) {
    case PieceChange::none:
      return;
    case PieceChange::extra_ids:
      append_extra_ids(tokenizer, shape.extra_ids);
      return;
    case PieceChange::fairseq: {
      static constexpr NamedToken kFirst[] = {NamedToken::bos, NamedToken::pad, NamedToken::eos,
                                              NamedToken::unk};
      static constexpr NamedToken kLast[] = {NamedToken::mask};
      const auto pieces = std::exchange(tokenizer.vocabulary, {});
      const auto scores = std::exchange(tokenizer.scores, {});
      append_named_pieces(tokenizer, kFirst, settings);
      for (std::size_t i = 3; i < pieces.size(); ++i)
        append_piece(tokenizer, pieces[i].first, scores[i]);
      append_named_pieces(tokenizer, kLast, settings);
      return;
    }
  }
}

Result<void> fill_model(Tokenizer& tokenizer, const ClassTemplate& shape,
                        const KitSettings& settings, const std::optional<Tokenizer>& files) {
  tokenizer.model = shape.model;
  if (files) {
    tokenizer.format = files->format;
    tokenizer.files = files->files;
    tokenizer.vocabulary = files->vocabulary;
    tokenizer.scores = files->written_scores;
    const bool pieces = files->format == TokenizerFormat::sentencepiece;
    if (pieces) change_pieces(tokenizer, shape, settings);
    if (shape.model == TokenizerModel::bpe && files->model == TokenizerModel::bpe) {
      tokenizer.merges = files->merges;
    } else if (shape.model == TokenizerModel::bpe && pieces) {
      PROV_CHECK(generate_merges(tokenizer, files->files.front()));
    }
  } else {
    fill_built_in(tokenizer, shape, settings);
  }
  const std::string* unk = text_of(settings, NamedToken::unk);
  if (shape.model_has_unk && unk) {
    tokenizer.has_unk_token = true;
    tokenizer.unk_token = *unk;
  }
  tokenizer.fuse_unk = shape.fuse_unk;
  tokenizer.byte_fallback = shape.byte_fallback;
  if (shape.model == TokenizerModel::wordpiece) tokenizer.continuing_subword_prefix = "##";
  if (shape.model == TokenizerModel::unigram) tokenizer.unk_id = shape.unk_id;
  if (shape.writes_affixes) {
    tokenizer.continuing_subword_prefix = "";
    tokenizer.end_of_word_suffix = std::string(shape.end_of_word);
  }
  return {};
}

}  // namespace

Result<Tokenizer> rebuild(const ClassTemplate& shape, const KitSettings& settings,
                          const std::optional<Tokenizer>& files) {
  Tokenizer tokenizer;
  PROV_CHECK(fill_model(tokenizer, shape, settings, files));
  if (files && files->format == TokenizerFormat::tokenizer_json) {
    tokenizer.truncation = files->truncation;
    tokenizer.padding = files->padding;
    tokenizer.post_processor = files->post_processor;
  }
  const bool space = settings.add_prefix_space.value_or(shape.add_prefix_space);
  tokenizer.normalizer = filled(shape.normalizer, shape, settings, space);
  tokenizer.pre_tokenizer = filled(shape.pre_tokenizer, shape, settings, space);
  tokenizer.decoder = filled(shape.decoder, shape, settings, space);
  const bool always_strips =
      shape.always_add_bos;  // CodeLlama strips whatever add_prefix_space says
  if (!shape.extra_decoder_with_space.empty() && (space || always_strips)) {
    tokenizer.decoder.insert(tokenizer.decoder.size() - 2,
                             "," + std::string(shape.extra_decoder_with_space));
  }
  const bool takes_charsmap = shape.model == TokenizerModel::unigram && shape.normalizer == "null";
  if (takes_charsmap && files) {
    if (const auto charsmap = precompiled_charsmap(files->normalizer); !charsmap.empty()) {
      tokenizer.normalizer = precompiled(charsmap);
    }
  }
  return tokenizer;
}

Tokenizer generic_backend(const Tokenizer& files, const KitSettings& settings) {
  Tokenizer tokenizer = files;
  // The library copies the tokenizer by writing and reading it, which moves some scores by an ulp.
  for (double& score : tokenizer.scores) {
    std::string text;
    append_json_float(text, score);
    score = read_json_float(text);
  }
  if (files.format != TokenizerFormat::sentencepiece) return tokenizer;
  tokenizer.added_tokens.clear();
  if (tokenizer.model == TokenizerModel::bpe) replace_placeholders(tokenizer, settings);
  const std::string_view charsmap = precompiled_charsmap(files.normalizer);
  tokenizer.normalizer = fmt::format(R"({{"type":"Sequence","normalizers":[{}{}]}})",
                                     charsmap.empty() ? "" : precompiled(charsmap) + ",",
                                     replace_step(" ", kSpaceMark));
  tokenizer.decoder =
      fmt::format(R"({{"type":"Sequence","decoders":[{}{}]}})", replace_step(kSpaceMark, " "),
                  files.byte_fallback ? R"(,{"type":"ByteFallback"},{"type":"Fuse"})" : "");
  return tokenizer;
}

std::optional<std::string> padding_token(const Tokenizer& tokenizer) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view text;
  if (parser.parse(simdjson::padded_string(tokenizer.padding)).get(root) != simdjson::SUCCESS)
    return std::nullopt;
  if (root["pad_token"].get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

std::string template_processing(std::string_view single, std::string_view pair,
                                const KitSettings& settings, const AddedVocabulary& vocabulary) {
  static constexpr std::array<std::string_view, kNamedTokens> kNames = {"bos", "eos", "unk", "sep",
                                                                        "pad", "cls", "mask"};
  std::map<std::string, std::uint32_t> used;
  const auto items = [&](std::string_view list) {
    std::string out = "[";
    while (!list.empty()) {
      const std::size_t space = std::min(list.find(' '), list.size());
      const std::string_view item = list.substr(0, space);
      list.remove_prefix(std::min(space + 1, list.size()));
      const std::string_view type_id = item.substr(item.rfind(':') + 1);
      std::string_view name = item.substr(0, item.rfind(':')), kind = "Sequence", shown;
      if (const std::size_t equals = name.find('='); equals != name.npos) {
        shown = name.substr(equals + 1);
        name = name.substr(0, equals);
      }
      std::string text(name);
      if (const auto found = std::find(kNames.begin(), kNames.end(), name); found != kNames.end()) {
        const std::string* token =
            text_of(settings, static_cast<NamedToken>(found - kNames.begin()));
        kind = "SpecialToken";
        const std::string written = token ? *token : "None";
        text = shown.empty() ? written : std::string(shown);
        used[text] = vocabulary.id_of(written).value_or(0);
      }
      if (out.size() > 1) out += ',';
      out += fmt::format(R"({{"{}":{{"id":{},"type_id":{}}}}})", kind, json_quoted(text), type_id);
    }
    return out + ']';
  };
  std::string out = "{\"type\":\"TemplateProcessing\",\"single\":" + items(single) +
                    ",\"pair\":" + items(pair) + ",\"special_tokens\":{";
  bool first = true;
  for (const auto& [text, id] : used) {
    out += fmt::format(R"({}{}:{{"id":{},"ids":[{}],"tokens":[{}]}})", first ? "" : ",",
                       json_quoted(text), json_quoted(text), id, json_quoted(text));
    first = false;
  }
  return out + "}}";
}

std::string roberta_processing(const ClassTemplate& shape, const KitSettings& settings,
                               const AddedVocabulary& vocabulary) {
  const bool clip = shape.name == "CLIPTokenizer";
  const auto token = [&](NamedToken name) {
    const std::string* text = text_of(settings, name);
    const std::string shown = text ? *text : "None";
    return fmt::format("[{},{}]", json_quoted(shown), vocabulary.id_of(shown).value_or(0));
  };
  const bool trim = !clip && settings.trim_offsets.value_or(true);
  const bool space = !clip && settings.add_prefix_space.value_or(shape.add_prefix_space);
  return fmt::format(
      R"({{"type":"RobertaProcessing","sep":{},"cls":{},"trim_offsets":{},"add_prefix_space":{}}})",
      token(clip ? NamedToken::eos : NamedToken::sep),
      token(clip ? NamedToken::bos : NamedToken::cls), trim, space);
}

}  // namespace prov::model
