#include "model/tokenizer/text_normalizer.hpp"

#include <simdjson.h>

#include <memory>

#include "base/utf8.hpp"
#include "model/tokenizer/byte_alphabet.hpp"
#include "model/tokenizer/unicode_text.hpp"

namespace prov::model {
namespace {

using simdjson::dom::element;
using Step = std::function<std::string(std::string)>;

/// Rewrites each character: `rewrite(out, code_point)` appends what stands for it.
template <class Rewrite>
std::string rewritten(std::string_view text, Rewrite rewrite) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = base::decode_utf8(text, at);
    if (character.valid) {
      rewrite(out, character.code_point);
    } else {
      out += text[at];
    }
    at += character.length;
  }
  return out;
}

std::string without(std::string_view text, bool (*drop)(char32_t)) {
  return rewritten(text, [drop](std::string& out, char32_t c) {
    if (!drop(c)) base::append_utf8(out, c);
  });
}

bool is_chinese(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2CEAF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

struct BertNormalizer {
  bool clean = true, chinese = true, strip_accents = true, lower = true;

  std::string operator()(std::string text) const {
    if (clean) {
      text = rewritten(text, [](std::string& out, char32_t c) {
        if (c == 0 || c == 0xFFFD || is_control(c)) return;
        base::append_utf8(out, is_whitespace(c) ? U' ' : c);
      });
    }
    if (chinese) {
      text = rewritten(text, [](std::string& out, char32_t c) {
        const bool alone = is_chinese(c);
        if (alone) out += ' ';
        base::append_utf8(out, c);
        if (alone) out += ' ';
      });
    }
    if (strip_accents) text = without(normalize(text, NormalForm::nfd), is_nonspacing_mark);
    return lower ? lowercase(text) : text;
  }
};

std::string stripped(std::string_view text, bool left, bool right) {
  std::size_t begin = text.size(), end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = base::decode_utf8(text, at);
    if (!is_whitespace(character.code_point)) {
      begin = std::min(begin, at);
      end = at + character.length;
    }
    at += character.length;
  }
  if (begin > end) return left || right ? "" : std::string(text);
  if (!left) begin = 0;
  if (!right) end = text.size();
  return std::string(text.substr(begin, end - begin));
}

std::string replace_all(std::string_view text, std::string_view pattern, std::string_view content) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = pattern.empty() ? text.npos : text.find(pattern);
    out += text.substr(0, at);
    if (at == text.npos) break;
    out += content;
    text.remove_prefix(at + pattern.size());
  }
  return out;
}

bool flag(const element& part, std::string_view key, bool fallback) {
  bool value = false;
  return part[key].get(value) == simdjson::SUCCESS ? value : fallback;
}

Step replace_step(const element& part) {
  std::string_view pattern, content;
  if (part["content"].get(content) != simdjson::SUCCESS) return nullptr;
  if (part["pattern"]["String"].get(pattern) == simdjson::SUCCESS) {
    return [from = std::string(pattern), to = std::string(content)](const std::string& text) {
      return replace_all(text, from, to);
    };
  }
  if (part["pattern"]["Regex"].get(pattern) != simdjson::SUCCESS) return nullptr;
  auto regex = Regex::compile(pattern);
  if (!regex) return nullptr;
  auto shared = std::make_shared<Regex>(*std::move(regex));
  return [shared, to = std::string(content)](const std::string& text) {
    std::string out;
    std::size_t done = 0;
    for (const auto& [begin, end] : shared->find_all(text)) {
      out.append(text, done, begin - done).append(to);
      done = end;
    }
    return out.append(text, done);
  };
}

Step make_step(std::string_view type, const element& part) {
  if (type == "NFC")
    return [](const std::string& text) { return normalize(text, NormalForm::nfc); };
  if (type == "NFD")
    return [](const std::string& text) { return normalize(text, NormalForm::nfd); };
  if (type == "NFKC" || type == "Precompiled")
    return [](const std::string& text) { return normalize(text, NormalForm::nfkc); };
  if (type == "NFKD")
    return [](const std::string& text) { return normalize(text, NormalForm::nfkd); };
  if (type == "Lowercase") return [](const std::string& text) { return lowercase(text); };
  if (type == "StripAccents") return [](const std::string& text) { return without(text, is_mark); };
  if (type == "ByteLevel") return [](const std::string& text) { return byte_level_spelling(text); };
  if (type == "Replace") return replace_step(part);
  if (type == "Strip") {
    return [left = flag(part, "strip_left", true), right = flag(part, "strip_right", true)](
               const std::string& text) { return stripped(text, left, right); };
  }
  if (type == "Prepend") {
    std::string_view prefix;
    if (part["prepend"].get(prefix) != simdjson::SUCCESS) return nullptr;
    return [before = std::string(prefix)](const std::string& text) {
      return text.empty() ? text : before + text;
    };
  }
  if (type == "BertNormalizer") {
    BertNormalizer bert{.clean = flag(part, "clean_text", true),
                        .chinese = flag(part, "handle_chinese_chars", true),
                        .lower = flag(part, "lowercase", true)};
    bert.strip_accents = flag(part, "strip_accents", bert.lower);
    return bert;
  }
  return nullptr;
}

// The parser's depth limit ends the recursion.
void add_steps(const element& part, std::vector<Step>& steps, std::vector<std::string>& skipped) {
  std::string_view type;
  simdjson::dom::array parts;
  if (part["type"].get(type) != simdjson::SUCCESS) return;
  if (type == "Sequence" && part["normalizers"].get(parts) == simdjson::SUCCESS) {
    for (const element inner : parts) add_steps(inner, steps, skipped);
    return;
  }
  Step step = make_step(type, part);
  if (!step || type == "Precompiled") skipped.push_back("normalizer " + std::string(type));
  if (step) steps.push_back(std::move(step));
}

}  // namespace

TextNormalizer::TextNormalizer(std::string_view part, std::vector<std::string>& skipped) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(simdjson::padded_string(part)).get(root) == simdjson::SUCCESS)
    add_steps(root, steps_, skipped);
}

std::string TextNormalizer::apply(std::string text) const {
  for (const auto& step : steps_) text = step(std::move(text));
  return text;
}

}  // namespace prov::model
