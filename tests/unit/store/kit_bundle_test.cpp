#include "store/kit_bundle.hpp"

#include <gtest/gtest.h>
#include <zip.h>

#include <map>

#include "store/bundle_files.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;
using test::ids;
using testing::ElementsAre;
using testing::HasSubstr;

using Files = std::map<std::string, std::string>;

// Two families, three models, as the kit's database has them.
Files sample_bundle() {
  return {
      {"catalog/manifest.json",
       R"({"shards": [{"shard_path": "catalog/a.json"}, {"shard_path": "catalog/b.json"}]})"},
      {"catalog/a.json",
       R"({"family": {"family_id": "org--x", "display_name": "X", "publisher": "org", "baseline_model_ids": ["x-1"]},
           "assets": [{"asset_id": "x-1__a", "model_id": "x-1", "feature_path": "features/x-1.json",
                       "source_uri": "https://huggingface.co/Org/x-1", "format": "safetensors", "param_bucket": "<=1B"},
                      {"asset_id": "x-2__a", "model_id": "x-2", "feature_path": "features/x-2.json"}]})"},
      {"catalog/b.json",
       R"({"family": {"family_id": "y", "display_name": "Y"}, "assets": [{"asset_id": "y__a", "model_id": "y", "feature_path": "features/y.json"}]})"},
      {"features/x-1.json",
       R"({"model_id": "x-1", "status": "ok", "mfi": {"architectures": ["XForCausalLM"], "hidden_size": 8, "rope_theta": 1e4},
           "tfv": {"vocab_size": 9}, "vocab": {"size": 9}, "signals": {"num_layers": 2}})"},
      {"features/x-2.json", R"({"mfi": {"model_type": "x"}})"},
      {"features/y.json", R"({"mfi": {}})"},
      {"LICENSE", "licence text"},
  };
}

class KitBundleTest : public testing::Test {
 protected:
  fs::path folder(const Files& files) const {
    fs::remove_all(folder_.path() / "bundle");
    for (const auto& [name, text] : files) folder_.write("bundle/" + name, text);
    return folder_.path() / "bundle";
  }
  fs::path archive(const Files& files) const {
    const fs::path path = folder_.path() / "bundle.whl";
    zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    for (const auto& [name, text] : files) {
      zip_source_t* source = zip_source_buffer(zip, text.data(), text.size(), 0);
      EXPECT_GE(zip_file_add(zip, name.c_str(), source, 0), 0);
    }
    EXPECT_EQ(zip_close(zip), 0);
    return path;
  }
  Transfer import(const fs::path& path) {
    const Result<Transfer> transfer = import_kit_bundle(store_, path, {});
    EXPECT_TRUE(transfer.has_value()) << transfer.error().to_string();
    return transfer ? *transfer : Transfer{};
  }
  tests::TempFolder folder_;
  Store store_ = test::open_store(folder_.path() / "models.db");
};

TEST_F(KitBundleTest, BecomesRecordsWithoutWeights) {
  const Transfer transfer = import(folder(sample_bundle()));
  EXPECT_EQ(transfer.added, 3U);
  EXPECT_EQ(transfer.damage_count, 0U);
  EXPECT_THAT(ids(store_), ElementsAre("Org/x-1", "org/x-2", "y"));
  const Record record = **store_.find("Org/x-1");
  EXPECT_FALSE(record.has_weights);
  EXPECT_EQ(record.publisher, "org");
  EXPECT_EQ(record.family, "X");
  EXPECT_EQ(record.architecture, "XForCausalLM");
  EXPECT_EQ(record.source, "https://huggingface.co/Org/x-1");
  EXPECT_THAT(record.metadata_json, HasSubstr(R"("baseline":true)"));
  EXPECT_EQ(base::as_text(record.parts.at("signals")),
            R"({"mfi":{"architectures":["XForCausalLM"],"hidden_size":8,"rope_theta":10000.0},)"
            R"("signals":{"num_layers":2},"tfv":{"vocab_size":9},"vocab":{"size":9}})");
  EXPECT_EQ((*store_.find("org/x-2"))->architecture, "x");
  EXPECT_THAT((*store_.find("org/x-2"))->metadata_json, HasSubstr(R"("baseline":false)"));
  EXPECT_EQ(**store_.fact("notice.published-kit"), "licence text");
  EXPECT_EQ(import(folder(sample_bundle())).unchanged, 3U);
}

