#include "cli/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::cli {
namespace {

using testing::HasSubstr;

Environment environment(std::vector<const char*> entries) {
  entries.push_back(nullptr);
  return Environment(entries.data());
}

TEST(Environment, MatchesSettingsInAnyCaseAndOtherNamesExactly) {
  const Environment e = environment({"provenanceKit_Anchor_k=7", "term=dumb", "EMPTY=", "odd"});
  EXPECT_EQ(e.setting("ANCHOR_K"), "7");
  EXPECT_EQ(e.get("TERM"), std::nullopt);
  EXPECT_EQ(e.get("EMPTY"), "");
  EXPECT_FALSE(e.is_set("EMPTY"));
  EXPECT_EQ(e.get("odd"), std::nullopt);
}

TEST(Settings, HaveTheKitsDefaults) {
  const Settings settings = read_settings(Environment()).value();
  EXPECT_EQ(settings.anchor_k, 64u);
  EXPECT_EQ(settings.wvc_subsample, 4096u);
  EXPECT_FALSE(settings.trust_remote_code);
}

TEST(Settings, AreReadFromTheEnvironment) {
  const Settings settings =
      read_settings(environment({"PROVENANCEKIT_ANCHOR_K= 8 ", "PROVENANCEKIT_WVC_SUBSAMPLE=1",
                                 "PROVENANCEKIT_TRUST_REMOTE_CODE=Yes",
                                 "PROVENANCEKIT_SCAN_TOP_K=9", "PROVENANCEKIT_SCAN_THRESHOLD=.25"}))
          .value();
  EXPECT_EQ(settings.anchor_k, 8u);
  EXPECT_EQ(settings.wvc_subsample, 1u);
  EXPECT_TRUE(settings.trust_remote_code);
  EXPECT_EQ(settings.scan_top_k, 9);
  EXPECT_EQ(settings.scan_threshold, 0.25);
}

TEST(Settings, RefuseWhatIsNoValueAndNameIt) {
  for (const char* entry :
       {"PROVENANCEKIT_ANCHOR_K=abc", "PROVENANCEKIT_ANCHOR_K=0", "PROVENANCEKIT_ANCHOR_K=-1",
        "PROVENANCEKIT_ANCHOR_K=", "PROVENANCEKIT_ANCHOR_K=4097", "PROVENANCEKIT_ANCHOR_K=64.0",
        "PROVENANCEKIT_WVC_SUBSAMPLE=99999999999999999999", "PROVENANCEKIT_TRUST_REMOTE_CODE=maybe",
        "PROVENANCEKIT_SCAN_THRESHOLD=x", "PROVENANCEKIT_SCAN_TOP_K=1.5",
        "PROVENANCEKIT_HUGE_MODEL_PARAMS=nan", "PROVENANCEKIT_DEV_MODE=2",
        "PROVENANCEKIT_THREADS=0"}) {
    const Result<Settings> settings = read_settings(environment({entry}));
    ASSERT_FALSE(settings.has_value()) << entry;
    const std::string_view name =
        std::string_view(entry).substr(0, std::string_view(entry).find('='));
    EXPECT_THAT(settings.error().message, HasSubstr(std::string(name))) << entry;
  }
}

TEST(Settings, AcceptWhatTheKitAccepts) {
  EXPECT_TRUE(
      read_settings(
          environment({"PROVENANCEKIT_HUGE_MODEL_PARAMS=10e9", "PROVENANCEKIT_SCAN_TOP_K=-1",
                       "PROVENANCEKIT_SCAN_THRESHOLD=2", "PROVENANCEKIT_DEV_MODE=OFF",
                       "PROVENANCEKIT_SOMETHING_NEW=x", "PROVENANCEKIT_CACHE_DIR="}))
          .has_value());
}

}  // namespace
}  // namespace prov::cli
