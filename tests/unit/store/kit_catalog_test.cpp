#include "store/kit_catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace prov::store {
namespace {

using testing::HasSubstr;

const std::string kKitFolder = PROV_REPOSITORY "/tests/support/kit_folder";

std::vector<std::string> names(const KitCatalog& catalog) {
  std::vector<std::string> result;
  for (const KitAsset& asset : catalog.assets) result.push_back(asset.asset_id);
  return result;
}

/// A folder with one family, whose catalogue is `family`.
KitCatalog catalog_of(const tests::TempFolder& folder, std::string_view family) {
  folder.write("catalog/manifest.json", R"({"shards": [{"shard_path": "f.json"}]})");
  folder.write("f.json", family);
  Result<KitCatalog> catalog = read_kit_catalog(folder.path());
  EXPECT_TRUE(catalog.has_value()) << catalog.error().to_string();
  return *std::move(catalog);
}

TEST(KitCatalog, KeepsTheOrderOfManifestFamilyAndAsset) {
  const Result<KitCatalog> catalog = read_kit_catalog(kKitFolder);
  ASSERT_TRUE(catalog.has_value()) << catalog.error().to_string();
  EXPECT_TRUE(is_kit_folder(kKitFolder));
  EXPECT_THAT(names(*catalog),
              testing::ElementsAre("gpt2-a__hf-safetensors", "gpt2-damaged", "gpt2-large",
                                   "qwen-a2__hf-safetensors", "qwen-a__hf-safetensors",
                                   "bert-a__hf-safetensors"));
  EXPECT_TRUE(catalog->damaged.empty());
  const KitAsset& asset = catalog->assets.back();
  EXPECT_EQ(asset.family_name, "BERT");
  EXPECT_EQ(asset.publisher, "elsewhere");
  EXPECT_EQ(asset.source_uri, "https://example.org/bert-a");
  const Result<signals::KitBundle> bundle = read_kit_bundle(*catalog, asset);
  ASSERT_TRUE(bundle.has_value()) << bundle.error().to_string();
  EXPECT_EQ(bundle->mfi.model_type, "bert");
  EXPECT_FALSE(has_deep_signals(*catalog, *bundle));
}

TEST(KitCatalog, WithoutManifestIsRefusedInTheKitsWords) {
  const tests::TempFolder folder;
  EXPECT_FALSE(is_kit_folder(folder.path()));
  const Result<KitCatalog> catalog = read_kit_catalog(folder.path());
  ASSERT_FALSE(catalog.has_value());
  EXPECT_EQ(catalog.error().code, ErrorCode::not_found);
  EXPECT_EQ(catalog.error().message,
            "Catalog manifest not found: " + folder.string() + "/catalog/manifest.json");
}

TEST(KitCatalog, DamagedManifestIsAnError) {
  const tests::TempFolder folder;
  for (const char* text : {"", "{", "[]", R"({"shards": {}})"}) {
    folder.write("catalog/manifest.json", text);
    const Result<KitCatalog> catalog = read_kit_catalog(folder.path());
    ASSERT_FALSE(catalog.has_value()) << text;
    EXPECT_EQ(catalog.error().code, ErrorCode::malformed) << text;
  }
}

TEST(KitCatalog, DamagedFamilyIsNamedAndLeftOut) {
  const tests::TempFolder folder;
  folder.write("catalog/manifest.json",
               R"({"shards": [{"shard_path": "no.json"}, 1, {"shard_path": "bad.json"},
                   {"shard_path": "nameless.json"}, {"shard_path": "good.json"}]})");
  folder.write("bad.json", "{");
  folder.write("nameless.json", R"({"family": {"display_name": "X"}})");
  folder.write("good.json", R"({"family": {"family_id": "f"}, "assets": [{"asset_id": "a"}]})");
  const Result<KitCatalog> catalog = read_kit_catalog(folder.path());
  ASSERT_TRUE(catalog.has_value());
  EXPECT_THAT(names(*catalog), testing::ElementsAre("a"));
  EXPECT_EQ(catalog->assets[0].family_name, "f");
  ASSERT_EQ(catalog->damaged.size(), 4u);
  EXPECT_EQ(catalog->damaged[0].code, ErrorCode::not_found);
  EXPECT_EQ(catalog->damaged[2].code, ErrorCode::malformed);
  EXPECT_EQ(catalog->damaged[3].field, "family.family_id");
}

TEST(KitCatalog, LastAssetOfANameCountsAtThePlaceOfTheFirst) {
  const tests::TempFolder folder;
  const KitCatalog catalog = catalog_of(folder, R"({"family": {"family_id": "f"}, "assets": [
                 {"asset_id": "a", "param_bucket": "40B+"}, {"asset_id": "b"}, 7, {"model_id": "x"},
                 {"asset_id": "a", "param_bucket": "<=1B"}]})");
  EXPECT_THAT(names(catalog), testing::ElementsAre("a", "b"));
  EXPECT_EQ(catalog.assets[0].param_bucket, "<=1B");
  EXPECT_EQ(catalog.damaged.size(), 2u);
}

TEST(KitCatalog, NoPathLeavesTheFolder) {
  const tests::TempFolder folder;
  folder.write("secret.json", "{}");
  for (const std::string path : {"../secret.json", "/etc/passwd", "a/../../secret.json", ""}) {
    folder.write("db/catalog/manifest.json", R"({"shards": [{"shard_path": ")" + path + R"("}]})");
    const Result<KitCatalog> catalog = read_kit_catalog(folder.path() / "db");
    ASSERT_TRUE(catalog.has_value());
    ASSERT_EQ(catalog->damaged.size(), 1u) << path;
    EXPECT_EQ(catalog->damaged[0].code, ErrorCode::unsafe_path) << path;
    const Result<signals::KitBundle> bundle =
        read_kit_bundle(*catalog, {.asset_id = "a", .feature_path = path});
    ASSERT_FALSE(bundle.has_value());
    EXPECT_EQ(bundle.error().code, ErrorCode::unsafe_path) << path;
  }
}

}  // namespace
}  // namespace prov::store
