#include "source/hub/hub_id.hpp"

#include <gtest/gtest.h>

namespace prov::source {
namespace {

constexpr std::string_view kHub = "https://huggingface.co";

std::string text_of(std::string_view text) {
  const auto id = parse_hub_id(text, kHub);
  return id ? id->name + "@" + id->revision + (id->file.empty() ? "" : ":" + id->file) : "none";
}

TEST(HubId, ReadsNamesAndRevisions) {
  EXPECT_EQ(text_of("hf:org/name"), "org/name@main");
  EXPECT_EQ(text_of("hf:gpt2"), "gpt2@main");
  EXPECT_EQ(text_of("org/na.me_1-B@v2"), "org/na.me_1-B@v2");
  EXPECT_EQ(text_of("hf:org/name@refs/pr/1"), "org/name@refs/pr/1");
}

TEST(HubId, ReadsPagesOfTheHub) {
  EXPECT_EQ(text_of("https://huggingface.co/org/name"), "org/name@main");
  EXPECT_EQ(text_of("https://huggingface.co/org/name/tree/v2"), "org/name@v2");
  EXPECT_EQ(text_of("https://huggingface.co/org/name/resolve/main/m.gguf?download=true"),
            "org/name@main:m.gguf");
  EXPECT_EQ(text_of("https://huggingface.co/org"), "none");
  EXPECT_EQ(text_of("https://huggingface.co/org/name/discussions/1/x"), "none");
  EXPECT_EQ(text_of("https://huggingface.co.evil.net/org/name"), "none");
}

TEST(HubId, RefusesWhatTheHubRefuses) {
  for (const std::string_view text :
       {"gpt2", "hf:", "hf:a/b/c", "hf:../../etc", "hf:org/..", "hf:org/a--b", "hf:-org/name",
        "hf:org/name.", "hf:org/name.git", "hf:org/na me", "hf:org/name@", "hf:org/name@../x",
        "hf:org/name@a//b", "hf:org/name@/x", "org/", "/org/name", "./org/name"})
    EXPECT_EQ(text_of(text), "none") << text;
  EXPECT_EQ(text_of("hf:org/" + std::string(97, 'a')), "none");
}

TEST(HubId, KnowsCommitsAndFolders) {
  const auto id = parse_hub_id("hf:org/name@" + std::string(40, 'a'), kHub);
  ASSERT_TRUE(id);
  EXPECT_TRUE(id->is_commit());
  EXPECT_FALSE(parse_hub_id("hf:org/name", kHub)->is_commit());
  EXPECT_EQ(id->folder(), "models--org--name");
  EXPECT_EQ(parse_hub_id("hf:gpt2", kHub)->folder(), "models--gpt2");
}

}  // namespace
}  // namespace prov::source
