#include "cli/run.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <variant>

#include "base/printable.hpp"
#include "cli/cache_command.hpp"
#include "cli/compare_command.hpp"
#include "cli/database_command.hpp"
#include "cli/decompose_command.hpp"
#include "cli/fingerprint_command.hpp"
#include "cli/inspect_command.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/scan_command.hpp"
#include "cli/verify_quant_command.hpp"
#include "provenancekit/network.hpp"
#include "report/number_text.hpp"

namespace prov::cli {
namespace {

ExitCode print(const PrintText& request) {
  const Result<void> written = write_standard_output(request.text);
  if (written) return ExitCode::done;
  write_standard_error(fmt::format("provenancekit: error: {}\n", written.error().to_string()));
  return ExitCode::failure;
}

ExitCode refuse(const UsageError& error) {
  write_standard_error(
      fmt::format("{}{}: error: {}\n", error.usage, error.program, base::printable(error.message)));
  return ExitCode::usage;
}

const OutputArguments* output_arguments(const Invocation& invocation) {
  return std::visit(
      [](const auto& arguments) -> const OutputArguments* {
        if constexpr (std::is_base_of_v<OutputArguments, std::decay_t<decltype(arguments)>>)
          return &arguments;
        return nullptr;
      },
      invocation);
}

/// "provenancekit: fetched 12 KiB of 3 MiB (0.4 %) in 7 requests"; without the share where no model
/// was opened.
void tell_bandwidth() {
  const NetworkUse use = network_use();
  std::string share;
  if (use.available > 0) {
    share = fmt::format(" of {} ({:.1f} %)", report::byte_size(use.available),
                        100 * static_cast<double>(use.bytes) / static_cast<double>(use.available));
  }
  write_standard_error(fmt::format("provenancekit: fetched {}{} in {} request{}\n",
                                   report::byte_size(use.bytes), share, use.requests,
                                   use.requests == 1 ? "" : "s"));
}

/// Whoever set HF_ENDPOINT may not have thought of it.
void tell_mirror() {
  const std::string mirror = mirror_with_token();
  if (mirror.empty()) return;
  write_standard_error(
      fmt::format("provenancekit: warning: your token was sent to {}, which HF_ENDPOINT names\n",
                  base::printable(mirror)));
}

ExitCode dispatch(const Invocation& invocation, const Environment& environment) {
  if (const auto* text = std::get_if<PrintText>(&invocation)) return print(*text);
  if (const auto* error = std::get_if<UsageError>(&invocation)) return refuse(*error);
  if (const auto* arguments_of_decompose = std::get_if<DecomposeArguments>(&invocation))
    return run_decompose(*arguments_of_decompose, environment);
  if (const auto* arguments_of_db = std::get_if<DatabaseArguments>(&invocation))
    return run_database(*arguments_of_db, environment);
  if (const auto* arguments_of_cache = std::get_if<CacheArguments>(&invocation))
    return run_cache(*arguments_of_cache, environment);
  if (const auto* arguments_of_fingerprint = std::get_if<FingerprintArguments>(&invocation))
    return run_fingerprint(*arguments_of_fingerprint, environment);
  if (const auto* arguments_of_inspect = std::get_if<InspectArguments>(&invocation))
    return run_inspect(*arguments_of_inspect, environment);
  if (const auto* arguments_of_check = std::get_if<VerifyQuantArguments>(&invocation))
    return run_verify_quant(*arguments_of_check, environment);
  if (const auto* arguments_of_scan = std::get_if<ScanArguments>(&invocation))
    return run_scan(*arguments_of_scan, environment);
  return run_compare(std::get<CompareArguments>(invocation), environment);
}

}  // namespace

ExitCode run(std::span<const std::string> arguments, const Environment& environment) {
  const Invocation invocation = parse_arguments(arguments);
  const OutputArguments* output = output_arguments(invocation);
  if (output != nullptr && output->offline) go_offline();
  const ExitCode code = dispatch(invocation, environment);
  tell_mirror();
  if (output != nullptr && output->bandwidth) tell_bandwidth();
  return code;
}

}  // namespace prov::cli