TEST_F(KitBundleTest, AWheelAndAPackageFolderGiveTheSame) {
  ASSERT_EQ(import(folder(sample_bundle())).added, 3U);
  Files wheel;
  for (const auto& [name, text] : sample_bundle())
    wheel[name == "LICENSE" ? "kit-1.0.dist-info/licenses/LICENSE"
                            : "provenancekit/data/database/" + name] = text;
  EXPECT_EQ(import(archive(wheel)).unchanged, 3U);
  EXPECT_EQ(import(folder(wheel)).unchanged, 3U);
  EXPECT_EQ(import(folder_.path() / "bundle/provenancekit").unchanged, 3U);
}

TEST_F(KitBundleTest, WhatIsBrokenIsLeftOutAndNamed) {
  Files files = sample_bundle();
  files.erase("catalog/b.json");
  files["features/x-1.json"] = "{";
  const Transfer transfer = import(folder(files));
  EXPECT_EQ(transfer.added, 1U);
  ASSERT_EQ(transfer.damage_count, 2U);
  EXPECT_THAT(transfer.damage[0].record, HasSubstr("bundle/catalog/b.json"));
  EXPECT_EQ(transfer.damage[1].record, "x-1__a");
}

TEST_F(KitBundleTest, APathThatLeadsOutIsNotFollowed) {
  folder_.write("secret.json", R"({"mfi": {}})");
  for (const char* name : {"../secret.json", "/etc/passwd", "features/../../secret.json",
                           "link.json", "..\\secret.json", ""}) {
    Files files = sample_bundle();
    files["catalog/b.json"] =
        R"({"family": {"family_id": "f"}, "assets": [{"asset_id": "evil", "model_id": "evil", "feature_path": ")" +
        std::string(name == std::string("..\\secret.json") ? "..\\\\secret.json" : name) + "\"}]}";
    const fs::path path = folder(files);
    folder_.link("bundle/link.json", "../secret.json");
    const Transfer transfer = import(path);
    ASSERT_EQ(transfer.damage_count, 1U) << name;
    EXPECT_EQ(transfer.damage[0].record, "evil");
    EXPECT_THAT(transfer.damage[0].what, HasSubstr("leads out")) << name;
  }
  EXPECT_FALSE(store_.find("evil")->has_value());
}

TEST_F(KitBundleTest, AZipBombIsNotUnpacked) {
  Files files = sample_bundle();
  files["features/y.json"] = std::string(64 * 1024 * 1024, ' ');
  const fs::path bomb = archive(files);
  EXPECT_LT(fs::file_size(bomb), 1'000'000U);
  const Transfer transfer = import(bomb);
  EXPECT_EQ(transfer.added, 2U);
  ASSERT_EQ(transfer.damage_count, 1U);
  EXPECT_THAT(transfer.damage[0].what, HasSubstr("more than 16777216 bytes"));
}

TEST_F(KitBundleTest, WhatIsNoBundle) {
  EXPECT_EQ(import_kit_bundle(store_, folder_.path() / "none", {}).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(import_kit_bundle(store_, folder_.path(), {}).error().code, ErrorCode::not_found);
  const fs::path text = folder_.write("text.whl", "PK nonsense");
  EXPECT_EQ(import_kit_bundle(store_, text, {}).error().code, ErrorCode::malformed);
  EXPECT_EQ(import_kit_bundle(store_, archive({{"a", "b"}}), {}).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(import_kit_bundle(store_, folder({{"catalog/manifest.json", "{}"}}), {}).error().code,
            ErrorCode::malformed);
  EXPECT_EQ(import_kit_bundle(store_, folder({{"catalog/manifest.json", "[1"}}), {}).error().code,
            ErrorCode::malformed);
}

// Any prefix and any flipped byte of an archive: an error or named damage, never a crash.
TEST_F(KitBundleTest, DamagedArchivesAreRefusedOrNamed) {
  const fs::path whole = archive(sample_bundle());
  std::string bytes(fs::file_size(whole), '\0');
  std::FILE* file = std::fopen(whole.c_str(), "rb");
  ASSERT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
  std::fclose(file);
  ASSERT_EQ(import(whole).added, 3U);
  for (std::size_t at = 0; at < bytes.size(); at += 11) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
    for (const std::string& spoiled : {flipped, bytes.substr(0, at)}) {
      const Result<Transfer> transfer =
          import_kit_bundle(store_, folder_.write("bad.whl", spoiled), {});
      if (!transfer) continue;
      EXPECT_EQ(transfer->replaced + transfer->kept_count, 0U) << "byte " << at;
    }
  }
  EXPECT_THAT(ids(store_), ElementsAre("Org/x-1", "org/x-2", "y"));
}

}  // namespace
}  // namespace prov::store
