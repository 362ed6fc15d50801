#include "store/kit_bundle.hpp"

#include <nlohmann/json.hpp>

#include "base/try.hpp"
#include "model/json_text.hpp"
#include "signals/fingerprint_codec.hpp"
#include "store/batched_adding.hpp"
#include "store/deep_signal_archive.hpp"
#include "store/kit_catalog.hpp"

namespace prov::store {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestFile = 16 * 1024 * 1024;  // bytes
const std::string kSignalsPart = "signals", kKitPart = "kit";

std::string text_of(const json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const json& member(const json& object, std::string_view key) {
  static const json kNothing;
  const auto found = object.find(key);
  return found != object.end() ? *found : kNothing;
}

// The first of mfi.architectures; the model's type where there is none.
std::string architecture_of(const json& mfi) {
  const json& names = member(mfi, "architectures");
  if (names.is_array() && !names.empty() && names[0].is_string()) return names[0];
  return text_of(mfi, "model_type");
}

json metadata_of(const KitAsset& asset, const json& features) {
  json about = {{"origin", "the published kit's database"},
                {"format", asset.format},
                {"param_bucket", asset.param_bucket},
                {"baseline", asset.is_baseline}};
  for (const char* key : {"family_id", "model_id", "asset_id", "status", "updated_at",
                          "missing_signals", "artifact_refs"})
    about[key] = member(features, key);
  return about;
}

Record make_record(const KitAsset& asset, const json& features) {
  Record record;
  record.publisher = asset.publisher;
  record.id = asset.record_id();
  record.family = asset.family_name;
  record.architecture = architecture_of(member(features, "mfi"));
  record.source = asset.source_uri;
  record.metadata_json = metadata_of(asset, features).dump();
  json signals;
  for (const char* key : {"mfi", "tfv", "vocab", "signals"}) signals[key] = member(features, key);
  const std::string text = signals.dump();
  const std::span<const std::byte> bytes = base::as_byte_span(text);
  record.parts[kSignalsPart].assign(bytes.begin(), bytes.end());
  return record;
}

class Importer {
 public:
  Importer(const Store& target, const KitCatalog& catalog, const DeepSignalArchive& deep_signals,
           const TransferOptions& options)
      : target_(target),
        catalog_(catalog),
        deep_signals_(deep_signals),
        options_(options),
        adding_(target, options) {}

  Result<Transfer> run() {
    if (options_.progress != nullptr) options_.progress->phase("reading the published database");
    for (const Error& damaged : catalog_.damaged)
      adding_.leave_out({damaged.file, damaged.to_string()});
    for (const KitAsset& asset : catalog_.assets) {
      PROV_CHECK(adding_.check_stop());
      Result<Record> record = record_of(asset);
      if (record) {
        if (Result<void> taken = take_deep_signals(asset, *record); !taken)
          PROV_CHECK(name_unread(asset, std::move(taken).error()));
        PROV_CHECK(adding_.add(*record));
      } else {
        adding_.leave_out({asset.asset_id, record.error().to_string()});
      }
    }
    PROV_TRY(Transfer transfer, adding_.finish());
    PROV_CHECK(keep_licence());
    return transfer;
  }

 private:
  Result<Record> record_of(const KitAsset& asset) const {
    const std::string name = catalog_.name_of(asset.feature_path);
    PROV_TRY(const std::string text, catalog_.read(asset.feature_path));
    PROV_TRY(const json features, model::parse_json_text(text, name));
    if (!member(features, "mfi").is_object())
      return Error{.code = ErrorCode::malformed, .message = "no mfi", .file = name};
    Record record = make_record(asset, features);
    PROV_CHECK(check_record(record));
    return record;
  }

  Result<void> take_deep_signals(const KitAsset& asset, Record& record) const {
    const std::vector<std::byte>& text = record.parts.at(kSignalsPart);
    const Result<signals::KitBundle> bundle = read_kit_bundle(catalog_, asset);
    if (!bundle) return {};  // the record says as much when it is compared
    const std::optional<std::string> file = deep_signals_.find(*bundle);
    if (!file) return {};
    PROV_TRY(signals::WeightSignals weights, deep_signals_.read(*file, *bundle));
    std::vector<std::byte> all = signals::encode({std::move(weights), bundle->mfi, bundle->tfv});
    if (all.size() > kLargestPart)
      return Error{.code = ErrorCode::too_large, .message = "too many numbers", .file = *file};
    record.parts[kKitPart] = text;
    record.parts[kSignalsPart] = std::move(all);
    return {};
  }

  /// A module that is missing is missing for all of them: said once.
  Result<void> name_unread(const KitAsset& asset, const Error& error) {
    if (error.code == ErrorCode::cancelled) return error;
    const bool is_module = error.code == ErrorCode::unsupported;
    if (!is_module || !module_missing_) {
      adding_.leave_out(
          {is_module ? "weight signals" : asset.asset_id + ", weight signals", error.to_string()});
    }
    module_missing_ = module_missing_ || is_module;
    return {};
  }

  Result<void> keep_licence() const {
    const BundleFiles& files = *catalog_.files;
    for (const char* ending : {".dist-info/licenses/LICENSE", ".dist-info/LICENSE", "LICENSE"}) {
      const std::optional<std::string> name = files.find_ending(ending);
      if (!name) continue;
      const Result<std::string> text = files.read(*name, kLargestFile);
      if (text) return target_.set_fact("notice.published-kit", *text);
    }
    return {};
  }

  const Store& target_;
  const KitCatalog& catalog_;
  const DeepSignalArchive& deep_signals_;
  const TransferOptions& options_;
  BatchedAdding adding_;
  bool module_missing_ = false;
};

}  // namespace

Result<Transfer> import_kit_bundle(const Store& target, const std::filesystem::path& path,
                                   const TransferOptions& options,
                                   const std::filesystem::path& deep_signals) {
  PROV_TRY(const KitCatalog catalog, read_kit_catalog(path));
  PROV_TRY(const DeepSignalArchive archive, DeepSignalArchive::open(catalog, deep_signals));
  return Importer(target, catalog, archive, options).run();
}

}  // namespace prov::store
