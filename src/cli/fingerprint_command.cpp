#include "cli/fingerprint_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>
#include <system_error>

#include "base/digest.hpp"
#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "cli/command_output.hpp"
#include "cli/depth_option.hpp"
#include "cli/event_log.hpp"
#include "cli/fingerprint_manifest.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "fingerprint/fingerprint_file.hpp"
#include "provenancekit/fingerprint.hpp"
#include "provenancekit/inspect.hpp"

namespace prov::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kJobs = 2;  // each model is read on all threads already
constexpr std::size_t kDigits = 8;
constexpr std::size_t kLongestName = 100;  // bytes

/// The last part of the reference, with what no file system minds, and digits of the whole of it:
/// two models never share a file, and a model always has the same.
std::string file_name_of(const std::string& reference) {
  fs::path path(reference);
  if (path.filename() == "." || path.filename() == "..")
    path = fs::absolute(path).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::string name = path.filename().string();
  for (char& letter : name) {
    const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= 'a' && letter <= 'z') || letter == '-' || letter == '_' ||
                       letter == '.';
    if (!plain) letter = '_';
  }
  name = name.substr(0, kLongestName);
  return fmt::format("{}-{}.fp", name, base::sha256_hex(reference).substr(0, kDigits));
}

/// One run over the models of a shard.
class FingerprintBatch {
 public:
  FingerprintBatch(const FingerprintArguments& arguments, Progress* progress, std::stop_token stop)
      : arguments_(arguments), progress_(progress), stop_(std::move(stop)) {}

  Result<FingerprintRun> run() {
    PROV_CHECK(prepare());
    FingerprintRun run{arguments_.output, {}};
    for (std::size_t i = arguments_.shard.index - 1; i < arguments_.models.size();
         i += arguments_.shard.count)
      run.entries.push_back({.model = arguments_.models[i]});
    const std::size_t jobs = arguments_.jobs > 0 ? arguments_.jobs : kJobs;
    std::vector<std::optional<Error>> errors(run.entries.size());
    base::parallel_for(run.entries.size(), jobs, [&](std::size_t i) {
      if (stop_.stop_requested()) return;
      if (auto status = make(run.entries[i]); !status) errors[i] = std::move(status).error();
    });
    for (std::optional<Error>& error : errors) {
      if (error) return *std::move(error);
    }
    return run;
  }

 private:
  bool is_file() const { return fingerprint::is_fingerprint_file(arguments_.output); }

  Result<void> prepare() {
    if (is_file()) return check_folder(arguments_.output);
    std::error_code problem;
    fs::create_directories(arguments_.output, problem);
    if (problem) {
      return Error{.code = ErrorCode::io,
                   .message = "cannot make the folder: " + problem.message(),
                   .file = arguments_.output};
    }
    PROV_TRY(known_, read_manifests(arguments_.output));
    manifest_.emplace(arguments_.output, arguments_.shard);
    return {};
  }

  /// A model that fails is no error of the run; a disk that cannot be written is.
  Result<void> make(FingerprintEntry& entry) {
    const Result<std::string> stamp = model_stamp(entry.model);
    if (stamp) {
      entry.stamp = *stamp;
      const Depth depth = fingerprint_depth(arguments_.depth, entry.model);
      if (keep(entry, depth == Depth::fast)) return {};
      const auto model =
          fingerprint_model(entry.model, {.depth = depth, .progress = progress_, .stop = stop_});
      if (!model && model.error().code == ErrorCode::cancelled) return {};
      if (model) {
        PROV_CHECK(write(*model, entry));
      } else {
        entry.error = model.error().to_string();
      }
    } else {
      entry.error = stamp.error().to_string();
    }
    return manifest_ ? manifest_->add(entry) : Result<void>();
  }

  /// True if an earlier run did all there is to do.
  bool keep(FingerprintEntry& entry, bool sampled) const {
    const auto known = known_.find(entry.model);
    if (known == known_.end() || known->second.status == FingerprintStatus::failed ||
        known->second.sampled != sampled)
      return false;
    if (known->second.stamp != entry.stamp || known->second.file != file_name_of(entry.model))
      return false;
    const auto stored = inspect((fs::path(arguments_.output) / known->second.file).string());
    if (!stored || !stored->fingerprint || stored->fingerprint->content != known->second.content)
      return false;
    entry = known->second;
    entry.status = FingerprintStatus::kept;
    return true;
  }

  Result<void> write(const ModelFingerprint& model, FingerprintEntry& entry) const {
    const fs::path path = is_file() ? fs::path(arguments_.output)
                                    : arguments_.output / fs::path(file_name_of(entry.model));
    std::string text;
    text.reserve(model.file.size());
    for (const std::byte byte : model.file) text += std::to_integer<char>(byte);
    PROV_CHECK(write_file(path, text));
    entry.status = FingerprintStatus::written;
    entry.file = path.filename().string();
    entry.content = model.content;
    entry.sampled = model.sampled;
    entry.weight_bytes = model.weight_bytes;
    entry.words = model.words;
    entry.sketch_bytes = model.sketch_bytes;
    entry.standard_bytes = model.standard_bytes;
    entry.file_bytes = model.file.size();
    entry.notes = model.notes;
    return {};
  }

  const FingerprintArguments& arguments_;
  Progress* progress_;
  std::stop_token stop_;
  std::map<std::string, FingerprintEntry> known_;
  std::optional<ManifestWriter> manifest_;
};

}  // namespace

ExitCode run_fingerprint(const FingerprintArguments& arguments, const Environment& environment) {
  Result<FingerprintRun> run = Error{};
  EventLog log(write_standard_error);
  {
    const Interrupt interrupt;
    const std::unique_ptr<Progress> progress_line = progress_for(arguments, environment);
    Progress* progress = arguments.verbose ? &log : progress_line.get();
    run = FingerprintBatch(arguments, progress, interrupt.token()).run();
    if (interrupt.signal() != 0) return interrupted(interrupt.signal());
  }
  if (!run) return fail(run.error());
  const auto render_report = [&](const std::string& format, const ReportStyle& style) {
    return render(*run, format, style);
  };
  if (const Result<void> written = write_reports(render_report, arguments, environment); !written)
    return fail(written.error());
  for (const FingerprintEntry& entry : run->entries) {
    if (entry.status == FingerprintStatus::failed)
      write_standard_error(fmt::format("provenancekit: error: {}\n", entry.error));
  }
  const bool all = std::ranges::none_of(run->entries, [](const FingerprintEntry& entry) {
    return entry.status == FingerprintStatus::failed;
  });
  return all ? ExitCode::done : ExitCode::failure;
}

}  // namespace prov::cli
