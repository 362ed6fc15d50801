#include "model/tokenizer/pre_tokenizer.hpp"

#include <simdjson.h>

#include <memory>
#include <optional>

#include "base/utf8.hpp"
#include "model/tokenizer/byte_alphabet.hpp"
#include "model/tokenizer/unicode_text.hpp"

namespace prov::model {
namespace {

using simdjson::dom::element;
using Words = PreTokenizer::Words;
using Step = PreTokenizer::Step;

// What happens to a match and its neighbours: SplitDelimiterBehavior of the library.
enum class Behavior { removed, isolated, merged_with_previous, merged_with_next, contiguous };

std::optional<Behavior> read_behavior(const element& part) {
  std::string_view name;
  if (part["behavior"].get(name) != simdjson::SUCCESS) return std::nullopt;
  if (name == "Removed") return Behavior::removed;
  if (name == "Isolated") return Behavior::isolated;
  if (name == "MergedWithPrevious") return Behavior::merged_with_previous;
  if (name == "MergedWithNext") return Behavior::merged_with_next;
  if (name == "Contiguous") return Behavior::contiguous;
  return std::nullopt;
}

struct Section {
  std::size_t begin, end;
  bool match;
};

/// The whole text as matches and what lies between.
std::vector<Section> sections(const Spans& matches, std::size_t size, bool invert) {
  std::vector<Section> all;
  std::size_t done = 0;
  for (const auto& [begin, end] : matches) {
    if (begin > done) all.push_back({done, begin, invert});
    all.push_back({begin, end, !invert});
    done = end;
  }
  if (done < size) all.push_back({done, size, invert});
  return all;
}

Words cut(const std::string& text, const Spans& matches, Behavior behavior, bool invert = false) {
  std::vector<Section> words;
  bool previous_match = false;
  for (const Section& section : sections(matches, text.size(), invert)) {
    bool glue = false;
    switch (behavior) {
      case Behavior::removed:
      case Behavior::isolated:
        break;
      case Behavior::merged_with_previous:
        glue = section.match && !previous_match;
        break;
      case Behavior::merged_with_next:
        glue = !section.match && previous_match;
        break;
      case Behavior::contiguous:
        glue = section.match == previous_match;
        break;
    }
    if (behavior != Behavior::removed || !section.match) {
      if (glue && !words.empty()) {
        words.back().end = section.end;
      } else {
        words.push_back(section);
      }
    }
    previous_match = section.match;
  }
  Words out;
  for (const Section& word : words) out.push_back(text.substr(word.begin, word.end - word.begin));
  return out;
}

/// One span for each character that `matches` accepts.
template <class Matches>
Spans characters(std::string_view text, Matches matches) {
  Spans spans;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = base::decode_utf8(text, at);
    if (matches(character.code_point)) spans.emplace_back(at, at + character.length);
    at += character.length;
  }
  return spans;
}

Spans occurrences(std::string_view text, std::string_view pattern) {
  Spans spans;
  if (pattern.empty()) return spans;
  for (std::size_t at = 0; (at = text.find(pattern, at)) != text.npos; at += pattern.size()) {
    spans.emplace_back(at, at + pattern.size());
  }
  return spans;
}

bool flag(const element& part, std::string_view key, bool fallback) {
  bool value = false;
  return part[key].get(value) == simdjson::SUCCESS ? value : fallback;
}

std::shared_ptr<const Regex> shared_regex(std::string_view pattern) {
  auto regex = Regex::compile(pattern);
  return regex ? std::make_shared<const Regex>(*std::move(regex)) : nullptr;
}

Step byte_level(const element& part) {
  static constexpr std::string_view kWords =
      R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
  const auto regex = flag(part, "use_regex", true) ? shared_regex(kWords) : nullptr;
  return [regex, prefix = flag(part, "add_prefix_space", true)](const std::string& word, bool) {
    const std::string text = prefix && !word.starts_with(' ') ? " " + word : word;
    Words words = regex ? cut(text, regex->find_all(text), Behavior::isolated) : Words{text};
    for (std::string& piece : words) piece = byte_level_spelling(piece);
    return words;
  };
}

Step metaspace(const element& part) {
  std::string_view replacement, scheme = "always";
  if (part["replacement"].get(replacement) != simdjson::SUCCESS) return nullptr;
  std::string_view written;
  if (part["prepend_scheme"].get(written) == simdjson::SUCCESS) scheme = written;
  const bool split = flag(part, "split", true), always = scheme == "always",
             first = scheme == "first";
  return [mark = std::string(replacement), split, always, first](const std::string& word,
                                                                 bool at_start) {
    std::string text;
    for (char c : word) {
      if (c == ' ') {
        text += mark;
      } else {
        text += c;
      }
    }
    if ((always || (first && at_start)) && !text.starts_with(mark)) text = mark + text;
    return split ? cut(text, occurrences(text, mark), Behavior::merged_with_next) : Words{text};
  };
}

Step split_step(const element& part) {
  std::string_view pattern;
  const auto behavior = read_behavior(part);
  if (!behavior) return nullptr;
  const bool invert = flag(part, "invert", false);
  if (part["pattern"]["String"].get(pattern) == simdjson::SUCCESS) {
    return [mark = std::string(pattern), how = *behavior, invert](const std::string& word, bool) {
      return cut(word, occurrences(word, mark), how, invert);
    };
  }
  if (part["pattern"]["Regex"].get(pattern) != simdjson::SUCCESS) return nullptr;
  auto regex = shared_regex(pattern);
  if (!regex) return nullptr;
  return [regex, how = *behavior, invert](const std::string& word, bool) {
    return cut(word, regex->find_all(word), how, invert);
  };
}

Step by_character(bool (*matches)(char32_t), Behavior behavior) {
  return
      [=](const std::string& word, bool) { return cut(word, characters(word, matches), behavior); };
}

Step fixed_length(const element& part) {
  std::uint64_t length = 5;
  if (part["length"].get(length) != simdjson::SUCCESS || length == 0) return nullptr;
  return [length](const std::string& word, bool) {
    Words words;
    std::uint64_t count = 0;
    for (std::size_t at = 0; at < word.size(); ++count) {
      const std::size_t step = base::decode_utf8(word, at).length;
      if (count % length == 0) words.emplace_back();
      words.back().append(word, at, step);
      at += step;
    }
    return words;
  };
}

Step bert() {
  return [](const std::string& word, bool) {
    Words words;
    for (const std::string& piece : cut(word, characters(word, is_whitespace), Behavior::removed)) {
      for (std::string& part : cut(piece, characters(piece, is_punctuation), Behavior::isolated)) {
        words.push_back(std::move(part));
      }
    }
    return words;
  };
}

Step make_step(std::string_view type, const element& part) {
  if (type == "ByteLevel") return byte_level(part);
  if (type == "Metaspace") return metaspace(part);
  if (type == "Split") return split_step(part);
  if (type == "BertPreTokenizer") return bert();
  if (type == "WhitespaceSplit") return by_character(is_whitespace, Behavior::removed);
  if (type == "Digits") {
    return by_character(is_numeric, flag(part, "individual_digits", false) ? Behavior::isolated
                                                                           : Behavior::contiguous);
  }
  if (type == "Punctuation")
    return by_character(is_punctuation, read_behavior(part).value_or(Behavior::isolated));
  if (type == "FixedLength") return fixed_length(part);
  if (type == "Whitespace") {
    auto regex = shared_regex(R"(\w+|[^\w\s]+)");
    if (!regex) return nullptr;
    return [regex](const std::string& word, bool) {
      return cut(word, regex->find_all(word), Behavior::removed, true);
    };
  }
  if (type == "CharDelimiterSplit") {
    std::string_view mark;
    if (part["delimiter"].get(mark) != simdjson::SUCCESS) return nullptr;
    return [text = std::string(mark)](const std::string& word, bool) {
      return cut(word, occurrences(word, text), Behavior::removed);
    };
  }
  return nullptr;
}

// The parser's depth limit ends the recursion.
void add_steps(const element& part, std::vector<Step>& steps, std::vector<std::string>& skipped) {
  std::string_view type;
  simdjson::dom::array parts;
  if (part["type"].get(type) != simdjson::SUCCESS) return;
  if (type == "Sequence" && part["pretokenizers"].get(parts) == simdjson::SUCCESS) {
    for (const element inner : parts) add_steps(inner, steps, skipped);
    return;
  }
  if (Step step = make_step(type, part)) {
    steps.push_back(std::move(step));
  } else {
    skipped.push_back("pre-tokenizer " + std::string(type));
  }
}

}  // namespace

PreTokenizer::PreTokenizer(std::string_view part, std::vector<std::string>& skipped) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(simdjson::padded_string(part)).get(root) == simdjson::SUCCESS)
    add_steps(root, steps_, skipped);
}

std::vector<std::string> PreTokenizer::split(std::string text, bool at_start) const {
  Words words{std::move(text)};
  for (const Step& step : steps_) {
    Words next;
    for (std::size_t i = 0; i < words.size(); ++i) {
      for (std::string& word : step(words[i], at_start && i == 0)) {
        if (!word.empty()) next.push_back(std::move(word));
      }
    }
    words = std::move(next);
  }
  return words;
}

}  // namespace prov::model
