#include "cli/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Invocation parse(const std::vector<std::string>& arguments) { return parse_arguments(arguments); }
CompareArguments compare_arguments(const std::vector<std::string>& arguments) {
  return std::get<CompareArguments>(parse(arguments));
}
std::string refusal(const std::vector<std::string>& arguments) {
  const Invocation invocation = parse(arguments);
  const auto* error = std::get_if<UsageError>(&invocation);
  return error == nullptr ? "" : error->program + ": " + error->message;
}

TEST(Options, DefaultsOfCompare) {
  const CompareArguments arguments = compare_arguments({"compare", "a", "b"});
  EXPECT_EQ(arguments.model_a, "a");
  EXPECT_EQ(arguments.model_b, "b");
  ASSERT_EQ(arguments.reports.size(), 1u);
  EXPECT_EQ(arguments.reports[0].format, "table");
  EXPECT_FALSE(arguments.reports[0].file.has_value());
  EXPECT_EQ(arguments.colour, ColourChoice::automatic);
  EXPECT_TRUE(arguments.fail_on.empty());
  EXPECT_TRUE(arguments.progress);
  EXPECT_FALSE(arguments.timing || arguments.trust_remote_code || arguments.quiet ||
               arguments.verbose);
}

TEST(Options, StandAnywhereAfterTheCommand) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"compare", "--js", "a", "b"},
           {"compare", "a", "--json", "b"},
           {"compare", "a", "b", "--json"},
           {"compare", "--no-cache", "--cache-dir=x", "a", "b", "--json", "--timing"}}) {
    EXPECT_EQ(compare_arguments(arguments).reports.at(0).format, "json");
    EXPECT_EQ(compare_arguments(arguments).model_b, "b");
  }
}

TEST(Options, VerboseBeforeAndAfterTheCommand) {
  EXPECT_TRUE(compare_arguments({"-v", "compare", "a", "b"}).verbose);
  EXPECT_TRUE(compare_arguments({"--verb", "compare", "a", "b"}).verbose);
  EXPECT_TRUE(compare_arguments({"compare", "a", "b", "-v"}).verbose);
}

TEST(Options, ReportsGoToStandardOutputAndFiles) {
  const CompareArguments arguments = compare_arguments(
      {"compare", "-o", "json=out/a=b.json", "-oplain", "a", "b", "--output=table=t.txt"});
  ASSERT_EQ(arguments.reports.size(), 3u);
  EXPECT_EQ(arguments.reports[0].file, "out/a=b.json");
  EXPECT_EQ(arguments.reports[1].format, "plain");
  EXPECT_FALSE(arguments.reports[1].file.has_value());
  EXPECT_EQ(arguments.reports[2].file, "t.txt");
  EXPECT_EQ(compare_arguments({"compare", "--json", "-o", "plain=f", "a", "b"}).reports.size(), 2u);
}

TEST(Options, NamesAreTakenAsTyped) {
  const CompareArguments arguments = compare_arguments({"compare", " a b ", "--", "-x"});
  EXPECT_EQ(arguments.model_a, " a b ");
  EXPECT_EQ(arguments.model_b, "-x");
  EXPECT_EQ(compare_arguments({"compare", "", "-"}).model_b, "-");
}

TEST(Options, RefusalsInTheKitsWords) {
  const std::string program = "provenancekit compare: ";
  EXPECT_EQ(refusal({"compare"}),
            program + "the following arguments are required: model_a, model_b");
  EXPECT_EQ(refusal({"compare", "a"}), program + "the following arguments are required: model_b");
  EXPECT_EQ(refusal({"compare", "a", "b", "--json", "--plain"}),
            program + "argument --plain: not allowed with argument --json");
  EXPECT_EQ(refusal({"compare", "a", "b", "c", "--x"}), program + "unrecognized arguments: c --x");
  EXPECT_EQ(refusal({"compare", "--t", "a", "b"}),
            program + "ambiguous option: --t could match --timing, --trust-remote-code");
  EXPECT_EQ(refusal({"--x", "compare", "a", "b"}), "provenancekit: unrecognized arguments: --x");
}

