// Every renderer against its golden files. PROV_UPDATE_GOLDEN=1 rewrites them: read the difference
// before you commit it.
#include "report/renderers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "base/utf8.hpp"
#include "unit/report/sample_comparisons.hpp"
#include "unit/report/sample_databases.hpp"
#include "unit/report/sample_decompositions.hpp"
#include "unit/report/sample_scans.hpp"

namespace prov::report {
namespace {

using Render = std::function<Result<std::string>(std::string_view format)>;

struct Sample {
  std::string name;
  Render render;
};

template <class Report>
Sample sample(std::string name, Report report, const ReportStyle& style) {
  return {std::move(name), [report = std::move(report), style](std::string_view format) {
            return render(report, format, style);
          }};
}

std::vector<Sample> samples() {
  const ReportStyle plain{.width = 100, .colour = false, .timing = false};
  const ReportStyle coloured{.width = 100, .colour = true, .timing = true};
  const ReportStyle narrow{.width = 60, .colour = false, .timing = false};
  const ReportStyle middle{.width = 80, .colour = false, .timing = false};
  return {sample("related", test::related_comparison(), plain),
          sample("related-timing-colour", test::related_comparison(), coloured),
          sample("related-narrow", test::related_comparison(), narrow),
          sample("stranger", test::stranger_comparison(), plain),
          sample("hostile", test::hostile_comparison(), middle),
          sample("decompose-slerp", test::slerp_decomposition(), plain),
          sample("decompose-slerp-colour", test::slerp_decomposition(), coloured),
          sample("decompose-stacked", test::stacked_decomposition(), narrow),
          sample("decompose-hostile", test::hostile_decomposition(), middle),
          sample("scan-metadata", test::metadata_scan(), plain),
          sample("scan-proof-timing-colour", test::proof_scan(), coloured),
          sample("scan-empty", test::empty_scan(), narrow),
          sample("scan-hostile", test::hostile_scan(), middle),
          sample("db-damaged", test::damaged_database(), plain),
          sample("db-damaged-colour", test::damaged_database(), coloured),
          sample("db-hostile-transfer", test::hostile_transfer(), middle),
          sample("db-hostile-record", test::hostile_record(), middle)};
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
      const Result<std::string> text = sample.render(format);
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
    const ReportStyle style{.width = 80, .colour = false, .timing = true};
    for (const std::string& text : {*render(test::hostile_comparison(), format, style),
                                    *render(test::hostile_decomposition(), format, style),
                                    *render(test::hostile_scan(), format, style),
                                    *render(test::hostile_transfer(), format, style),
                                    *render(test::hostile_record(), format, style)}) {
      EXPECT_EQ(base::find_invalid_utf8(text), std::string::npos) << format;
      EXPECT_THAT(text, testing::Not(testing::HasSubstr("\x1b"))) << format;
      EXPECT_THAT(text, testing::Not(testing::HasSubstr("\xe2\x80\xae"))) << format;
      EXPECT_THAT(text, testing::Not(testing::HasSubstr("\nmodel_a: forged"))) << format;
      EXPECT_THAT(text, testing::Not(testing::HasSubstr("\nsound: yes"))) << format;
      EXPECT_THAT(text, testing::Not(testing::HasSubstr("\nchild: forged"))) << format;
    }
  }
}

TEST(Renderers, RefuseAnUnknownFormatAndNameTheKnownOnes) {
  const Result<std::string> text = render(test::related_comparison(), "xml");
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(text.error().hint, "known are table, plain, json");
  EXPECT_EQ(render(test::slerp_decomposition(), "xml").error().hint, text.error().hint);
  EXPECT_EQ(render(test::metadata_scan(), "xml").error().hint, text.error().hint);
}

}  // namespace
}  // namespace prov::report
