#include "format/pytorch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/checkpoint_builder.hpp"
#include "support/pytorch_builder.hpp"

namespace prov::format {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::Pytorch;

Result<PytorchFile> read(std::vector<std::byte> bytes) {
  return read_pytorch(*source::from_memory("model.bin", std::move(bytes)));
}

std::vector<std::string> names_of(const PytorchFile& file) {
  std::vector<std::string> names;
  for (const TensorInfo& tensor : file.directory.tensors) names.push_back(tensor.name);
  return names;
}

/// Both containers of one content.
std::vector<std::vector<std::byte>> files_of(const Pytorch& content) {
  return {content.zip(), content.legacy()};
}

TEST(Pytorch, FindsTensorsWhereTheirBytesLie) {
  Pytorch content;
  content.f32("b", {2, 2}, {1, 2, 3, 4}).bf16("a", {3}, {1, 2, 3}).f32("scalar", {}, {7});
  for (const std::vector<std::byte>& bytes : files_of(content)) {
    const auto file = read(bytes);
    ASSERT_TRUE(file) << file.error().to_string();
    EXPECT_THAT(names_of(*file), ElementsAre("b", "a", "scalar"));
    EXPECT_THAT(file->warnings, IsEmpty());
    EXPECT_THAT(file->ties, IsEmpty());
    const TensorInfo& b = file->directory.tensors[0];
    EXPECT_EQ(b.dtype, Dtype::f32);
    EXPECT_THAT(b.shape, ElementsAre(2u, 2u));
    EXPECT_THAT(b.strides, IsEmpty());
    ASSERT_EQ(b.bytes, 16u);
    const std::vector<std::byte> expected = {std::byte{0}, std::byte{0}, std::byte{0x80},
                                             std::byte{0x3F}};  // 1 as f32
    const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(b.offset);
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), at));
    EXPECT_EQ(file->directory.tensors[1].dtype, Dtype::bf16);
    EXPECT_EQ(file->directory.tensors[2].bytes, 4u);
  }
}

TEST(Pytorch, TheTypeOfAnUntypedStorageComesFromTheTensor) {
  Pytorch content;
  content.raw("w", Dtype::f8_e4m3, {2, 3}, std::vector<std::byte>(6));
  for (const auto& bytes : files_of(content)) {
    const auto file = read(bytes);
    ASSERT_TRUE(file) << file.error().to_string();
    EXPECT_EQ(file->directory.tensors[0].dtype, Dtype::f8_e4m3);
    EXPECT_EQ(file->directory.tensors[0].bytes, 6u);
  }
}

TEST(Pytorch, ViewsKeepTheirStridesAndRowMajorOnesLoseThem) {
  Pytorch content;
  content.f32("whole", {4, 6}, std::vector<float>(24))
      .view("rows", "whole", {2, 6}, {6, 1}, 6)
      .view("columns", "whole", {4, 2}, {6, 1}, 3)
      .view("turned", "whole", {6, 4}, {1, 6}, 0)
      .view("repeated", "whole", {5, 3}, {0, 0}, 23)
      .view("one_row", "whole", {1, 6}, {100, 1}, 0)
      .view("empty", "whole", {0, 6}, {6, 1}, 99);
  const auto file = read(content.zip());
  ASSERT_TRUE(file) << file.error().to_string();
  const auto& tensors = file->directory.tensors;
  EXPECT_THAT(tensors[1].strides, IsEmpty());
  EXPECT_EQ(tensors[1].offset, tensors[0].offset + 24);
  EXPECT_THAT(tensors[2].strides, ElementsAre(6u, 1u));
  EXPECT_EQ(tensors[2].offset, tensors[0].offset + 12);
  EXPECT_THAT(tensors[3].strides, ElementsAre(1u, 6u));
  EXPECT_THAT(tensors[4].strides, ElementsAre(0u, 0u));
  EXPECT_EQ(tensors[4].bytes, 60u);
  EXPECT_THAT(tensors[5].strides, IsEmpty());
  EXPECT_EQ(tensors[6].bytes, 0u);
}

TEST(Pytorch, NamesOfOneTensorAreTiedAndViewsAreNot) {
  Pytorch content;
  content.f32("embed", {4, 2}, std::vector<float>(8))
      .tied("head", "embed")
      .view("part", "embed", {2, 2}, {2, 1}, 0)
      .view("turned", "embed", {2, 4}, {1, 2}, 0)
      .tied("third", "embed");
  const auto file = read(content.legacy());
  ASSERT_TRUE(file) << file.error().to_string();
  ASSERT_EQ(file->ties.size(), 2u);
  EXPECT_EQ(file->ties[0].name, "head");
  EXPECT_EQ(file->ties[0].of, "embed");
  EXPECT_EQ(file->ties[1].name, "third");
}

