#include "store/model_catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "support/temp_folder.hpp"

namespace prov::store {
namespace {

using testing::HasSubstr;

/// What is opened for an entry of these fields beside `source`.
std::string reference_of(const tests::TempFolder& folder, const std::string& source,
                         const std::string& more = "") {
  const auto path =
      folder.write("c.jsonl", R"({"id": "a", "source": ")" + source + '"' + more + "}");
  const Result<ModelCatalog> catalog = read_model_catalog(path);
  EXPECT_TRUE(catalog && catalog->entries.size() == 1) << source;
  return catalog && !catalog->entries.empty() ? catalog->entries[0].reference : "";
}

TEST(ModelCatalog, PathsCountFromItsFolderAndComeBeforeTheHub) {
  const tests::TempFolder folder;
  EXPECT_EQ(reference_of(folder, "models/a/../b.gguf"), (folder.path() / "models/b.gguf").string());
  EXPECT_EQ(reference_of(folder, "org/name"), "hf:org/name@main");
  folder.write("org/name/config.json", "{}");
  EXPECT_EQ(reference_of(folder, "org/name"), (folder.path() / "org/name").string());
}

TEST(ModelCatalog, ModelsElsewhereAreNamedAsTheyAreOpened) {
  const tests::TempFolder folder;
  const std::string commit(40, 'a');
  const std::map<std::string, std::string> references = {
      {"https://huggingface.co/org/name", "hf:org/name@main"},
      {"https://huggingface.co/org/name/tree/v2", "hf:org/name@v2"},
      {"hf:org/name@v1", "hf:org/name@v1"},
      {"ollama:llama3:8b", "ollama:llama3:8b"},
      {"https://example.org/model.gguf", "https://example.org/model.gguf"}};
  for (const auto& [source, reference] : references)
    EXPECT_EQ(reference_of(folder, source), reference);
  EXPECT_EQ(reference_of(folder, "hf:org/name", R"(, "revision": ")" + commit + '"'),
            "hf:org/name@" + commit);
}

TEST(ModelCatalog, OfThePublishedKitNamesModelsAsItsImportDoes) {
  const tests::TempFolder folder;
  folder.write("models/b/config.json", "{}");
  folder.write("catalog/manifest.json", R"({"shards": [{"shard_path": "f.json"}]})");
  folder.write("f.json", R"({"family": {"family_id": "f", "display_name": "F", "publisher": "p",
                                        "baseline_model_ids": ["b"]}, "assets": [
      {"asset_id": "a1", "model_id": "a", "source_uri": "https://huggingface.co/Org/A"},
      {"asset_id": "b1", "model_id": "b", "source_uri": "models/b", "param_bucket": "<=1B"},
      {"asset_id": "c1", "model_id": "c"}, {"asset_id": "d1", "source_uri": "x"}]})");
  const Result<ModelCatalog> catalog = read_model_catalog(folder.path());
  ASSERT_TRUE(catalog) << catalog.error().to_string();
  ASSERT_EQ(catalog->entries.size(), 2U);
  EXPECT_EQ(catalog->entries[0].fields.id, "Org/A");
  EXPECT_EQ(catalog->entries[0].reference, "hf:Org/A@main");
  EXPECT_EQ(catalog->entries[1].fields.id, "p/b");
  EXPECT_EQ(catalog->entries[1].reference, (folder.path() / "models/b").string());
  EXPECT_THAT(catalog->entries[1].fields.metadata_json, HasSubstr(R"("baseline":true)"));
  ASSERT_EQ(catalog->damage.size(), 2U);
  EXPECT_EQ(catalog->damage[0].record, "c1");
  EXPECT_EQ(catalog->damage[1].record, "d1");
}

}  // namespace
}  // namespace prov::store
