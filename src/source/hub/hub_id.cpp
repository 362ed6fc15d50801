#include "source/hub/hub_id.hpp"

#include <algorithm>
#include <vector>

namespace prov::source {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool is_name(std::string_view text) {
  constexpr std::size_t kLongest = 96;
  constexpr std::string_view kNotAtEnds = "-.";
  if (text.empty() || text.size() > kLongest) return false;
  if (kNotAtEnds.find(text.front()) != std::string_view::npos ||
      kNotAtEnds.find(text.back()) != std::string_view::npos)
    return false;
  return std::ranges::all_of(text, is_name_character) &&
         text.find("--") == std::string_view::npos && text.find("..") == std::string_view::npos &&
         !text.ends_with(".git");
}

/// Sent percent-encoded and looked for in the cache: nothing that leads out of a folder.
bool is_revision(std::string_view text) {
  constexpr std::size_t kLongest = 256;
  return !text.empty() && text.size() <= kLongest && text.front() != '/' && text.back() != '/' &&
         text.find("..") == std::string_view::npos && text.find("//") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return is_name_character(c) || c == '/'; });
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty()) parts.push_back(part);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return parts;
}

std::optional<HubId> checked(HubId id) {
  const std::size_t slash = id.name.find('/');
  const std::string_view name = id.name;
  const bool valid = slash == std::string::npos
                         ? is_name(name)
                         : is_name(name.substr(0, slash)) && is_name(name.substr(slash + 1));
  if (!valid || !is_revision(id.revision)) return std::nullopt;
  return id;
}

std::optional<HubId> of_page(std::string_view path) {
  const std::vector<std::string_view> parts = parts_of(path.substr(0, path.find_first_of("?#")));
  if (parts.size() < 2) return std::nullopt;
  HubId id{.name = std::string(parts[0]) + "/" + std::string(parts[1]), .file = {}};
  if (parts.size() >= 4) id.revision = parts[3];
  if (parts.size() == 5 && (parts[2] == "blob" || parts[2] == "resolve")) id.file = parts[4];
  const bool known =
      parts.size() == 2 || (parts.size() == 4 && parts[2] == "tree") || !id.file.empty();
  return known ? checked(std::move(id)) : std::nullopt;
}

}  // namespace

bool HubId::is_commit() const {
  return revision.size() == 40 && std::ranges::all_of(revision, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string HubId::folder() const {
  std::string text = "models--";
  for (const char c : name) text += c == '/' ? std::string("--") : std::string(1, c);
  return text;
}

std::optional<HubId> parse_hub_id(std::string_view text, std::string_view endpoint) {
  constexpr std::string_view kScheme = "hf:";
  if (text.starts_with(endpoint) && text.substr(endpoint.size()).starts_with('/'))
    return of_page(text.substr(endpoint.size()));
  const bool with_scheme = text.starts_with(kScheme);
  if (with_scheme) text.remove_prefix(kScheme.size());
  HubId id;
  const std::size_t at = text.find('@');
  id.name = text.substr(0, at);
  if (at != std::string_view::npos) id.revision = text.substr(at + 1);
  if (!with_scheme && id.name.find('/') == std::string::npos) return std::nullopt;
  if (std::ranges::count(id.name, '/') > 1) return std::nullopt;
  return checked(std::move(id));
}

}  // namespace prov::source
