#include "cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cli/command_line.hpp"
#include "cli/command_options.hpp"
#include "cli/invalid_choice.hpp"
#include "provenancekit/version.hpp"
#include "store/parquet_module.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kProgram = "provenancekit";
constexpr std::string_view kRootUsage =
    "usage: provenancekit [-h] [-v] [-V]\n"
    "                     {compare,scan,decompose,fingerprint,inspect,verify-quant,db,cache} ...\n";

struct Command {
  std::string_view name;
  std::string_view help;
  Invocation (*parse)(std::span<const std::string> arguments, bool verbose);
};
constexpr std::array kCommands = {
    Command{"compare", "Compare two models (provenancekit compare --help)", parse_compare},
    Command{"scan", "Look for a model among known ones (provenancekit scan --help)", parse_scan},
    Command{"decompose", "Find the parents of a merge (provenancekit decompose --help)",
            parse_decompose},
    Command{"fingerprint", "Keep what finds and compares models without their weights",
            parse_fingerprint},
    Command{"inspect", "Show the tensors and roles of a model or a fingerprint", parse_inspect},
    Command{"verify-quant", "Check a quantised model against its source", parse_verify_quant},
    Command{"db", "Keep records of known models (provenancekit db --help)", parse_database},
    Command{"cache", "Look at and empty the cache (provenancekit cache --help)", parse_cache},
};

// The published kit's command that is not needed here, and what takes its place.
constexpr std::string_view kKitDownload = "download-deepsignals-fingerprint";
constexpr std::string_view kInsteadOfDownload =
    "download-deepsignals-fingerprint is a command of the published kit; here, fetch "
    "https://huggingface.co/datasets/cisco-ai/model-provenance-kit/resolve/main/deep-signals.zip "
    "(0.9 GB, SHA-256 b94040b668bea03e44b95a69c8554046d68fe0325b54ce64141bbf40765e48e9) and run "
    "provenancekit db import kit KIT deep-signals.zip --replace, where KIT is the kit's wheel, "
    "package or database folder";

UsageError root_error(std::string message) {
  return {std::string(kRootUsage), std::string(kProgram), std::move(message)};
}

}  // namespace

Invocation parse_arguments(std::span<const std::string> arguments) {
  const auto command = std::find_if(arguments.begin(), arguments.end(),
                                    [](const std::string& a) { return !a.starts_with('-'); });
  const auto split = static_cast<std::size_t>(command - arguments.begin());

  CLI::App app("Tells whether one AI model descends from another, and shows the evidence.");
  bool help = false, verbose = false, version = false;
  lay_out_help(app, kRootUsage);
  app.add_flag("-h,--help", help, "Show this help and exit")->group("options");
  app.add_flag("-v,--verbose", verbose, "Log what is read to standard error")->group("options");
  app.add_flag("-V,--version", version, "Show the version and exit")->group("options");
  for (const Command& known : kCommands)
    app.add_subcommand(std::string(known.name), std::string(known.help))->group("commands");

  const std::optional<std::string> problem = parse_into(app, arguments.first(split));
  if (problem) return root_error(*problem);
  if (version) {
    return PrintText{fmt::format("provenancekit {}\nParquet module: {}\n", kVersion,
                                 store::has_parquet_module() ? "present" : "absent")};
  }
  if (help || command == arguments.end()) return PrintText{app.help()};
  for (const Command& known : kCommands) {
    if (*command == known.name) return known.parse(arguments.subspan(split + 1), verbose);
  }
  if (*command == kKitDownload) return root_error(std::string(kInsteadOfDownload));
  std::array<std::string_view, kCommands.size()> names;
  std::ranges::transform(kCommands, names.begin(), &Command::name);
  return root_error(invalid_choice("command", *command, names));
}

}  // namespace prov::cli
