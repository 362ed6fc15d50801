// Where the published kit keeps the weight signals of its models: in the folder of its database, or
// in the archive that it fetches. Source: specification of the kit, sections 9.1, 9.4 and 9.5.
//
//   features/deep-signals/by-family/<family>/<asset>_deep-signals.parquet     in the database
//   [any folder/]by-family/<family>/<asset>_deep-signals.parquet              in the archive
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "signals/weight_signals.hpp"
#include "store/kit_catalog.hpp"

namespace prov::store {

class DeepSignalArchive {
 public:
  /// `archive`: a zip file, or a folder of one of the layouts above; empty: what lies in the
  /// database of `catalog`, which must outlive this. Errors: those of open_bundle; not_found for an
  /// archive without such a file.
  static Result<DeepSignalArchive> open(const KitCatalog& catalog,
                                        const std::filesystem::path& archive);

  /// Where the file of the model is, if it has one here.
  std::optional<std::string> find(const signals::KitBundle& bundle) const;
  /// Its signals; `file` from find(). Errors: those of BundleFiles::read, too_large above 256 MiB;
  /// of the module for Parquet, unsupported where it is missing; of signals::DeepSignals.
  Result<signals::WeightSignals> read(const std::string& file,
                                      const signals::KitBundle& bundle) const;

 private:
  DeepSignalArchive(std::filesystem::path place, std::shared_ptr<const BundleFiles> files,
                    std::string root)
      : place_(std::move(place)), files_(std::move(files)), root_(std::move(root)) {}

  std::filesystem::path place_;
  std::shared_ptr<const BundleFiles> files_;
  std::string root_;  // before "by-family/"
};

}  // namespace prov::store
