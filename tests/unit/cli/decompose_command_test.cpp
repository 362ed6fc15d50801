#include "cli/decompose_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "unit/report/sample_decompositions.hpp"

namespace prov::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Outcome {
  ExitCode exit_code;
  std::string standard_output, standard_error;
};

Outcome run(const std::vector<std::string>& options, DecomposeFunction decompose_model) {
  std::vector<std::string> arguments = {"decompose", "child", "parent 1", "parent 2"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const ExitCode code =
      run_decompose(std::get<DecomposeArguments>(parse_arguments(arguments)), {}, decompose_model);
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

Result<Decomposition> merged(std::string_view, std::span<const std::string>,
                             const DecomposeOptions&) {
  return test::slerp_decomposition();
}
// Gives back what it was called with.
Result<Decomposition> echo(std::string_view child, std::span<const std::string> candidates,
                           const DecomposeOptions& options) {
  Decomposition result;
  result.child.reference = child;
  result.reasons.assign(candidates.begin(), candidates.end());
  result.notes = {options.base};
  return result;
}
Result<Decomposition> broken(std::string_view child, std::span<const std::string>,
                             const DecomposeOptions&) {
  return Error{
      .code = ErrorCode::truncated, .message = "the file ends early", .file = std::string(child)};
}
Result<Decomposition> stopped(std::string_view, std::span<const std::string>,
                              const DecomposeOptions& options) {
  kill(getpid(), SIGINT);
  while (!options.stop.stop_requested()) std::this_thread::yield();
  return Error{.code = ErrorCode::cancelled, .message = "stopped"};
}

TEST(DecomposeCommand, WritesATableByDefaultAndNothingElse) {
  const Outcome result = run({}, merged);
  EXPECT_EQ(result.exit_code, ExitCode::done);
  EXPECT_THAT(result.standard_output,
              StartsWith("Merge Decomposition: models/merged\nOperator: SLERP"));
  EXPECT_THAT(result.standard_error, IsEmpty());
}

TEST(DecomposeCommand, PassesOnReferences) {
  const Outcome result = run({"parent 3", "--base", "root", "--plain"}, echo);
  EXPECT_THAT(result.standard_output, HasSubstr("child: child\n"));
  EXPECT_THAT(result.standard_output,
              HasSubstr("reason_1: parent 1\nreason_2: parent 2\nreason_3: parent 3\n"));
  EXPECT_THAT(result.standard_output, HasSubstr("note_1: root\n"));
}

TEST(DecomposeCommand, LogsWhatWasReadAndWhatCameOut) {
  const Outcome result = run({"-v", "--json"}, merged);
  EXPECT_THAT(result.standard_error, HasSubstr("model=child reference=models/merged"));
  EXPECT_THAT(result.standard_error, HasSubstr("model=candidate reference=models/code"));
  EXPECT_THAT(result.standard_error, HasSubstr("decomposed operator=slerp"));
  EXPECT_THAT(result.standard_output, StartsWith("{\n"));
}

TEST(DecomposeCommand, FailuresLeaveStandardOutputEmpty) {
  const Outcome failed = run({}, broken);
  EXPECT_EQ(failed.exit_code, ExitCode::failure);
  EXPECT_THAT(failed.standard_output, IsEmpty());
  EXPECT_EQ(failed.standard_error, "provenancekit: error: child: the file ends early\n");
  EXPECT_EQ(run({"-o", "json=/nowhere/at/all.json"}, merged).exit_code, ExitCode::failure);
  const Outcome interrupted = run({}, stopped);
  EXPECT_EQ(interrupted.exit_code, ExitCode::interrupted);
  EXPECT_THAT(interrupted.standard_output, IsEmpty());
}

}  // namespace
}  // namespace prov::cli
