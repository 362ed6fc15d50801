#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <limits>

#include "base/try.hpp"
#include "base/white_space.hpp"
#include "cli/command_line.hpp"
#include "cli/command_options.hpp"
#include "cli/depth_option.hpp"
#include "cli/invalid_choice.hpp"
#include "cli/output_options.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kScanProgram = "provenancekit scan";
constexpr std::string_view kScanUsage =
    "usage: provenancekit scan [-h] [--json | --plain] [-o FORMAT[=FILE]]...\n"
    "                          [--top-k TOP_K] [--threshold THRESHOLD]\n"
    "                          [--publisher NAME] [--family NAME]\n"
    "                          [--relation LIST] [--depth LEVEL | --full]\n"
    "                          [--db FILE] [--db-root DIR]\n"
    "                          [--timing] [--color WHEN] [--no-progress] [-q] [-v]\n"
    "                          [--cache-dir DIR] [--no-cache]\n"
    "                          [--trust-remote-code]\n"
    "                          model_id\n";

constexpr std::array kRelations = {LineageClass::identical,    LineageClass::derived,
                                   LineageClass::same_lineage, LineageClass::shared_initialisation,
                                   LineageClass::independent,  LineageClass::inconclusive};
constexpr std::size_t kRelated = 3;  // the first of them: what --relation related stands for
constexpr std::array kRelationNames = {
    "identical",   "derived",     "same-lineage", "related", "shared-initialisation",
    "independent", "inconclusive"};

/// The text between the white space that Python ignores around a number, and without its plus sign.
std::string_view digits_of(std::string_view text) {
  text = base::trimmed(text);
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+';
  return text.substr(plus ? 1 : 0);
}

struct Parsed {
  bool whole = false;  // all of the text is a number
  std::errc problem{};
};

template <class Number>
Parsed parse(std::string_view text, Number& number) {
  const std::string_view digits = digits_of(text);
  const char* end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, number);
  return {!digits.empty() && stop == end, problem};
}

std::optional<std::string> read_top_k(const std::string& text, std::optional<std::size_t>& top_k) {
  std::int64_t number = 0;
  const Parsed parsed = parse(text, number);
  const bool huge = parsed.problem == std::errc::result_out_of_range;
  if (!parsed.whole || (parsed.problem != std::errc() && !huge))
    return fmt::format("argument --top-k: invalid _positive_int value: '{}'", text);
  if (huge) number = digits_of(text)[0] == '-' ? 0 : std::numeric_limits<std::int64_t>::max();
  if (number < 1)
    return fmt::format("argument --top-k: must be >= 1, got {}",
                       huge ? std::string(digits_of(text)) : fmt::format("{}", number));
  top_k = static_cast<std::size_t>(number);
  return std::nullopt;
}

std::optional<std::string> read_threshold(const std::string& text,
                                          std::optional<double>& threshold) {
  double number = 0;
  const Parsed parsed = parse(text, number);
  const bool out_of_range = parsed.problem == std::errc::result_out_of_range;
  if (!parsed.whole || (parsed.problem != std::errc() && !out_of_range))
    return fmt::format("argument --threshold: invalid _unit_float value: '{}'", text);
  if (out_of_range || !(number >= 0 && number <= 1))
    return fmt::format("argument --threshold: must be in [0.0, 1.0], got {}", text);
  threshold = number;
  return std::nullopt;
}

std::optional<std::string> read_relations(const std::vector<std::string>& lists,
                                          std::vector<LineageClass>& relations) {
  for (const std::string& list : lists) {
    for (const std::string& name : CLI::detail::split(list, ',')) {
      if (name == "related") {
        relations.insert(relations.end(), kRelations.begin(), kRelations.begin() + kRelated);
        continue;
      }
      const auto found = std::ranges::find(kRelations, name, lineage_class_name);
      if (found == kRelations.end()) return invalid_choice("--relation", name, kRelationNames);
      relations.push_back(*found);
    }
  }
  return std::nullopt;
}

