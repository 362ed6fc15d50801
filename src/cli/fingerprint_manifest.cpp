#include "cli/fingerprint_manifest.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

namespace prov::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view kManifest = "manifest";
constexpr std::string_view kExtension = ".jsonl";

std::string line_of(const FingerprintEntry& entry) {
  const Json line = {{"model", entry.model},
                     {"status", std::string(fingerprint_status_name(entry.status))},
                     {"file", entry.file},
                     {"stamp", entry.stamp},
                     {"content", entry.content},
                     {"sampled", entry.sampled},
                     {"weight_bytes", entry.weight_bytes},
                     {"words", entry.words},
                     {"sketch_bytes", entry.sketch_bytes},
                     {"standard_bytes", entry.standard_bytes},
                     {"file_bytes", entry.file_bytes},
                     {"notes", entry.notes},
                     {"error", entry.error}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<FingerprintEntry> entry_of(const std::string& text) {
  const Json line = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!line.is_object()) return std::nullopt;
  const auto get = [&]<class T>(const char* key, T& to) {
    const auto found = line.find(key);
    if (found == line.end()) return;
    if constexpr (std::is_same_v<T, std::string>) {
      if (found->is_string()) to = found->get<std::string>();
    } else if constexpr (std::is_same_v<T, bool>) {
      if (found->is_boolean()) to = found->get<bool>();
    } else if constexpr (std::is_integral_v<T>) {
      if (found->is_number_unsigned()) to = found->get<T>();
    } else if (found->is_array()) {
      for (const Json& item : *found) {
        if (item.is_string()) to.push_back(item.get<std::string>());
      }
    }
  };
  FingerprintEntry entry;
  std::string status;
  get("model", entry.model);
  get("status", status);
  get("file", entry.file);
  get("stamp", entry.stamp);
  get("content", entry.content);
  get("sampled", entry.sampled);
  get("weight_bytes", entry.weight_bytes);
  get("words", entry.words);
  get("sketch_bytes", entry.sketch_bytes);
  get("standard_bytes", entry.standard_bytes);
  get("file_bytes", entry.file_bytes);
  get("notes", entry.notes);
  get("error", entry.error);
  const bool failed = status == fingerprint_status_name(FingerprintStatus::failed);
  entry.status = failed ? FingerprintStatus::failed : FingerprintStatus::written;
  return entry.model.empty() ? std::nullopt : std::optional(std::move(entry));
}

Error io_error(std::string message, const fs::path& path) {
  return {.code = ErrorCode::io, .message = std::move(message), .file = path.string()};
}

}  // namespace

Result<std::map<std::string, FingerprintEntry>> read_manifests(const fs::path& folder) {
  std::map<std::string, FingerprintEntry> entries;
  std::error_code problem;
  for (const fs::directory_entry& file : fs::directory_iterator(folder, problem)) {
    const std::string name = file.path().filename().string();
    if (!name.starts_with(kManifest) || !name.ends_with(kExtension)) continue;
    std::ifstream in(file.path());
    if (!in) return io_error("cannot read the manifest", file.path());
    for (std::string line; std::getline(in, line);) {
      if (auto entry = entry_of(line)) entries.insert_or_assign(entry->model, *std::move(entry));
    }
  }
  if (problem) return io_error("cannot list the folder: " + problem.message(), folder);
  return entries;
}

ManifestWriter::ManifestWriter(const fs::path& folder, Shard shard)
    : path_(folder / (shard.count == 1 ? fmt::format("{}{}", kManifest, kExtension)
                                       : fmt::format("{}-{}-of-{}{}", kManifest, shard.index,
                                                     shard.count, kExtension))) {}

Result<void> ManifestWriter::add(const FingerprintEntry& entry) {
  const std::lock_guard lock(mutex_);
  // A line that a killed run left unfinished must not swallow this one.
  bool unfinished = false;
  if (std::ifstream in(path_, std::ios::ate | std::ios::binary); in && in.tellg() > 0) {
    in.seekg(-1, std::ios::end);
    unfinished = in.get() != '\n';
  }
  std::ofstream out(path_, std::ios::app | std::ios::binary);
  out << (unfinished ? "\n" : "") << line_of(entry) << std::flush;
  return out ? Result<void>() : io_error("cannot write the manifest", path_);
}

}  // namespace prov::cli
