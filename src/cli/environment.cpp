#include "cli/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/try.hpp"
#include "base/white_space.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kPrefix = "PROVENANCEKIT_";

// EAS is an anchors x anchors matrix: 4096 are 128 MiB of doubles, 64 times what the kit takes by
// default.
constexpr std::int64_t kMostAnchors = 4096;
constexpr std::int64_t kMostSamples = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMostThreads = 4096;

// ASCII only: the names and words meant here are, and the locale must not matter.
char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), ascii_upper);
  return result;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  text = base::trimmed(text);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> parse_truth(std::string_view text) {
  std::string word(text);
  std::transform(word.begin(), word.end(), word.begin(), ascii_lower);
  for (std::string_view yes : {"1", "true", "t", "yes", "y", "on"}) {
    if (word == yes) return true;
  }
  for (std::string_view no : {"0", "false", "f", "no", "n", "off"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

Error bad_setting(std::string_view name, std::string_view value, std::string_view allowed) {
  return {.code = ErrorCode::invalid_argument,
          .message = fmt::format("{}{} is \"{}\", but must be {}", kPrefix, name, value, allowed)};
}

Result<std::int64_t> whole_number(const Environment& environment, std::string_view name,
                                  std::int64_t fallback, std::int64_t least, std::int64_t most) {
  const std::optional<std::string> value = environment.setting(name);
  if (!value) return fallback;
  const std::optional<std::int64_t> number = parse_number<std::int64_t>(*value);
  if (number && *number >= least && *number <= most) return *number;
  return bad_setting(name, *value, fmt::format("a whole number from {} to {}", least, most));
}

Result<double> real_number(const Environment& environment, std::string_view name, double fallback) {
  const std::optional<std::string> value = environment.setting(name);
  if (!value) return fallback;
  const std::optional<double> number = parse_number<double>(*value);
  if (number && std::isfinite(*number)) return *number;
  return bad_setting(name, *value, "a number");
}

Result<bool> truth(const Environment& environment, std::string_view name) {
  const std::optional<std::string> value = environment.setting(name);
  if (!value) return false;
  if (const std::optional<bool> parsed = parse_truth(*value)) return *parsed;
  return bad_setting(name, *value, "one of 1, 0, true, false, yes, no, on, off");
}

}  // namespace

Environment::Environment(const char* const* entries) {
  for (; entries != nullptr && *entries != nullptr; ++entries) {
    const std::string_view entry = *entries;
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string value(entry.substr(equals + 1));
    const std::string name = upper(entry.substr(0, equals));
    values_.insert_or_assign(std::string(entry.substr(0, equals)), value);
    if (name.starts_with(kPrefix)) settings_.insert_or_assign(name.substr(kPrefix.size()), value);
  }
}

std::optional<std::string> Environment::get(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

bool Environment::is_set(std::string_view name) const {
  const auto found = values_.find(name);
  return found != values_.end() && !found->second.empty();
}

std::optional<std::string> Environment::setting(std::string_view name) const {
  const auto found = settings_.find(name);
  if (found == settings_.end()) return std::nullopt;
  return found->second;
}

Result<Settings> read_settings(const Environment& environment) {
  const Settings defaults;
  PROV_TRY(const std::int64_t anchor_k,
           whole_number(environment, "ANCHOR_K", defaults.anchor_k, 1, kMostAnchors));
  PROV_TRY(const std::int64_t wvc_subsample,
           whole_number(environment, "WVC_SUBSAMPLE", defaults.wvc_subsample, 1, kMostSamples));
  PROV_TRY(const bool trust_remote_code, truth(environment, "TRUST_REMOTE_CODE"));
  PROV_TRY(const std::int64_t scan_top_k,
           whole_number(environment, "SCAN_TOP_K", defaults.scan_top_k,
                        std::numeric_limits<std::int32_t>::min(), kMostSamples));
  PROV_TRY(const double scan_threshold,
           real_number(environment, "SCAN_THRESHOLD", defaults.scan_threshold));
  // Not used here, but a typing error is better found now than later.
  PROV_CHECK(whole_number(environment, "THREADS", 1, 1, kMostThreads));
  PROV_CHECK(real_number(environment, "HUGE_MODEL_PARAMS", 1));
  PROV_CHECK(truth(environment, "DEV_MODE"));
  return Settings{.anchor_k = static_cast<unsigned>(anchor_k),
                  .wvc_subsample = static_cast<unsigned>(wvc_subsample),
                  .scan_top_k = scan_top_k,
                  .scan_threshold = scan_threshold,
                  .trust_remote_code = trust_remote_code};
}

}  // namespace prov::cli
