#include "cli/event_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/report/sample_comparisons.hpp"

namespace prov::cli {
namespace {

TEST(EventLog, WritesOneLineAnEventAndQuotesWhatNeedsIt) {
  std::string text;
  EventLog log([&](std::string_view line) { text += line; });
  log.event("read",
            {{"file", "a b"}, {"plain", "x/y"}, {"empty", ""}, {"hostile", "\x1b[2J\nq\""}});
  EXPECT_THAT(text, testing::MatchesRegex("[0-9][0-9]:[0-9][0-9]:[0-9][0-9] \\[info\\] read .*\n"));
  EXPECT_THAT(
      text, testing::EndsWith(
                " read file=\"a b\" plain=x/y empty=\"\" hostile=\"\\\\u{1b}[2J\\\\u{a}q\\\"\"\n"));
}

TEST(EventLog, SaysWhatWasRead) {
  std::string text;
  EventLog log([&](std::string_view line) { text += line; });
  log.comparison(test::related_comparison());
  EXPECT_THAT(
      text,
      testing::HasSubstr(
          "model_read model=b reference=models/tiny-b type=llama "
          "architecture=LlamaForCausalLM tensors=41 parameters=1234567890 bytes=2469135780\n"));
  EXPECT_THAT(text, testing::HasSubstr("note model=b text=\"tokenizer.json is missing"));
  EXPECT_THAT(text, testing::HasSubstr("unexplained_tensor model=b name=extra.six\n"));
  EXPECT_THAT(text, testing::HasSubstr("compared lineage=derived seconds=0.778\n"));
}

}  // namespace
}  // namespace prov::cli
