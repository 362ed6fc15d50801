#include "cli/scan_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "support/temp_folder.hpp"
#include "unit/report/sample_scans.hpp"

namespace prov::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string kKitFolder = PROV_REPOSITORY "/tests/support/kit_folder";

struct Outcome {
  ExitCode exit_code;
  std::string standard_output, standard_error;
};

Environment environment_of(std::vector<const char*> entries) {
  entries.push_back(nullptr);
  return Environment(entries.data());
}

Outcome run(const std::vector<std::string>& options, ScanFunction scan_model,
            const std::vector<const char*>& entries = {}) {
  std::vector<std::string> arguments = {"scan", "a model", "--db", "d.db"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const ExitCode code = run_scan(std::get<ScanArguments>(parse_arguments(arguments)),
                                 environment_of(entries), scan_model);
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

Result<Scan> found(std::string_view, const std::string&, const ScanOptions&) {
  return test::metadata_scan();
}
// Gives back what it was called with.
Result<Scan> echo(std::string_view reference, const std::string& database,
                  const ScanOptions& options) {
  Scan scan = test::empty_scan();
  scan.model.summary.reference = reference;
  scan.database.path = database;
  scan.database.notes = {std::to_string(options.top_k), std::to_string(options.threshold),
                         options.publisher, options.family, std::to_string(options.anchor_k)};
  for (const LineageClass relation : options.relations)
    scan.database.notes.emplace_back(lineage_class_name(relation));
  return scan;
}
Result<Scan> broken(std::string_view, const std::string& database, const ScanOptions&) {
  return Error{.code = ErrorCode::not_found, .message = "no records", .file = database};
}
Result<Scan> stopped(std::string_view, const std::string&, const ScanOptions& options) {
  kill(getpid(), SIGINT);
  while (!options.stop.stop_requested()) std::this_thread::yield();
  return Error{.code = ErrorCode::cancelled, .message = "stopped"};
}

TEST(ScanCommand, WritesATableAndNamesWhatWasLeftOut) {
  const Outcome result = run({}, found);
  EXPECT_EQ(result.exit_code, ExitCode::done);
  EXPECT_THAT(result.standard_output, StartsWith("Provenance Scan: models/tiny-a\n"));
  EXPECT_EQ(result.standard_error,
            "provenancekit: warning: left out: features/x.json: the field is missing (field "
            "mfi.arch_hash)\n");
  EXPECT_THAT(run({"-q"}, found).standard_error, IsEmpty());
}

TEST(ScanCommand, PassesOnWhatWasAsked) {
  const Outcome result = run({"--plain", "--top-k", "7", "--threshold", ".25", "--publisher", "p",
                              "--family", "f", "--relation", "related,independent"},
                             echo, {"PROVENANCEKIT_ANCHOR_K=32", "PROVENANCEKIT_SCAN_TOP_K=0"});
  EXPECT_THAT(result.standard_output, HasSubstr("model:            a model\n"));
  EXPECT_THAT(result.standard_output,
              HasSubstr("database: d.db\ndatabase_records: 152\ndatabase_candidates: 116\n"
                        "database_note_1: 7\ndatabase_note_2: 0.250000\ndatabase_note_3: p\n"
                        "database_note_4: f\ndatabase_note_5: 32\ndatabase_note_6: identical\n"
                        "database_note_7: derived\ndatabase_note_8: same-lineage\n"
                        "database_note_9: independent\n"));
}

Result<Scan> echo_depth(std::string_view, const std::string&, const ScanOptions& options) {
  Scan scan = test::empty_scan();
  scan.database.notes = {std::string(depth_name(options.depth))};
  return scan;
}

TEST(ScanCommand, PassesOnTheDepth) {
  EXPECT_THAT(run({"--plain"}, echo_depth).standard_output, HasSubstr("note_1: standard\n"));
  for (const char* depth : {"fast", "standard", "deep"}) {
    EXPECT_THAT(run({"--plain", "--depth", depth}, echo_depth).standard_output,
                HasSubstr(std::string("note_1: ") + depth + "\n"));
  }
}

TEST(ScanCommand, TakesTheEnvironmentWhereTheCommandLineIsSilent) {
  EXPECT_THAT(run({"--plain"}, echo).standard_output,
              HasSubstr("database_note_1: 3\ndatabase_note_2: 0.500000\n"));
  EXPECT_THAT(
      run({"--plain"}, echo, {"PROVENANCEKIT_SCAN_TOP_K=5", "PROVENANCEKIT_SCAN_THRESHOLD=0.75"})
          .standard_output,
      HasSubstr("database_note_1: 5\ndatabase_note_2: 0.750000\n"));
}

TEST(ScanCommand, RefusesAnEnvironmentOutOfRange) {
  for (const char* entry : {"PROVENANCEKIT_SCAN_TOP_K=0", "PROVENANCEKIT_SCAN_THRESHOLD=1.5",
                            "PROVENANCEKIT_SCAN_THRESHOLD=x"}) {
    const Outcome result = run({}, found, {entry});
    EXPECT_EQ(result.exit_code, ExitCode::usage) << entry;
    EXPECT_THAT(result.standard_error, StartsWith("provenancekit scan: error: PROVENANCEKIT_SCAN"));
    EXPECT_THAT(result.standard_output, IsEmpty());
  }
}

TEST(ScanCommand, SaysWhatWentWrong) {
  const Outcome result = run({}, broken);
  EXPECT_EQ(result.exit_code, ExitCode::failure);
  EXPECT_EQ(result.standard_error, "provenancekit: error: d.db: no records\n");
  EXPECT_THAT(result.standard_output, IsEmpty());
}

TEST(ScanCommand, EndsAtASignal) { EXPECT_EQ(run({}, stopped).exit_code, ExitCode::interrupted); }

TEST(ScanCommand, SaysThatCodeOfAModelIsNeverRun) {
  EXPECT_THAT(run({"--trust-remote-code"}, echo).standard_error, HasSubstr("never run"));
}

TEST(ScannedDatabase, IsWhereTheUserSays) {
  const tests::TempFolder folder;
  folder.write("root/models.db", "");
  const std::string root = folder.string() + "/root";
  const Environment environment = environment_of({"HOME=/h", "PROVENANCEKIT_DB_ROOT=/nowhere"});
  EXPECT_EQ(locate_scanned({.file = "x.db", .root = root}, environment).value(), "x.db");
  EXPECT_EQ(locate_scanned({.root = root}, environment).value(), root + "/models.db");
  EXPECT_EQ(locate_scanned({.root = kKitFolder}, environment).value(), kKitFolder);
  EXPECT_EQ(locate_scanned({.root = kKitFolder + "/"}, environment).value(), kKitFolder);
  EXPECT_EQ(locate_scanned({}, environment_of({"HOME=/h"})).value(),
            "/h/.local/share/provenancekit/models.db");
  EXPECT_EQ(locate_scanned({}, environment_of({"PROVENANCEKIT_DB=y.db"})).value(), "y.db");
}

TEST(ScannedDatabase, RootThatHoldsNeitherIsRefusedInTheKitsWords) {
  for (const Result<std::string>& place :
       {locate_scanned({.root = "nodb"}, environment_of({})),
        locate_scanned({}, environment_of({"PROVENANCEKIT_DB_ROOT=nodb"}))}) {
    ASSERT_FALSE(place.has_value());
    EXPECT_EQ(place.error().code, ErrorCode::not_found);
    EXPECT_EQ(place.error().message, "Catalog manifest not found: nodb/catalog/manifest.json");
    EXPECT_THAT(place.error().hint, HasSubstr("nodb/models.db"));
  }
}

}  // namespace
}  // namespace prov::cli
