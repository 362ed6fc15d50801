#include "store/deep_signal_archive.hpp"

#include <span>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "signals/deep_signals.hpp"
#include "store/parquet_module.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestFile = 256 * 1024 * 1024;  // bytes
constexpr std::string_view kFamilies = "by-family/";
constexpr std::string_view kInDatabase = "features/deep-signals/";
constexpr std::string_view kEnding = "_deep-signals.parquet";

/// A folder can only be asked for names, an archive for what its names end with.
std::optional<std::string> find_root(const BundleFiles& files, const fs::path& place) {
  std::error_code error;
  for (const std::string_view root : {std::string_view(), kInDatabase}) {
    if (fs::is_directory(place / root / kFamilies, error)) return std::string(root);
  }
  const std::optional<std::string> file = files.find_ending(kEnding);
  const std::size_t begin = file ? file->find(kFamilies) : std::string::npos;
  if (begin == std::string::npos || (begin > 0 && (*file)[begin - 1] != '/')) return std::nullopt;
  return file->substr(0, begin);
}

}  // namespace

Result<DeepSignalArchive> DeepSignalArchive::open(const KitCatalog& catalog,
                                                  const fs::path& archive) {
  if (archive.empty()) {
    return DeepSignalArchive(catalog.place, catalog.files, catalog.root + std::string(kInDatabase));
  }
  PROV_TRY(std::unique_ptr<BundleFiles> files, open_bundle(archive));
  const std::optional<std::string> root = find_root(*files, archive);
  if (!root) {
    return Error{.code = ErrorCode::not_found,
                 .message = "no weight signals of the published kit in it",
                 .file = archive.string(),
                 .field = std::string(kFamilies),
                 .hint = "deep-signals.zip is expected, or the folder that it was unpacked into"};
  }
  return DeepSignalArchive(archive, std::move(files), *root);
}

std::optional<std::string> DeepSignalArchive::find(const signals::KitBundle& bundle) const {
  const std::size_t begin = bundle.deep_signals.find(kFamilies);
  if (begin == std::string::npos) return std::nullopt;
  std::string file = root_ + bundle.deep_signals.substr(begin);
  if (!files_->contains(file)) return std::nullopt;
  return file;
}

Result<signals::WeightSignals> DeepSignalArchive::read(const std::string& file,
                                                       const signals::KitBundle& bundle) const {
  PROV_TRY(const ParquetModule* module, parquet_module());
  PROV_TRY(const std::string text, files_->read(file, kLargestFile));
  const std::string name = (place_ / file).string();
  signals::DeepSignals signals(name);
  PROV_CHECK(module->read_deep_signals(
      base::as_byte_span(text), name,
      [&](const signals::DeepSignalRow& row) { return signals.add(row); }));
  return std::move(signals).finish(bundle);
}

}  // namespace prov::store