TEST(Options, RefusalsOfOurOwnOptions) {
  EXPECT_THAT(refusal({"compare", "-o", "xml", "a", "b"}),
              HasSubstr("'xml' (choose from table, plain, json)"));
  EXPECT_THAT(refusal({"compare", "-o", "json=", "a", "b"}),
              HasSubstr("the name of the file is empty"));
  EXPECT_THAT(refusal({"compare", "-o", "json", "-o", "plain", "a", "b"}),
              HasSubstr("only one report"));
  EXPECT_THAT(refusal({"compare", "--json", "-o", "plain", "a", "b"}),
              HasSubstr("only one report"));
  EXPECT_THAT(refusal({"compare", "--color", "blue", "a", "b"}),
              HasSubstr("'blue' (choose from auto, always, never)"));
  EXPECT_THAT(refusal({"compare", "--fail-on", "derived,all", "a", "b"}),
              HasSubstr("invalid choice: 'all'"));
}

TEST(Options, OfDecompose) {
  const auto arguments = std::get<DecomposeArguments>(
      parse({"-v", "decompose", "child", "a", "--base", "x", "b", "--base=root", "--", "-c"}));
  EXPECT_EQ(arguments.child, "child");
  EXPECT_THAT(arguments.candidates, testing::ElementsAre("a", "b", "-c"));
  EXPECT_EQ(arguments.base, "root");
  EXPECT_TRUE(arguments.verbose);
  ASSERT_EQ(arguments.reports.size(), 1u);
  EXPECT_EQ(arguments.reports[0].format, "table");
  EXPECT_EQ(refusal({"decompose", "child"}),
            "provenancekit decompose: the following arguments are required: parent");
  EXPECT_EQ(refusal({"decompose", "a", "b", "--base", ""}),
            "provenancekit decompose: argument --base: the name of the model is empty");
  EXPECT_EQ(refusal({"decompose", "a", "b", "--timing"}),
            "provenancekit decompose: unrecognized arguments: --timing");
}

TEST(Options, OfScan) {
  const auto arguments = std::get<ScanArguments>(
      parse({"scan",       "m",           "--top-k=+5", "--thresh",   " 1e-1 ",  "--db",
             "f",          "--db-r",      "d",          "--family",   "x",       "--publisher",
             "y",          "--relation",  "derived",    "--relation", "related", "--json",
             "--no-cache", "--cache-dir", "c",          "--timing"}));
  EXPECT_EQ(arguments.model, "m");
  EXPECT_EQ(arguments.top_k, 5u);
  EXPECT_EQ(arguments.threshold, 0.1);
  EXPECT_EQ(arguments.database.file, "f");
  EXPECT_EQ(arguments.database.root, "d");
  EXPECT_EQ(arguments.family, "x");
  EXPECT_EQ(arguments.publisher, "y");
  EXPECT_THAT(arguments.relations,
              testing::ElementsAre(LineageClass::derived, LineageClass::identical,
                                   LineageClass::derived, LineageClass::same_lineage));
  EXPECT_TRUE(arguments.timing);
  const auto defaults = std::get<ScanArguments>(parse({"scan", "m"}));
  EXPECT_FALSE(defaults.top_k || defaults.threshold || defaults.database.file ||
               defaults.database.root);
}

