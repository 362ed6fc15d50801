// Every renderer against its golden files. PROV_UPDATE_GOLDEN=1 rewrites them: read the difference
// before you commit it.
#include "report/renderers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/utf8.hpp"
#include "unit/report/sample_comparisons.hpp"

namespace prov::report {
namespace {

struct Sample {
  std::string name;
  Comparison comparison;
  ReportStyle style;
};

std::vector<Sample> samples() {
  return {
      {"related", test::related_comparison(), {.width = 100, .colour = false, .timing = false}},
      {"related-timing-colour",
       test::related_comparison(),
       {.width = 100, .colour = true, .timing = true}},
      {"related-narrow",
       test::related_comparison(),
       {.width = 60, .colour = false, .timing = false}},
      {"stranger", test::stranger_comparison(), {.width = 100, .colour = false, .timing = false}},
      {"hostile", test::hostile_comparison(), {.width = 80, .colour = false, .timing = false}}};
}

std::filesystem::path golden_path(std::string_view format, const std::string& sample) {
  return std::filesystem::path(PROV_REPOSITORY) / "tests/golden" / format / (sample + ".txt");
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Renderers, WriteTheirGoldenTexts) {
  const bool update = std::getenv("PROV_UPDATE_GOLDEN") != nullptr;
  for (std::string_view format : report_formats()) {
    for (const Sample& sample : samples()) {
      const Result<std::string> text = render(sample.comparison, format, sample.style);
      ASSERT_TRUE(text.has_value());
      const std::filesystem::path path = golden_path(format, sample.name);
      if (update) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << *text;
      }
      ASSERT_TRUE(std::filesystem::exists(path)) << "a renderer without golden text: " << path;
      EXPECT_EQ(*text, read_text(path)) << path;
    }
  }
}

TEST(Renderers, LetNoHostileTextReachTheTerminal) {
  for (std::string_view format : report_formats()) {
    const std::string text =
        *render(test::hostile_comparison(), format, {.width = 80, .colour = false, .timing = true});
    EXPECT_EQ(base::find_invalid_utf8(text), std::string::npos) << format;
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("\x1b"))) << format;
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("\xe2\x80\xae"))) << format;
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("\nmodel_a: forged"))) << format;
  }
}

TEST(Renderers, RefuseAnUnknownFormatAndNameTheKnownOnes) {
  const Result<std::string> text = render(test::related_comparison(), "xml");
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(text.error().hint, "known are table, plain, json");
}

}  // namespace
}  // namespace prov::report