TEST(Pytorch, TheModelOfATrainingCheckpointIsFound) {
  // Beside it an optimizer with a tensor of its own, and numbers.
  Pytorch content;
  content.f32("module.a", {1}, {1}).f32("module.b", {1}, {2});
  content.under("state_dict").beside("epoch", "K\x03"sv).beside("lr", "G\0\0\0\0\0\0\0\0"sv);
  for (const auto& bytes : files_of(content)) {
    const auto file = read(bytes);
    ASSERT_TRUE(file) << file.error().to_string();
    EXPECT_THAT(names_of(*file), ElementsAre("a", "b"));
    EXPECT_THAT(file->warnings, ElementsAre("the model is what lies under \"state_dict\"",
                                            "names are read without \"module.\" before them"));
  }
}

TEST(Pytorch, CodeIsRefusedByItsNameWhereverItStands) {
  struct Case {
    std::string_view opcodes;
    std::string name;
  };
  const std::vector<Case> cases = {
      {"cposix\nsystem\n(X\x02\0\0\0idtR"sv, "posix.system"},
      {"cbuiltins\neval\n"sv, "builtins.eval"},
      {"c__builtin__\ngetattr\n"sv, "__builtin__.getattr"},
      {"\x8c\x02os\x8c\x06system\x93"sv, "os.system"},
      {"(X\x02\0\0\0idisubprocess\nPopen\n"sv, "subprocess.Popen"},
      {"cos.path\njoin\n"sv, "os.path.join"},
      {"ctorch\nload\n"sv, "torch.load"},
      {"ctorch.hub\nload\n"sv, "torch.hub.load"},
      {"c\n\n"sv, "."},
      {"\x82\x07"sv, "extension.7"},
  };
  for (const Case& one : cases) {
    Pytorch content;
    content.f32("a", {1}, {1}).under("model").beside("x", one.opcodes);
    for (const auto& bytes : files_of(content)) {
      const auto file = read(bytes);
      ASSERT_FALSE(file) << one.name;
      EXPECT_EQ(file.error().code, ErrorCode::unsafe_code);
      EXPECT_EQ(file.error().field, one.name);
      EXPECT_THAT(file.error().message, HasSubstr("wants to run " + one.name));
      ASSERT_TRUE(file.error().offset);
      // The offset is that of the opcode.
      const auto at = static_cast<std::size_t>(*file.error().offset);
      EXPECT_NE(std::string("c\x93i\x82").find(static_cast<char>(bytes[at])), std::string::npos);
    }
  }
}

TEST(Pytorch, ABarePickleIsRefusedAndWhatItWantsIsSaid) {
  const auto plain = read(tests::bytes_of("\x80\x02}."));
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, ErrorCode::unsupported);
  const auto evil =
      read(tests::bytes_of("\x80\x02"
                           "cnt\nsystem\n."));
  ASSERT_FALSE(evil);
  EXPECT_EQ(evil.error().code, ErrorCode::unsafe_code);
  EXPECT_EQ(evil.error().field, "nt.system");
  EXPECT_EQ(evil.error().offset, 2u);
}

TEST(Pytorch, PlainDataBesideTheModelIsPassedOver) {
  // argparse.Namespace with an attribute; a numpy scalar; a set; a list that holds itself.
  Pytorch content;
  content.f32("a", {1}, {1})
      .under("model")
      .beside("args", "cargparse\nNamespace\n)\x81}X\x02\0\0\0lrK\x01sb"sv)
      .beside("set", "\x8f(K\x01K\x02\x90"sv)
      .beside("loop",
              "]q\x07h\x07"
              "a"sv);
  for (const auto& bytes : files_of(content)) {
    const auto file = read(bytes);
    ASSERT_TRUE(file) << file.error().to_string();
    EXPECT_THAT(names_of(*file), ElementsAre("a"));
  }
}

TEST(Pytorch, AFileWithoutTensorsIsNotWeights) {
  const std::string list(
      "\x80\x02](K\x01K\x02"
      "e."sv);
  for (const std::string& object : {std::string("\x80\x02}."), list}) {
    const auto file = read(tests::stored_zip({{"x/data.pkl", object}, {"x/version", "3"}}));
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::not_weights);
  }
}

TEST(Pytorch, SeveralPartsOfAModelAreJoinedByDots) {
  // {"encoder": {"w": t}, "decoder": {"w": t}} has no single model in it.
  Pytorch content;
  content.f32("w", {1}, {1}).under("encoder").beside("decoder", "}X\x01\0\0\0wNs"sv);
  const auto alone = read(content.zip());
  ASSERT_TRUE(alone) << alone.error().to_string();
  EXPECT_THAT(names_of(*alone), ElementsAre("w"));
  EXPECT_THAT(alone->warnings, ElementsAre("the model is what lies under \"encoder\""));
}

}  // namespace
}  // namespace prov::format
