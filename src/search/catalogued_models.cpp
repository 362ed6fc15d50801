#include "search/catalogued_models.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/try.hpp"
#include "store/kit_catalog.hpp"

namespace prov::search {
namespace {

class CataloguedModels : public KnownModels {
 public:
  explicit CataloguedModels(store::KitCatalog catalog) : catalog_(std::move(catalog)) {}

  Result<std::uint64_t> count() const override { return std::uint64_t{catalog_.assets.size()}; }

  Result<void> for_each(const Wants& wants, const Visit& visit,
                        std::vector<Error>& damaged) const override {
    damaged.insert(damaged.end(), catalog_.damaged.begin(), catalog_.damaged.end());
    for (const store::KitAsset& asset : catalog_.assets) {
      KnownModel model{.asset_id = asset.asset_id,
                       .model_id = asset.model_id,
                       .family_id = asset.family_id,
                       .family_name = asset.family_name,
                       .publisher = asset.publisher,
                       .param_bucket = asset.param_bucket,
                       .source_uri = asset.source_uri};
      // As in the kit: without features there is nothing to compare.
      if (asset.feature_path.empty() || !wants(model)) continue;
      const Result<signals::KitBundle> bundle = store::read_kit_bundle(catalog_, asset);
      if (!bundle) {
        damaged.push_back(bundle.error());
        continue;
      }
      damaged.insert(damaged.end(), bundle->notes.begin(), bundle->notes.end());
      if (model.model_id.empty()) model.model_id = bundle->model_id;
      if (store::has_deep_signals(catalog_, *bundle)) ++unread_archives_;
      signals::Fingerprint fingerprint;
      fingerprint.mfi = bundle->mfi;
      fingerprint.tfv = bundle->tfv;
      PROV_CHECK(visit(model, fingerprint));
    }
    return {};
  }

  Result<void> for_each_akin(const fingerprint::Sketch& /*query*/, const VisitAkin& /*visit*/,
                             std::vector<Error>& /*damaged*/) const override {
    return {};
  }

  std::vector<std::string> notes() const override {
    if (unread_archives_ == 0) return {};
    return {
        fmt::format("The weight signals of {} models lie beside their records as Parquet "
                    "files, which are read by db import kit only.",
                    unread_archives_)};
  }

 private:
  store::KitCatalog catalog_;
  mutable std::uint64_t unread_archives_ = 0;
};

}  // namespace

Result<std::unique_ptr<KnownModels>> open_catalogued_models(const std::filesystem::path& root) {
  PROV_TRY(store::KitCatalog catalog, store::read_kit_catalog(root));
  return std::unique_ptr<KnownModels>(std::make_unique<CataloguedModels>(std::move(catalog)));
}

}  // namespace prov::search
