// What all commands share in telling their progress and their results.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "provenancekit/progress.hpp"
#include "provenancekit/report.hpp"

namespace prov::cli {

/// What --trust-remote-code is answered with.
inline constexpr std::string_view kRemoteCodeNote =
    "provenancekit: note: code of a model is never run; --trust-remote-code changes nothing\n";

/// Says what went wrong.
ExitCode fail(const Error& error);
/// Says that `signal` ended the work.
ExitCode interrupted(int signal);

/// A line on the terminal, or null where nobody would see it.
std::unique_ptr<Progress> progress_for(const OutputArguments& arguments,
                                       const Environment& environment);

/// For a check before long work: every folder of a report exists.
Result<void> check_folders(const OutputArguments& arguments);

/// How a report is laid out where it goes.
ReportStyle style_for(const ReportRequest& request, const OutputArguments& arguments,
                      const Environment& environment);

using RenderReport =
    std::function<Result<std::string>(const std::string& format, const ReportStyle& style)>;

/// Writes each report that was asked for. Files first: where one cannot be written, standard output
/// stays empty.
Result<void> write_reports(const RenderReport& render_report, const OutputArguments& arguments,
                           const Environment& environment);

}  // namespace prov::cli
