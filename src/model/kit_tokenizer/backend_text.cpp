#include "model/kit_tokenizer/backend_text.hpp"

#include <fmt/format.h>

#include <string_view>

#include "model/tokenizer/serde_text.hpp"

namespace prov::model {
namespace {

std::string_view json_bool(bool value) { return value ? "true" : "false"; }

void append_optional(std::string& out, std::string_view key, bool present, std::string_view text) {
  out += key;
  if (present) {
    append_json_string(out, text);
  } else {
    out += "null";
  }
}

void append_added_tokens(std::string& out, const std::vector<AddedToken>& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const AddedToken& token = tokens[i];
    out += fmt::format("{}{{\"id\":{},\"content\":", i > 0 ? "," : "", token.id);
    append_json_string(out, token.content);
    out +=
        fmt::format(R"(,"single_word":{},"lstrip":{},"rstrip":{},"normalized":{},"special":{}}})",
                    token.single_word, token.lstrip, token.rstrip, token.normalized, token.special);
  }
}

void append_vocabulary(std::string& out, const Tokenizer& tokenizer) {
  const auto& vocabulary = tokenizer.vocabulary;
  out += "\"vocab\":{";
  bool first = true;
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    // One text an id: of several the library keeps an arbitrary one, here the last.
    if (i + 1 < vocabulary.size() && vocabulary[i + 1].second == vocabulary[i].second) continue;
    if (!first) out += ',';
    first = false;
    append_json_string(out, vocabulary[i].first);
    out += ':';
    out += std::to_string(vocabulary[i].second);
  }
  out += '}';
}

void append_bpe(std::string& out, const Tokenizer& tokenizer) {
  out += "{\"type\":\"BPE\",\"dropout\":";
  if (tokenizer.dropout) {
    append_json_float(out, *tokenizer.dropout);
  } else {
    out += "null";
  }
  append_optional(out, ",\"unk_token\":", tokenizer.has_unk_token, tokenizer.unk_token);
  append_optional(
      out, ",\"continuing_subword_prefix\":", tokenizer.continuing_subword_prefix.has_value(),
      tokenizer.continuing_subword_prefix.value_or(""));
  append_optional(out, ",\"end_of_word_suffix\":", tokenizer.end_of_word_suffix.has_value(),
                  tokenizer.end_of_word_suffix.value_or(""));
  out += fmt::format(R"(,"fuse_unk":{},"byte_fallback":{},"ignore_merges":{},)", tokenizer.fuse_unk,
                     tokenizer.byte_fallback, tokenizer.ignore_merges);
  append_vocabulary(out, tokenizer);
  out += ",\"merges\":[";
  for (std::size_t i = 0; i < tokenizer.merges.size(); ++i) {
    out += i > 0 ? ",[" : "[";
    append_json_string(out, tokenizer.merges[i].first);
    out += ',';
    append_json_string(out, tokenizer.merges[i].second);
    out += ']';
  }
  out += "]}";
}

void append_unigram(std::string& out, const Tokenizer& tokenizer) {
  out += "{\"type\":\"Unigram\",\"unk_id\":";
  out += tokenizer.unk_id ? std::to_string(*tokenizer.unk_id) : "null";
  out += ",\"vocab\":[";
  for (std::size_t i = 0; i < tokenizer.vocabulary.size(); ++i) {
    out += i > 0 ? ",[" : "[";
    append_json_string(out, tokenizer.vocabulary[i].first);
    out += ',';
    append_json_float(out, tokenizer.scores[i]);
    out += ']';
  }
  out += "],\"byte_fallback\":";
  out += json_bool(tokenizer.byte_fallback);
  out += '}';
}

void append_model(std::string& out, const Tokenizer& tokenizer) {
  switch (tokenizer.model) {
    case TokenizerModel::none:
      out += "null";
      return;
    case TokenizerModel::bpe:
      append_bpe(out, tokenizer);
      return;
    case TokenizerModel::unigram:
      append_unigram(out, tokenizer);
      return;
    case TokenizerModel::wordpiece:
      out += "{\"type\":\"WordPiece\",\"unk_token\":";
      append_json_string(out, tokenizer.unk_token);
      out += ",\"continuing_subword_prefix\":";
      append_json_string(out, tokenizer.continuing_subword_prefix.value_or("##"));
      out += fmt::format(",\"max_input_chars_per_word\":{},", tokenizer.max_input_chars_per_word);
      append_vocabulary(out, tokenizer);
      out += '}';
      return;
    case TokenizerModel::wordlevel:
      out += "{\"type\":\"WordLevel\",";
      append_vocabulary(out, tokenizer);
      out += ",\"unk_token\":";
      append_json_string(out, tokenizer.unk_token);
      out += '}';
      return;
  }
}

}  // namespace

std::string backend_text(const Tokenizer& tokenizer) {
  std::string out;
  out.reserve(1024 + tokenizer.vocabulary.size() * 24 + tokenizer.merges.size() * 20);
  out += "{\"version\":\"1.0\",\"truncation\":" + tokenizer.truncation +
         ",\"padding\":" + tokenizer.padding + ",\"added_tokens\":[";
  append_added_tokens(out, tokenizer.added_tokens);
  out += "],\"normalizer\":" + tokenizer.normalizer +
         ",\"pre_tokenizer\":" + tokenizer.pre_tokenizer +
         ",\"post_processor\":" + tokenizer.post_processor + ",\"decoder\":" + tokenizer.decoder +
         ",\"model\":";
  append_model(out, tokenizer);
  out += '}';
  return out;
}

}  // namespace prov::model
