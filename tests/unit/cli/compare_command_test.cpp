#include "cli/compare_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "unit/report/sample_comparisons.hpp"

namespace prov::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Outcome {
  ExitCode exit_code;
  std::string standard_output, standard_error;
};

Outcome run(const std::vector<std::string>& options, CompareFunction compare_models,
            const Environment& environment = {}) {
  std::vector<std::string> arguments = {"compare", "model a", "model b"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const ExitCode code = run_compare(std::get<CompareArguments>(parse_arguments(arguments)),
                                    environment, compare_models);
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

Result<Comparison> related(std::string_view, std::string_view, const CompareOptions&) {
  return test::related_comparison();
}
Result<Comparison> strangers(std::string_view, std::string_view, const CompareOptions&) {
  return test::stranger_comparison();
}
Result<Comparison> undecided(std::string_view, std::string_view, const CompareOptions&) {
  return test::hostile_comparison();
}
Result<Comparison> broken(std::string_view a, std::string_view, const CompareOptions&) {
  return Error{.code = ErrorCode::truncated,
               .message = "the file ends early",
               .file = std::string(a) + "\x1b",
               .offset = 8,
               .hint = "incomplete download?"};
}
// Gives back what it was called with.
Result<Comparison> echo(std::string_view a, std::string_view b, const CompareOptions& options) {
  Comparison comparison;
  comparison.a.reference = a;
  comparison.b.reference = b;
  comparison.a.parameters = options.anchor_k;
  comparison.b.parameters = options.wvc_subsample;
  return comparison;
}
// As long work that watches its stop token; a signal comes from outside.
template <int signal_number>
Result<Comparison> stopped(std::string_view, std::string_view, const CompareOptions& options) {
  kill(getpid(), signal_number);
  while (!options.stop.stop_requested()) std::this_thread::yield();
  return Error{.code = ErrorCode::cancelled, .message = "stopped"};
}

TEST(CompareCommand, WritesATableByDefaultAndNothingElse) {
  const Outcome result = run({}, related);
  EXPECT_EQ(result.exit_code, ExitCode::done);
  EXPECT_THAT(
      result.standard_output,
      StartsWith("Provenance Comparison: models/tiny-a vs models/tiny-b\nLineage: derived"));
  EXPECT_THAT(result.standard_output, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(result.standard_error, IsEmpty());
}

TEST(CompareCommand, PassesOnReferencesAndSettings) {
  const char* entries[] = {"PROVENANCEKIT_ANCHOR_K=9", "PROVENANCEKIT_WVC_SUBSAMPLE=10", nullptr};
  const Outcome result = run({"--plain"}, echo, Environment(entries));
  EXPECT_THAT(result.standard_output,
              HasSubstr("model_a:         model a\nmodel_b:         model b\n"));
  EXPECT_THAT(result.standard_output, HasSubstr("model_a_parameters: 9\n"));
  EXPECT_THAT(result.standard_output, HasSubstr("model_b_parameters: 10\n"));
}

TEST(CompareCommand, AFailureLeavesStandardOutputEmpty) {
  const Outcome result = run({"--json"}, broken);
  EXPECT_EQ(result.exit_code, ExitCode::failure);
  EXPECT_THAT(result.standard_output, IsEmpty());
  EXPECT_EQ(
      result.standard_error,
      "provenancekit: error: model a\\u{1b}: the file ends early (byte 8); incomplete download?\n");
}

TEST(CompareCommand, ABadSettingIsAUsageError) {
  const char* entries[] = {"provenancekit_anchor_k=many", nullptr};
  const Outcome result = run({}, related, Environment(entries));
  EXPECT_EQ(result.exit_code, ExitCode::usage);
  EXPECT_THAT(result.standard_output, IsEmpty());
  EXPECT_THAT(result.standard_error, HasSubstr("PROVENANCEKIT_ANCHOR_K is \"many\""));
}

TEST(CompareCommand, ExitCodesOfFailOn) {
  EXPECT_EQ(run({"--fail-on", "related"}, related).exit_code, ExitCode::condition_fired);
  EXPECT_EQ(run({"--fail-on", "related"}, strangers).exit_code, ExitCode::done);
  EXPECT_EQ(run({"--fail-on", "conflict"}, related).exit_code, ExitCode::condition_fired);
  EXPECT_EQ(run({"--fail-on", "inconclusive"}, undecided).exit_code, ExitCode::inconclusive);
  EXPECT_EQ(run({}, undecided).exit_code, ExitCode::done);
  const Outcome fired = run({"--fail-on", "independent", "--plain"}, strangers);
  EXPECT_THAT(fired.standard_output, HasSubstr("lineage_class: independent\n"));
  EXPECT_EQ(fired.standard_error, "provenancekit: --fail-on independent holds\n");
  EXPECT_THAT(run({"--fail-on", "independent", "-q"}, strangers).standard_error, IsEmpty());
}

TEST(CompareCommand, SaysThatModelCodeIsNeverRun) {
  EXPECT_EQ(
      run({"--trust"}, related).standard_error,
      "provenancekit: note: code of a model is never run; --trust-remote-code changes nothing\n");
  EXPECT_THAT(run({"--trust", "-q"}, related).standard_error, IsEmpty());
}

TEST(CompareCommand, LogsWithVerbose) {
  const Outcome result = run({"-v", "--json"}, related);
  EXPECT_THAT(result.standard_output, StartsWith("{\n"));
  EXPECT_THAT(result.standard_error, HasSubstr("model_read model=a reference=models/tiny-a"));
}

TEST(CompareCommand, ASignalStopsTheWorkAndIsTheExitCode) {
  const Outcome interrupted = run({}, stopped<SIGINT>);
  EXPECT_EQ(interrupted.exit_code, ExitCode::interrupted);
  EXPECT_THAT(interrupted.standard_output, IsEmpty());
  EXPECT_EQ(interrupted.standard_error, "provenancekit: interrupted\n");
  EXPECT_EQ(run({}, stopped<SIGTERM>).exit_code, ExitCode::terminated);
}

TEST(CompareCommand, WritesSeveralReportsAndNoColourIntoFiles) {
  const std::filesystem::path folder = testing::TempDir();
  const std::string json = (folder / "compare_command_test.json").string();
  const std::string table = (folder / "compare_command_test.txt").string();
  const char* entries[] = {"FORCE_COLOR=1", nullptr};
  const Outcome result =
      run({"-o", "json=" + json, "-o", "table=" + table, "--plain"}, related, Environment(entries));
  EXPECT_EQ(result.exit_code, ExitCode::done);
  EXPECT_THAT(result.standard_output, StartsWith("model_a:         models/tiny-a\n"));
  std::ifstream json_file(json), table_file(table);
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(json_file), {}),
              StartsWith("{\n  \"model_a\""));
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(table_file), {}),
              StartsWith("Provenance Comparison"));
  std::filesystem::remove(json);
  std::filesystem::remove(table);
}

TEST(CompareCommand, AFileThatCannotBeWrittenLeavesStandardOutputEmpty) {
  const Outcome full = run({"--plain", "-o", "json=/dev/full"}, related);
  EXPECT_EQ(full.exit_code, ExitCode::failure);
  EXPECT_THAT(full.standard_output, IsEmpty());
  EXPECT_THAT(full.standard_error, HasSubstr("No space left on device"));
  const Outcome missing = run({"-o", "json=/no/such/folder/x"}, related);
  EXPECT_EQ(missing.exit_code, ExitCode::failure);
  EXPECT_EQ(missing.standard_error, "provenancekit: error: /no/such/folder: no such folder\n");
}

}  // namespace
}  // namespace prov::cli
