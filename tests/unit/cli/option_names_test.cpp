#include "cli/option_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::cli {
namespace {

using testing::ElementsAre;

const std::vector<OptionName> kOptions = {{"--json", "", false, true},
                                          {"--timing", "", false, true},
                                          {"--trust-remote-code", "", false, true},
                                          {"--no-cache", "", false, true},
                                          {"--cache-dir", "", true, true},
                                          {"--no-progress", "", false, false},
                                          {"--color", "", true, false},
                                          {"--output", "-o", true, false},
                                          {"--outer", "", false, false}};

std::vector<std::string> written_out(const std::vector<std::string>& arguments) {
  return write_out_option_names(arguments, kOptions).value();
}

std::string refusal(const std::vector<std::string>& arguments) {
  const Result<std::vector<std::string>> result = write_out_option_names(arguments, kOptions);
  return result ? "" : result.error().message;
}

TEST(OptionNames, WritesOutAbbreviations) {
  EXPECT_THAT(written_out({"a", "--js", "--cache=x", "b"}),
              ElementsAre("a", "--json", "--cache-dir=x", "b"));
  EXPECT_THAT(written_out({"--cache", "x"}), ElementsAre("--cache-dir", "x"));
}

TEST(OptionNames, AnAbbreviationOfTheKitKeepsItsMeaning) {
  EXPECT_THAT(written_out({"--no"}), ElementsAre("--no-cache"));
  EXPECT_THAT(written_out({"--c=x"}), ElementsAre("--cache-dir=x"));
  EXPECT_THAT(written_out({"--no-p"}), ElementsAre("--no-progress"));
}

TEST(OptionNames, RefusesAmbiguityInTheKitsWords) {
  EXPECT_EQ(refusal({"--t"}), "ambiguous option: --t could match --timing, --trust-remote-code");
  EXPECT_EQ(refusal({"--out=x"}), "ambiguous option: --out could match --output, --outer");
}

TEST(OptionNames, LeavesOtherArgumentsAlone) {
  EXPECT_THAT(written_out({"--unknown", "-x", "-", "", "x=--js"}),
              ElementsAre("--unknown", "-x", "-", "", "x=--js"));
  EXPECT_THAT(written_out({"--", "--js", "--t"}), ElementsAre("--", "--js", "--t"));
  EXPECT_THAT(written_out({"-o", "json"}), ElementsAre("-o", "json"));
}

TEST(OptionNames, RefusesMissingAndUnwantedValues) {
  EXPECT_EQ(refusal({"--cache-dir"}), "argument --cache-dir: expected one argument");
  EXPECT_EQ(refusal({"--cache-dir", "--json"}), "argument --cache-dir: expected one argument");
  EXPECT_EQ(refusal({"a", "-o"}), "argument -o/--output: expected one argument");
  EXPECT_EQ(refusal({"--js=1"}), "argument --json: ignored explicit argument '1'");
  EXPECT_EQ(refusal({"--cache-dir="}), "");
}

}  // namespace
}  // namespace prov::cli
