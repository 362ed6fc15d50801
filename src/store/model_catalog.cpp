#include "store/model_catalog.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/try.hpp"
#include "model/json_text.hpp"
#include "source/byte_source.hpp"
#include "source/hub/hub_id.hpp"
#include "store/kit_catalog.hpp"

namespace prov::store {
namespace {

constexpr std::string_view kHub = "https://huggingface.co";
constexpr std::uint64_t kLargestCatalog = 256 * 1024 * 1024;  // bytes

Error no_entry(std::string message, std::string_view field = "") {
  return {.code = ErrorCode::malformed, .message = std::move(message), .field = std::string(field)};
}

Result<RecordFields> read_entry(std::string_view line) {
  PROV_TRY(const nlohmann::json object, model::parse_json_text(line, ""));
  if (!object.is_object()) return no_entry("no object");
  Record record;
  for (const auto& [key, value] : object.items()) {
    if (key == "metadata") {
      if (!value.is_object()) return no_entry("no object", key);
      record.metadata_json = value.dump();
      continue;
    }
    std::string* text = nullptr;
    for (const auto& [name, field] : {std::pair{"id", &record.id},
                                      {"source", &record.source},
                                      {"publisher", &record.publisher},
                                      {"family", &record.family},
                                      {"architecture", &record.architecture},
                                      {"revision", &record.revision},
                                      {"licence", &record.licence}})
      if (key == name) text = field;
    if (text == nullptr) return no_entry("unknown key", key);
    if (!value.is_string()) return no_entry("no text", key);
    *text = value.get<std::string>();
  }
  PROV_CHECK(check_record(record));
  if (record.source.empty()) return no_entry("it names no place of the model", "source");
  return RecordFields(record);
}

class Catalog {
 public:
  explicit Catalog(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void add(RecordFields fields, const std::string& name) {
    if (!ids_.insert(fields.id).second) {
      leave_out(name, fmt::format("the id \"{}\" comes a second time", fields.id));
      return;
    }
    std::string reference = reference_of(fields);
    catalog_.entries.push_back({std::move(fields), std::move(reference)});
  }
  void leave_out(const std::string& name, const std::string& what) {
    catalog_.damage.push_back({name, what});
  }
  ModelCatalog take() { return std::move(catalog_); }

 private:
  /// A path, where there is something; else an address or a name elsewhere.
  std::string reference_of(const RecordFields& fields) const {
    const std::string& source = fields.source;
    const std::filesystem::path path = (folder_ / source).lexically_normal();
    std::error_code error;
    if (std::filesystem::exists(path, error)) return path.string();
    if (const auto hub = source::parse_hub_id(source, kHub); hub && hub->file.empty()) {
      const std::string& revision = fields.revision.empty() ? hub->revision : fields.revision;
      return fmt::format("hf:{}@{}", hub->name, revision);  // also where HF_ENDPOINT is a mirror
    }
    const bool is_elsewhere = source.find("://") != std::string::npos ||
                              source.starts_with("ollama:") || source.starts_with("~");
    return is_elsewhere ? source : path.string();
  }

  std::filesystem::path folder_;
  ModelCatalog catalog_;
  std::set<std::string, std::less<>> ids_;
};

std::string metadata_of(const KitAsset& asset) {
  return nlohmann::json({{"asset_id", asset.asset_id},
                         {"model_id", asset.model_id},
                         {"family_id", asset.family_id},
                         {"format", asset.format},
                         {"param_bucket", asset.param_bucket},
                         {"baseline", asset.is_baseline}})
      .dump();
}

Result<ModelCatalog> read_kit(const std::filesystem::path& path, bool is_folder) {
  PROV_TRY(const KitCatalog kit, read_kit_catalog(path));
  Catalog catalog(is_folder ? path : path.parent_path());
  for (const Error& error : kit.damaged) catalog.leave_out(error.file, error.to_string());
  for (const KitAsset& asset : kit.assets) {
    RecordFields fields;
    fields.id = asset.record_id();
    fields.metadata_json = metadata_of(asset);
    fields.publisher = asset.publisher;
    fields.family = asset.family_name;
    fields.source = asset.source_uri;
    if (fields.source.empty())
      catalog.leave_out(asset.asset_id, "it names no place of the model");
    else if (fields.id.empty() || fields.id.ends_with('/'))
      catalog.leave_out(asset.asset_id, "the model has no name");
    else
      catalog.add(std::move(fields), asset.asset_id);
  }
  return catalog.take();
}

}  // namespace

Result<ModelCatalog> read_model_catalog(const std::filesystem::path& path) {
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(path, error);
  if (is_folder || path.extension() == ".whl") return read_kit(path, is_folder);
  PROV_TRY(const std::unique_ptr<source::ByteSource> file, source::open_local_file(path.string()));
  PROV_TRY(const std::string text, source::read_all(*file, kLargestCatalog));
  Catalog catalog(path.parent_path());
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    const std::string name = fmt::format("line {}", ++number);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Result<RecordFields> fields = read_entry(line);
    if (fields)
      catalog.add(*std::move(fields), name);
    else
      catalog.leave_out(name, fields.error().to_string());
  }
  return catalog.take();
}

}  // namespace prov::store
