#include "model/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/checkpoint_builder.hpp"
#include "support/pytorch_builder.hpp"

namespace prov::model {
namespace {

using tests::Pytorch;
using tests::Safetensors;
using tests::TempFolder;

Result<Checkpoint> open_folder(const TempFolder& folder) {
  auto snapshot = source::locate(folder.string());
  EXPECT_TRUE(snapshot);
  return open_checkpoint(*snapshot);
}

ErrorCode code_of(const Result<Checkpoint>& result) {
  return result ? ErrorCode::cancelled : result.error().code;
}

std::vector<std::string> names_of(const Checkpoint& checkpoint) {
  std::vector<std::string> names;
  for (const Tensor& tensor : checkpoint.tensors) names.push_back(tensor.info.name);
  return names;
}

TEST(Checkpoint, GivesTensorsSortedByNameWithRolesWhateverTheirOrderInTheFile) {
  TempFolder folder;
  Safetensors model;
  model.f32("model.norm.weight", {2}, {1, 2})
      .bf16("model.embed_tokens.weight", {3, 2}, {1, 2, 3, 4, 5, 6});
  folder.write("model.safetensors", model.bytes());
  const auto checkpoint = open_folder(folder);
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  EXPECT_THAT(names_of(*checkpoint),
              testing::ElementsAre("model.embed_tokens.weight", "model.norm.weight"));
  const Tensor* embedding = checkpoint->find("model.embed_tokens.weight");
  ASSERT_NE(embedding, nullptr);
  EXPECT_EQ(embedding->role.kind, RoleKind::token_embedding);
  EXPECT_EQ(embedding->rows(), 3u);
  EXPECT_EQ(embedding->row_elements(), 2u);
  EXPECT_EQ(embedding->elements(), 6u);
  EXPECT_EQ(checkpoint->find("model.embed_tokens.weigh"), nullptr);
  EXPECT_EQ(checkpoint->bytes(), 2u * 4 + 6 * 2);
  EXPECT_TRUE(checkpoint->verify_unchanged());
}

TEST(Checkpoint, JoinsShardsAndFindsTheSameTensors) {
  TempFolder folder;
  Safetensors first, second;
  first.f32("b", {1}, {1}).f32("d", {1}, {2});
  second.f32("a", {1}, {3}).f32("c", {1}, {4});
  write_sharded(folder, {first, second});
  const auto checkpoint = open_folder(folder);
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  EXPECT_THAT(names_of(*checkpoint), testing::ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(checkpoint->find("a")->file, 1u);
  EXPECT_EQ(checkpoint->find("b")->file, 0u);
  EXPECT_THAT(checkpoint->warnings, testing::IsEmpty());
}

TEST(Checkpoint, WithoutWeightsIsEmptyAndNoError) {
  TempFolder folder;
  folder.write("config.json", "{}");
  folder.write("training_args.bin", "PK\x03\x04");
  const auto checkpoint = open_folder(folder);
  ASSERT_TRUE(checkpoint);
  EXPECT_TRUE(checkpoint->tensors.empty());
  EXPECT_TRUE(checkpoint->files.empty());
}

TEST(Checkpoint, ShapesWithZeroAndRankZeroHaveTheirSizes) {
  TempFolder folder;
  Safetensors model;
  model.f32("scalar", {}, {7}).f32("empty", {0, 9223372036854775807u, 4}, {});
  folder.write("any-name.safetensors", model.bytes());
  const auto checkpoint = open_folder(folder);
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  EXPECT_EQ(checkpoint->find("scalar")->rows(), 1u);
  EXPECT_EQ(checkpoint->find("scalar")->row_elements(), 1u);
  EXPECT_EQ(checkpoint->find("empty")->rows(), 0u);
  EXPECT_EQ(checkpoint->find("empty")->row_elements(), 0u);
  EXPECT_EQ(checkpoint->find("empty")->elements(), 0u);
}

TEST(Checkpoint, NamesMissingShards) {
  TempFolder folder;
  Safetensors first, second;
  first.f32("a", {1}, {1});
  second.f32("b", {1}, {2});
  write_sharded(folder, {first, second});
  std::filesystem::remove(folder.path() / "model-00002-of-00002.safetensors");
  const auto checkpoint = open_folder(folder);
  ASSERT_EQ(code_of(checkpoint), ErrorCode::not_found);
  EXPECT_EQ(checkpoint.error().field, "model-00002-of-00002.safetensors");
  EXPECT_EQ(checkpoint.error().hint, "incomplete download?");
}

TEST(Checkpoint, JoinsShardsByNameWhenTheIndexIsMissingAndRefusesAnIncompleteSeries) {
  TempFolder folder;
  Safetensors first, second;
  first.f32("a", {1}, {1});
  second.f32("b", {1}, {2});
  write_sharded(folder, {first, second});
  std::filesystem::remove(folder.path() / "model.safetensors.index.json");
  const auto joined = open_folder(folder);
  ASSERT_TRUE(joined) << joined.error().to_string();
  EXPECT_THAT(names_of(*joined), testing::ElementsAre("a", "b"));
  EXPECT_THAT(joined->warnings,
              testing::ElementsAre("no index; 2 shards are joined by their names"));
  std::filesystem::remove(folder.path() / "model-00001-of-00002.safetensors");
  const auto incomplete = open_folder(folder);
  ASSERT_EQ(code_of(incomplete), ErrorCode::not_found);
  EXPECT_EQ(incomplete.error().field, "model-00001-of-00002.safetensors");
}

TEST(Checkpoint, RefusesATensorInTwoShards) {
  TempFolder folder;
  Safetensors first, second;
  first.f32("a", {1}, {1});
  second.f32("a", {1}, {2});
  folder.write("model-00001-of-00002.safetensors", first.bytes());
  folder.write("model-00002-of-00002.safetensors", second.bytes());
  const auto checkpoint = open_folder(folder);
  ASSERT_EQ(code_of(checkpoint), ErrorCode::duplicate);
  EXPECT_EQ(checkpoint.error().field, "a");
  EXPECT_THAT(checkpoint.error().file, testing::EndsWith("model-00002-of-00002.safetensors"));
  EXPECT_THAT(checkpoint.error().message, testing::HasSubstr("model-00001-of-00002.safetensors"));
}

TEST(Checkpoint, ComparesTheIndexWithTheShards) {
  TempFolder folder;
  Safetensors only;
  only.f32("a", {1}, {1}).f32("extra", {1}, {1});
  folder.write("one.safetensors", only.bytes());
  folder.write("model.safetensors.index.json", R"({"weight_map":{"a":"one.safetensors"}})");
  const auto unlisted = open_folder(folder);
  ASSERT_TRUE(unlisted) << unlisted.error().to_string();
  EXPECT_THAT(names_of(*unlisted), testing::ElementsAre("a", "extra"));
  ASSERT_EQ(unlisted->warnings.size(), 1u);
  EXPECT_THAT(unlisted->warnings[0], testing::HasSubstr("extra"));

  folder.write("model.safetensors.index.json",
               R"({"weight_map":{"a":"one.safetensors","absent":"one.safetensors"}})");
  const auto absent = open_folder(folder);
  ASSERT_EQ(code_of(absent), ErrorCode::not_found);
  EXPECT_EQ(absent.error().field, "absent");
  EXPECT_THAT(absent.error().file, testing::EndsWith("one.safetensors"));
}

TEST(Checkpoint, RefusesATensorInAnotherShardThanTheIndexSays) {
  TempFolder folder;
  Safetensors first, second;
  first.f32("a", {1}, {1});
  second.f32("b", {1}, {1});
  folder.write("one.safetensors", first.bytes());
  folder.write("two.safetensors", second.bytes());
  folder.write("model.safetensors.index.json",
               R"({"weight_map":{"a":"two.safetensors","b":"one.safetensors"}})");
  const auto checkpoint = open_folder(folder);
  ASSERT_EQ(code_of(checkpoint), ErrorCode::not_found);
  EXPECT_EQ(checkpoint.error().field, "a");
  EXPECT_THAT(checkpoint.error().message, testing::HasSubstr("one.safetensors holds"));
}

TEST(Checkpoint, RefusesToChooseBetweenEqualFiles) {
  TempFolder folder;
  Safetensors model;
  model.f32("a", {1}, {1});
  folder.write("first.safetensors", model.bytes());
  folder.write("second.safetensors", model.bytes());
  EXPECT_EQ(code_of(open_folder(folder)), ErrorCode::invalid_argument);

  const auto named =
      open_checkpoint(*source::locate((folder.path() / "second.safetensors").string()));
  ASSERT_TRUE(named) << named.error().to_string();
  EXPECT_EQ(named->tensors.size(), 1u);
}

TEST(Checkpoint, NamesOtherContainersByTheirContent) {
  struct Case {
    std::string name, content;
    ErrorCode code;
    std::string message;
  };
  const std::string legacy = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  const std::vector<Case> cases = {
      {"model.gguf", "PK\x03\x04", ErrorCode::truncated, "the archive has no end"},
      {"model.gguf", "Entry not found", ErrorCode::not_weights, "text in place of weights"},
      {"pytorch_model.bin", "PK\x03\x04", ErrorCode::truncated, "the archive has no end"},
      {"pytorch_model.bin", legacy, ErrorCode::truncated, "1 bytes are needed"},
      {"model.pt", std::string(257, '\0') + "ustar", ErrorCode::unsupported, "a tar archive"},
      {"consolidated.00.pth", "\x80\x04}", ErrorCode::unsupported, "a Python pickle"},
      {"tf_model.h5", "\x89HDF\r\n\x1a\n", ErrorCode::unsupported, "an HDF5 file (Keras)"},
      {"pytorch_model.bin", "version https://git-lfs.github.com/spec/v1\n", ErrorCode::not_weights,
       "a Git LFS pointer"},
      {"model.safetensors", "version https://git-lfs.github.com/spec/v1\n", ErrorCode::not_weights,
       "a Git LFS pointer"},
  };
  for (const Case& one : cases) {
    TempFolder folder;
    folder.write(one.name, one.content);
    const auto checkpoint = open_folder(folder);
    ASSERT_EQ(code_of(checkpoint), one.code) << one.message;
    EXPECT_THAT(checkpoint.error().message, testing::StartsWith(one.message));
    EXPECT_THAT(checkpoint.error().file, testing::EndsWith(one.name));
  }
}

TEST(Checkpoint, ReadsPytorchFilesAsATransformersFolderHasThem) {
  Pytorch first, second;
  first.f32("b", {1}, {1});
  second.f16("a", {1}, {2});
  TempFolder folder;
  folder.write("pytorch_model-00001-of-00002.bin", first.zip());
  folder.write("pytorch_model-00002-of-00002.bin", second.legacy());
  folder.write("optimizer.pt", first.zip());
  const auto series = open_folder(folder);
  ASSERT_TRUE(series) << series.error().to_string();
  EXPECT_THAT(names_of(*series), testing::ElementsAre("a", "b"));
  folder.write("pytorch_model.bin.index.json",
               R"({"weight_map":{"a":"pytorch_model-00002-of-00002.bin",)"
               R"("b":"pytorch_model-00001-of-00002.bin"}})");
  const auto indexed = open_folder(folder);
  ASSERT_TRUE(indexed) << indexed.error().to_string();
  EXPECT_THAT(names_of(*indexed), testing::ElementsAre("a", "b"));
  EXPECT_THAT(indexed->warnings, testing::IsEmpty());
  const auto by_index =
      open_checkpoint(*source::locate((folder.path() / "pytorch_model.bin.index.json").string()));
  ASSERT_TRUE(by_index) << by_index.error().to_string();
  EXPECT_THAT(names_of(*by_index), testing::ElementsAre("a", "b"));
  // Safetensors come first.
  folder.write("model.safetensors", Safetensors().f32("c", {1}, {1}).bytes());
  EXPECT_THAT(names_of(*open_folder(folder)), testing::ElementsAre("c"));
}

TEST(Checkpoint, APytorchFileMayHaveAnyName) {
  Pytorch content;
  content.f32("a", {1}, {1});
  for (const std::string name : {"pytorch_model.bin", "consolidated.00.pth", "last.ckpt", "x.pt"}) {
    TempFolder folder;
    folder.write(name, content.zip());
    for (const std::filesystem::path& path : {folder.path(), folder.path() / name}) {
      const auto checkpoint = open_checkpoint(*source::locate(path.string()));
      ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
      EXPECT_EQ(checkpoint->tensors.size(), 1u) << path;
    }
  }
}

TEST(Checkpoint, CodeInAPytorchFileIsAnErrorThatNamesIt) {
  Pytorch content;
  content.f32("a", {1}, {1}).under("model").beside("x", "cos\nsystem\n");
  TempFolder folder;
  folder.write("pytorch_model.bin", content.zip());
  const auto checkpoint = open_folder(folder);
  ASSERT_EQ(code_of(checkpoint), ErrorCode::unsafe_code);
  EXPECT_EQ(checkpoint.error().field, "os.system");
}

TEST(Checkpoint, SecondNamesOutsideTheLayersAreLeftOut) {
  const std::vector<float> four(4);
  const std::string layer = "model.layers.0.mlp.up_proj.weight";
  Pytorch content;
  content.f32("lm_head.weight", {2, 2}, four)
      .tied("model.embed_tokens.weight", "lm_head.weight")
      .f32(layer, {2, 2}, four)
      .tied("model.layers.1.mlp.up_proj.weight", layer);
  TempFolder folder;
  folder.write("pytorch_model.bin", content.zip());
  const auto checkpoint = open_folder(folder);
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  // The embedding keeps its name though the head comes first; each layer is a layer.
  EXPECT_THAT(names_of(*checkpoint), testing::ElementsAre("model.embed_tokens.weight", layer,
                                                          "model.layers.1.mlp.up_proj.weight"));
  EXPECT_THAT(checkpoint->warnings,
              testing::ElementsAre(
                  "lm_head.weight is model.embed_tokens.weight under a second name: counted once"));
}

TEST(Checkpoint, SaysThatABlobOfTheHubCacheIsMissing) {
  TempFolder folder;
  folder.link("model.safetensors", "../../blobs/0123");
  const auto checkpoint = open_folder(folder);
  ASSERT_EQ(code_of(checkpoint), ErrorCode::not_found);
  EXPECT_EQ(checkpoint.error().hint, "blob missing, incomplete download?");
}

TEST(Checkpoint, OpensTheModelsOfTheRepository) {
  const auto snapshot = source::locate(PROV_REPOSITORY "/tests/zoo/qwen-a");
  ASSERT_TRUE(snapshot);
  const auto checkpoint = open_checkpoint(*snapshot);
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  EXPECT_GT(checkpoint->tensors.size(), 10u);
  for (const Tensor& tensor : checkpoint->tensors) {
    EXPECT_NE(tensor.role.kind, RoleKind::unknown) << tensor.info.name;
  }
}

}  // namespace
}  // namespace prov::model