/// `scan`: its options, bound to the members, and what they mean together.
class ScanParser {
 public:
  ScanParser() : app_("Which known model does this one come from?") {
    lay_out_help(app_, kScanUsage);
    app_.add_option("model_id", arguments_.model,
                    "Model to scan: a directory, a weight file, or a Hub\n"
                    "cache snapshot")
        ->type_name("");
    output_.add_to(app_, /*with_timing=*/true);
    app_.add_flag("-h,--help", help_, "Show this help and exit")->group(kGroup);
    add_text("--top-k", "TOP_K", top_k_, "Show at most so many matches (default: 3)");
    add_text("--threshold", "THRESHOLD", threshold_,
             "Least pipeline score of the kit for a match that its\n"
             "weights do not prove, 0 to 1 (default: 0.50)");
    add_text("--publisher", "NAME", arguments_.publisher, "Models of this publisher alone");
    add_text("--family", "NAME", arguments_.family, "Models of this family alone, by id or name");
    app_.add_option("--relation", relations_,
                    "Matches of these lineages alone: identical, derived,\n"
                    "same-lineage, related (one of the three),\n"
                    "shared-initialisation, independent, inconclusive")
        ->option_text("LIST")
        ->allow_extra_args(false)
        ->group(kGroup);
    add_text("--depth", "LEVEL", depth_,
             "fast: compare with fingerprints alone; standard, deep: the\n"
             "best candidates whose weights are on this machine as\n"
             "compare does it (default: standard; fast where the model\n"
             "is not on this machine: then samples of it are read)");
    app_.add_flag("--full", full_,
                  "The same as --depth standard: read every weight, also\n"
                  "of a model that is not on this machine")
        ->group(kGroup);
    add_text("--db", "FILE", file_,
             "The database: a file of records, or a folder of the\n"
             "published kit");
    add_text("--db-root", "DIR", root_,
             "The folder of the database: models.db, or the kit's\n"
             "catalogue");
    add_text("--cache-dir", "DIR", cache_dir_,
             "Where features of the weights are kept, so that they need\n"
             "not be read again (default: the user's cache folder)");
    app_.add_flag("--no-cache", arguments_.cache.off, "Keep nothing, and use nothing kept")
        ->group(kGroup);
    app_.add_flag("--trust-remote-code", arguments_.trust_remote_code,
                  "Accepted; code of a model is never run")
        ->group(kGroup);
    app_.footer(
        "exit status:\n"
        "  0  done, whatever was found        4  usage error\n"
        "  2  failure                         130, 143  stopped by SIGINT, SIGTERM\n");
  }

  Invocation parse(std::span<const std::string> arguments, bool verbose) {
    std::optional<std::string> problem = parse_into(app_, arguments);
    if (help_) return PrintText{app_.help()};
    if (!problem) problem = interpret();
    if (problem) return UsageError{std::string(kScanUsage), std::string(kScanProgram), *problem};
    arguments_.verbose = arguments_.verbose || verbose;
    return std::move(arguments_);
  }

 private:
  static constexpr const char* kGroup = "options";

  void add_text(std::string name, std::string value, std::string& to, std::string help) {
    app_.add_option(std::move(name), to, std::move(help))
        ->option_text(std::move(value))
        ->take_last()
        ->group(kGroup);
  }

  // The problem, if there is one.
  std::optional<std::string> interpret() {
    if (auto problem = output_.excluded()) return problem;
    if (app_.count("--top-k") > 0) {
      if (auto problem = read_top_k(top_k_, arguments_.top_k)) return problem;
    }
    if (app_.count("--threshold") > 0) {
      if (auto problem = read_threshold(threshold_, arguments_.threshold)) return problem;
    }
    if (app_.count("model_id") == 0) return "the following arguments are required: model_id";
    if (auto problem = read_depth(depth_, arguments_.depth)) return problem;
    if (full_ && app_.count("--depth") > 0)
      return "argument --full: not allowed with argument --depth";
    arguments_.depth_given = full_ || app_.count("--depth") > 0;
    if (auto problem = read_relations(relations_, arguments_.relations)) return problem;
    if (app_.count("--db") > 0) arguments_.database.file = file_;
    if (app_.count("--db-root") > 0) arguments_.database.root = root_;
    if (app_.count("--cache-dir") > 0) arguments_.cache.folder = cache_dir_;
    return output_.interpret(arguments_);
  }

  CLI::App app_;
  ScanArguments arguments_;
  OutputOptions output_;
  std::vector<std::string> relations_;
  std::string top_k_, threshold_, file_, root_, cache_dir_, depth_ = "standard";
  bool help_ = false, full_ = false;
};

}  // namespace

Invocation parse_scan(std::span<const std::string> arguments, bool verbose) {
  return ScanParser().parse(arguments, verbose);
}

}  // namespace prov::cli
