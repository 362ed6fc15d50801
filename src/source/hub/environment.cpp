#include "source/hub/environment.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/white_space.hpp"
#include "source/byte_source.hpp"
#include "source/http/address.hpp"
#include "source/http/transfers.hpp"

namespace prov::source {
namespace {
namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool is_true(const char* name) {
  std::string value = variable(name);
  std::ranges::transform(value, value.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return value == "1" || value == "ON" || value == "YES" || value == "TRUE";
}

fs::path folder(const std::string& text) {
  const std::string home = variable("HOME");
  if (text == "~") return home;
  return text.starts_with("~/") && !home.empty() ? fs::path(home) / text.substr(2) : fs::path(text);
}

fs::path hub_home() {
  if (const std::string home = variable("HF_HOME"); !home.empty()) return folder(home);
  const std::string cache = variable("XDG_CACHE_HOME");
  return (cache.empty() ? folder("~/.cache") : folder(cache)) / "huggingface";
}

std::string token_of_file(const fs::path& path) {
  constexpr std::uint64_t kMostBytes = 4096;
  const auto file = open_local_file(path.string());
  if (!file) return {};
  const auto text = read_all(**file, kMostBytes);
  return text ? std::string(base::trimmed(*text)) : std::string();
}

/// A line break in a token would begin another header.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

std::string find_token() {
  for (const char* name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
    const std::string text = variable(name);
    if (const auto token = base::trimmed(text); is_token(token)) return std::string(token);
  }
  if (is_true("HF_HUB_DISABLE_IMPLICIT_TOKEN")) return {};
  const std::string path = variable("HF_TOKEN_PATH");
  const std::string token = token_of_file(path.empty() ? hub_home() / "token" : folder(path));
  return is_token(token) ? token : std::string();
}

/// In clear text a token is told to this machine alone.
bool may_be_told(const std::string& endpoint) {
  const auto address = parse_address(endpoint);
  return address && (address->scheme == "https" || address->host == "127.0.0.1" ||
                     address->host == "localhost" || address->host == "[::1]");
}

}  // namespace

std::string hub_endpoint() {
  std::string endpoint = variable("HF_ENDPOINT");
  if (endpoint.empty()) endpoint = kHub;
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint;
}

HubEnvironment hub_environment() {
  HubEnvironment environment{.endpoint = hub_endpoint(),
                             .token = find_token(),
                             .cache = hub_home() / "hub",
                             .offline = transfers().forbidden || is_true("HF_HUB_OFFLINE") ||
                                        is_true("TRANSFORMERS_OFFLINE")};
  if (!environment.token.empty() && !may_be_told(environment.endpoint)) environment.token.clear();
  for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
    if (const std::string cache = variable(name); !cache.empty()) {
      environment.cache = folder(cache);
      break;
    }
  }
  return environment;
}

}  // namespace prov::source
