#include "source/ollama_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "base/try.hpp"
#include "source/byte_source.hpp"
#include "source/file_name.hpp"

namespace prov::source {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

std::vector<fs::path> stores() {
  if (const char* own = std::getenv("OLLAMA_MODELS"); own != nullptr && *own != '\0') return {own};
  std::vector<fs::path> found;
  if (const char* home = std::getenv("HOME"); home != nullptr)
    found.push_back(fs::path(home) / ".ollama" / "models");
  found.emplace_back("/usr/share/ollama/.ollama/models");
  return found;
}

struct OllamaName {
  std::string host = "registry.ollama.ai", space = "library", model, tag = "latest";

  fs::path folder() const { return fs::path("manifests") / host / space / model; }
};

Result<OllamaName> parse_name(std::string_view text) {
  OllamaName name;
  const std::size_t colon = text.find(':', text.find_last_of('/') + 1);
  if (colon != std::string_view::npos) name.tag = text.substr(colon + 1);
  std::vector<std::string> parts{""};
  for (const char c : text.substr(0, colon)) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  name.model = parts.back();
  if (parts.size() >= 2) name.space = parts[parts.size() - 2];
  if (parts.size() == 3) name.host = parts[0];
  const bool safe = parts.size() <= 3 && is_plain_file_name(name.host) &&
                    is_plain_file_name(name.space) && is_plain_file_name(name.model) &&
                    is_plain_file_name(name.tag);
  if (safe) return name;
  return Error{.code = ErrorCode::invalid_argument,
               .message = "not a model name of Ollama",
               .file = fmt::format("ollama:{}", text)};
}

std::vector<std::string> tags_in(const fs::path& folder) {
  std::vector<std::string> tags;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed))
    tags.push_back(entry->path().filename().string());
  std::ranges::sort(tags);
  return tags;
}

bool is_digest(std::string_view text) {
  constexpr std::size_t kAlgorithm = std::string_view("sha256:").size();
  return text.size() == kAlgorithm + 64 &&
         (text.starts_with("sha256:") || text.starts_with("sha256-")) &&
         std::ranges::all_of(text.substr(kAlgorithm), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Result<fs::path> model_of_manifest(const fs::path& store, const fs::path& manifest) {
  constexpr std::uint64_t kMostBytes = 16U << 20U;
  constexpr std::string_view kModel = "application/vnd.ollama.image.model";
  constexpr std::string_view kTensor = "application/vnd.ollama.image.tensor";
  PROV_TRY(const auto file, open_local_file(manifest.string()));
  PROV_TRY(const std::string text, read_all(*file, kMostBytes));
  const json parsed = json::parse(text, nullptr, false);
  const auto error = [&](ErrorCode code, std::string message) {
    return Error{.code = code, .message = std::move(message), .file = manifest.string()};
  };
  if (!parsed.is_object() || !parsed.contains("layers") || !parsed["layers"].is_array())
    return error(ErrorCode::malformed, "not a manifest of Ollama");
  bool has_tensors = false;
  for (const json& layer : parsed["layers"]) {
    if (!layer.is_object()) continue;
    const std::string type = layer.value("mediaType", json()).is_string()
                                 ? layer["mediaType"].get<std::string>()
                                 : std::string();
    has_tensors = has_tensors || type == kTensor;
    if (type != kModel) continue;
    std::string digest = layer.value("digest", json()).is_string()
                             ? layer["digest"].get<std::string>()
                             : std::string();
    if (!is_digest(digest))
      return error(ErrorCode::unsafe_path, "a layer without a SHA-256 digest");
    digest[std::string_view("sha256").size()] = '-';
    return store / "blobs" / digest;
  }
  return has_tensors ? error(ErrorCode::unsupported, "this model is stored tensor by tensor")
                     : error(ErrorCode::not_found, "this model has no weights");
}

}  // namespace

Result<fs::path> find_ollama_model(std::string_view text) {
  PROV_TRY(const OllamaName name, parse_name(text));
  std::vector<std::string> tags;
  for (const fs::path& store : stores()) {
    const fs::path manifest = store / name.folder() / name.tag;
    std::error_code ignored;
    if (fs::is_regular_file(manifest, ignored)) return model_of_manifest(store, manifest);
    std::ranges::copy(tags_in(store / name.folder()), std::back_inserter(tags));
  }
  return Error{.code = ErrorCode::not_found,
               .message = "Ollama's store on this machine has no such model",
               .file = fmt::format("ollama:{}", text),
               .hint = tags.empty() ? "ollama pull fetches it"
                                    : fmt::format("tags there: {}", fmt::join(tags, ", "))};
}

}  // namespace prov::source
