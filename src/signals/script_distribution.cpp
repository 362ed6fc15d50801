#include "signals/script_distribution.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "numeric/rounding.hpp"

namespace prov::signals {

std::string_view script_name(Script script) {
  switch (script) {
    case Script::latin:
      return "Latin";
    case Script::cjk:
      return "CJK";
    case Script::cyrillic:
      return "Cyrillic";
    case Script::arabic:
      return "Arabic";
    case Script::devanagari:
      return "Devanagari";
    case Script::other:
      return "Other";
  }
  return "";
}

std::optional<Script> classify_script(char32_t code_point) {
  if (code_point < 'A') return std::nullopt;
  const auto* after = std::upper_bound(
      script_ranges.begin(), script_ranges.end(), code_point,
      [](char32_t point, const ScriptRange& range) { return point < range.first; });
  if (after == script_ranges.begin() || code_point > (after - 1)->last) return std::nullopt;
  return (after - 1)->script;
}

std::vector<std::pair<Script, double>> script_distribution(
    const std::vector<std::string_view>& texts) {
  std::array<std::uint64_t, 6> counts{};
  std::vector<Script> seen;
  std::uint64_t total = 0;
  for (std::string_view text : texts) {
    for (std::size_t at = 0; at < text.size();) {
      auto character = base::decode_utf8(text, at);
      at += character.length;
      if (!character.valid) continue;
      auto script = classify_script(character.code_point);
      if (!script) continue;
      if (counts[static_cast<std::size_t>(*script)]++ == 0) seen.push_back(*script);
      ++total;
    }
  }
  std::stable_sort(seen.begin(), seen.end(), [&](Script a, Script b) {
    return counts[static_cast<std::size_t>(a)] > counts[static_cast<std::size_t>(b)];
  });
  std::vector<std::pair<Script, double>> shares;
  for (Script script : seen) {
    const auto count = static_cast<double>(counts[static_cast<std::size_t>(script)]);
    shares.emplace_back(script,
                        numeric::round_half_even_decimal(count / static_cast<double>(total), 4));
  }
  return shares;
}

}  // namespace prov::signals
