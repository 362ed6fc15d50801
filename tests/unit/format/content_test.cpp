#include "format/content.hpp"

#include <gtest/gtest.h>

#include "support/checkpoint_builder.hpp"

namespace prov::format {
namespace {

Content content_of(std::string_view text) {
  return *sniff(*source::from_memory("x", tests::bytes_of(text)));
}

TEST(Content, IsToldByTheFirstBytes) {
  EXPECT_EQ(content_of("GGUF\x03"), Content::gguf);
  EXPECT_EQ(content_of("PK\x03\x04rest"), Content::zip);
  EXPECT_EQ(content_of("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."),
            Content::legacy_pytorch);
  const std::string frame("\x95\x0d\0\0\0\0\0\0\0", 9);
  const std::string magic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  for (const std::string& start :
       {"\x80\x03" + magic, "\x80\x04" + frame + magic, "\x80\x05" + frame + magic})
    EXPECT_EQ(content_of(start + "."), Content::legacy_pytorch);
  EXPECT_EQ(content_of("\x80\x02}q"), Content::pickle);
  EXPECT_EQ(content_of(std::string(257, '\0') + "ustar"), Content::tar);
  EXPECT_EQ(content_of("version https://git-lfs.github.com/spec/v1\noid"),
            Content::git_lfs_pointer);
  EXPECT_EQ(content_of("\n <!DOCTYPE HTML><html>"), Content::web_page);
  EXPECT_EQ(content_of("<html lang=en>"), Content::web_page);
  EXPECT_EQ(content_of("Entry not found"), Content::text);
  EXPECT_EQ(content_of(""), Content::unknown);
  EXPECT_EQ(content_of("GGU"), Content::text);
  EXPECT_EQ(content_of(std::string(256, '\0') + "ustar"), Content::unknown);
  EXPECT_EQ(content_of("\x01\x02"), Content::unknown);
}

TEST(Content, OtherContainersAreUnsupportedAndTextIsNotWeights) {
  EXPECT_EQ(refusal_of(Content::zip, "f")->code, ErrorCode::unsupported);
  EXPECT_EQ(refusal_of(Content::web_page, "f")->code, ErrorCode::not_weights);
  EXPECT_EQ(
      refusal_of(Content::hdf5, "f")->to_string(),
      "f: an HDF5 file (Keras) is not read (byte 0); give the model as safetensors, GGUF or a "
      "PyTorch file");
  EXPECT_FALSE(refusal_of(Content::unknown, "f"));
}

}  // namespace
}  // namespace prov::format