TEST(Options, RefusalsOfScanInTheKitsWords) {
  const std::string program = "provenancekit scan: ";
  const auto top_k = [](const char* value) { return refusal({"scan", "a", "--top-k", value}); };
  const auto threshold = [](const char* value) {
    return refusal({"scan", "a", "--threshold", value});
  };
  EXPECT_EQ(refusal({"scan"}), program + "the following arguments are required: model_id");
  EXPECT_EQ(top_k("0"), program + "argument --top-k: must be >= 1, got 0");
  EXPECT_EQ(top_k("-3"), program + "argument --top-k: must be >= 1, got -3");
  EXPECT_EQ(top_k("abc"), program + "argument --top-k: invalid _positive_int value: 'abc'");
  EXPECT_EQ(top_k("1.5"), program + "argument --top-k: invalid _positive_int value: '1.5'");
  EXPECT_EQ(top_k(""), program + "argument --top-k: invalid _positive_int value: ''");
  EXPECT_EQ(top_k("99999999999999999999"), "");
  EXPECT_EQ(threshold("1.5"), program + "argument --threshold: must be in [0.0, 1.0], got 1.5");
  EXPECT_EQ(threshold("nan"), program + "argument --threshold: must be in [0.0, 1.0], got nan");
  EXPECT_EQ(threshold("1e999"), program + "argument --threshold: must be in [0.0, 1.0], got 1e999");
  EXPECT_EQ(threshold("x"), program + "argument --threshold: invalid _unit_float value: 'x'");
  EXPECT_EQ(threshold("0.5x"), program + "argument --threshold: invalid _unit_float value: '0.5x'");
  EXPECT_EQ(threshold("-.5"), program + "argument --threshold: must be in [0.0, 1.0], got -.5");
  EXPECT_EQ(threshold("-x"), program + "argument --threshold: expected one argument");
  EXPECT_EQ(threshold("0"), "");
  EXPECT_EQ(refusal({"scan", "a", "--json", "--plain"}),
            program + "argument --plain: not allowed with argument --json");
  EXPECT_THAT(refusal({"scan", "a", "--relation", "cousin"}),
              HasSubstr("invalid choice: 'cousin'"));
  EXPECT_THAT(refusal({"scan", "a", "--relation", ""}), HasSubstr("invalid choice: ''"));
}

TEST(Options, OfFingerprint) {
  const auto arguments = std::get<FingerprintArguments>(
      parse({"fingerprint", "a", "-o", "out", "b", "--shard", "2/3", "--jobs", "4", "--json"}));
  EXPECT_THAT(arguments.models, testing::ElementsAre("a", "b"));
  EXPECT_EQ(arguments.output, "out");
  EXPECT_EQ(arguments.shard.index, 2u);
  EXPECT_EQ(arguments.shard.count, 3u);
  EXPECT_EQ(arguments.jobs, 4u);
  EXPECT_EQ(arguments.reports.at(0).format, "json");
  for (const char* shard : {"", "1", "/", "0/1", "2/1", "1/0", "1/2x", "-1/2", "1/2/3"})
    EXPECT_THAT(refusal({"fingerprint", "a", "-o", "x", "--shard", shard}), HasSubstr("--shard"));
}

TEST(Options, OfInspect) {
  const auto arguments = std::get<InspectArguments>(parse({"inspect", "a.fp", "--plain", "-v"}));
  EXPECT_EQ(arguments.reference, "a.fp");
  EXPECT_TRUE(arguments.verbose);
  EXPECT_EQ(arguments.reports.at(0).format, "plain");
}

TEST(Options, TheKitsDownloadSaysWhatToDoInstead) {
  for (const char* option : {"--status", "--update", "--no-verify", "--help"}) {
    EXPECT_THAT(refusal({"download-deepsignals-fingerprint", option}),
                testing::AllOf(testing::HasSubstr("/deep-signals.zip (0.9 GB"),
                               testing::HasSubstr("provenancekit db import kit KIT")));
  }
}

TEST(Options, UnknownCommandsAreNamed) {
  EXPECT_EQ(refusal({"comp"}),
            "provenancekit: argument command: invalid choice: 'comp' (choose from compare, "
            "scan, decompose, fingerprint, inspect, verify-quant, db, cache)");
}

TEST(Options, HelpAndVersionGoToStandardOutput) {
  EXPECT_THAT(std::get<PrintText>(parse({})).text, HasSubstr("usage: provenancekit"));
  EXPECT_EQ(std::get<PrintText>(parse({"-h"})).text, std::get<PrintText>(parse({})).text);
  EXPECT_THAT(std::get<PrintText>(parse({"compare", "a", "--unknown", "--he"})).text,
              HasSubstr("usage: provenancekit compare"));
  EXPECT_THAT(std::get<PrintText>(parse({"--version"})).text, StartsWith("provenancekit 0."));
}

}  // namespace
}  // namespace prov::cli
