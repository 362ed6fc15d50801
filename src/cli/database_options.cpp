#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>

#include "cli/command_line.hpp"
#include "cli/command_options.hpp"
#include "cli/invalid_choice.hpp"
#include "cli/output_options.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kProgram = "provenancekit db";
constexpr std::string_view kUsage = "usage: provenancekit db [-h] ACTION ...\n";

// Which options an action has besides those of every action.
enum Takes : unsigned {
  kNothing = 0,
  kFilter = 1,
  kKey = 2,
  kReplace = 4,
  kFields = 8,
  kCatalog = 16,
  kParquet = 32,
  kDepth = 64
};

struct Action {
  std::string_view name;
  std::string_view help;
  std::string_view operand;  // its name in the help; empty: none
  std::string_view operand_help;
  std::size_t fewest = 0, most = 0;  // operands
  unsigned takes = kNothing;
};

constexpr std::size_t kAnyNumber = 100'000;
constexpr std::size_t kMostJobs = 256;

constexpr std::array kActions = {
    Action{"init", "Make an empty database, or bring an old one up to date", "", "", 0, 0},
    Action{"info", "What is in the database", "", "", 0, 0},
    Action{"list", "The records, by name", "", "", 0, 0, kFilter},
    Action{"show", "One record", "id", "Name of the record", 1, 1},
    Action{"add", "Add models by their weights", "model", "Models, or fingerprints of models (.fp)",
           1, kAnyNumber, kReplace | kFields | kDepth},
    Action{"build", "Add the models of a catalogue by their weights", "", "", 0, 0,
           kReplace | kCatalog | kDepth},
    Action{"remove", "Remove records: all that are named, or none", "id", "Names of records", 1,
           kAnyNumber},
    Action{"import", "Add records from files", "source",
           "A database, a JSON Lines file (.jsonl), a folder of\n"
           "Parquet tables, or the word kit and the published\n"
           "kit's wheel or database folder, and its deep-signals.zip\n"
           "if there is one",
           1, kAnyNumber, kKey | kReplace},
    Action{"merge", "Add the records of other databases", "file", "Databases", 1, kAnyNumber,
           kKey | kReplace},
    Action{"export", "Write a compact, sealed copy, or tables", "file", "The new file", 0, 1,
           kKey | kParquet},
    Action{"verify", "Check every byte; exit status 2 where anything is damaged", "", "", 0, 0,
           kKey},
    Action{"status", "Which database is used, and whether it can be", "", "", 0, 0},
};

const Action* find_action(std::string_view name) {
  const auto found = std::ranges::find(kActions, name, &Action::name);
  return found == kActions.end() ? nullptr : &*found;
}

std::string usage_of(const Action& action) {
  std::string usage =
      fmt::format("usage: {} {} [-h] [--db FILE] [--db-root DIR]\n", kProgram, action.name);
  const std::string indent(usage.find("[-h]"), ' ');
  if ((action.takes & kFilter) != 0)
    usage += indent + "[--publisher NAME] [--family NAME] [--limit N]\n";
  if ((action.takes & kFields) != 0)
    usage += indent + "[--id ID] [--publisher NAME] [--family NAME] [--licence NAME]\n";
  if ((action.takes & kCatalog) != 0) usage += indent + "--catalog FILE [--jobs N]\n";
  if ((action.takes & kParquet) != 0) usage += indent + "[--parquet DIR]\n";
  if ((action.takes & kDepth) != 0) usage += indent + "[--full]\n";
  if ((action.takes & kReplace) != 0) usage += indent + "[--replace]\n";
  if ((action.takes & kKey) != 0) usage += indent + "[--key-file FILE]\n";
  usage += indent + "[--json | --plain] [-o FORMAT[=FILE]]... [--color WHEN]\n";
  usage += indent + "[--no-progress] [-q] [-v]";
  if (!action.operand.empty())
    usage += fmt::format(" {}{}", action.operand, action.most > 1 ? " ..." : "");
  return usage + "\n";
}

/// The options of one action, bound to the members, and what they mean together.
class ActionParser {
 public:
  explicit ActionParser(const Action& action)
      : action_(action), usage_(usage_of(action)), app_(std::string(action.help) + ".") {
    lay_out_help(app_, usage_, "arguments");
    if (!action.operand.empty()) {
      app_.add_option(std::string(action.operand), arguments_.operands,
                      std::string(action.operand_help))
          ->type_name("")
          ->expected(1, static_cast<int>(action.most));
    }
    output_.add_to(app_, /*with_timing=*/false);
    const std::string group = "options";
    app_.add_flag("-h,--help", help_, "Show this help and exit")->group(group);
    app_.add_option("--db", file_, "The database (docs/database.md says which one else)")
        ->option_text("FILE")
        ->take_last()
        ->group(group);
    app_.add_option("--db-root", root_, "The folder of the database, models.db")
        ->option_text("DIR")
        ->take_last()
        ->group(group);
    add_special(group);
    app_.footer(
        "exit status:\n"
        "  0  done                            4  usage error\n"
        "  2  failure, or something damaged   130, 143  stopped by SIGINT, SIGTERM\n");
  }

  Invocation parse(std::span<const std::string> arguments, bool verbose) {
    std::optional<std::string> problem = parse_into(app_, arguments);
    if (help_) return PrintText{app_.help()};
    if (!problem) problem = interpret();
    if (problem) return UsageError{usage_, fmt::format("{} {}", kProgram, action_.name), *problem};
    arguments_.verbose = arguments_.verbose || verbose;
    return std::move(arguments_);
  }

 private:
  void add_special(const std::string& group) {
    if ((action_.takes & kFields) != 0) add_fields(group);
    if ((action_.takes & kCatalog) != 0) add_catalog(group);
    if ((action_.takes & kParquet) != 0) {
      app_.add_option("--parquet", arguments_.parquet,
                      "Write a new folder of Parquet tables instead")
          ->option_text("DIR")
          ->take_last()
          ->group(group);
    }
    if ((action_.takes & kFilter) != 0) {
      app_.add_option("--publisher", arguments_.publisher, "Records of this publisher")
          ->option_text("NAME")
          ->take_last()
          ->group(group);
      app_.add_option("--family", arguments_.family, "Records of this family")
          ->option_text("NAME")
          ->take_last()
          ->group(group);
      app_.add_option("--limit", limit_, "At most N records (a table: 200)")
          ->option_text("N")
          ->take_last()
          ->group(group);
    }
    if ((action_.takes & kDepth) != 0) {
      app_.add_flag("--full", full_,
                    "Read every weight, also of a model that is not on\n"
                    "this machine (else samples of it)")
          ->group(group);
    }
    if ((action_.takes & kReplace) != 0) {
      app_.add_flag("--replace", arguments_.replace,
                    "Replace other records of the same name\n(else they stay)")
          ->group(group);
    }
    if ((action_.takes & kKey) != 0) {
      app_.add_option("--key-file", arguments_.key_file, "The key that signs exported databases")
          ->option_text("FILE")
          ->take_last()
          ->group(group);
    }
  }

  void add_fields(const std::string& group) {
    const auto add = [&](const char* name, std::string& value, const char* help) {
      app_.add_option(name, value, help)->option_text("NAME")->take_last()->group(group);
    };
    add("--id", arguments_.id,
        "Name of the record, of one model\n(else that of the file or folder)");
    add("--publisher", arguments_.publisher, "Who published it");
    add("--family", arguments_.family, "The family that it belongs to");
    add("--licence", arguments_.licence, "Its licence");
  }

  std::optional<std::string> interpret_parquet() {
    const bool named = app_.count("--parquet") > 0;
    if (named && arguments_.parquet.empty()) return "argument --parquet: the name is empty";
    if (named && !arguments_.operands.empty()) return "argument --parquet: not with a file";
    if (named && !arguments_.key_file.empty()) return "argument --parquet: tables are not signed";
    if (!named && arguments_.operands.empty()) return "the following arguments are required: file";
    return std::nullopt;
  }

  void add_catalog(const std::string& group) {
    app_.add_option("--catalog", arguments_.catalog,
                    "The models: JSON Lines with id and source, or the\n"
                    "published kit's database folder")
        ->option_text("FILE")
        ->take_last()
        ->group(group);
    app_.add_option("--jobs", jobs_, "Models that are read at a time")
        ->option_text("N")
        ->take_last()
        ->group(group);
  }

  std::optional<std::string> interpret_catalog() {
    if (arguments_.catalog.empty()) return "the following arguments are required: --catalog";
    if (app_.count("--jobs") == 0) return std::nullopt;
    const auto [end, error] =
        std::from_chars(jobs_.data(), jobs_.data() + jobs_.size(), arguments_.jobs);
    if (error == std::errc() && end == jobs_.data() + jobs_.size() && arguments_.jobs >= 1 &&
        arguments_.jobs <= kMostJobs)
      return std::nullopt;
    return fmt::format("argument --jobs: must be a whole number from 1 to {}, got '{}'", kMostJobs,
                       jobs_);
  }

  // The problem, if there is one.
  std::optional<std::string> interpret() {
    if (auto problem = output_.excluded()) return problem;
    if (app_.count("--db") > 0) arguments_.choice.file = file_;
    if (app_.count("--db-root") > 0) arguments_.choice.root = root_;
    if (file_.empty() && app_.count("--db") > 0) return "argument --db: the name is empty";
    if (arguments_.operands.size() < action_.fewest)
      return fmt::format("the following arguments are required: {}", action_.operand);
    if (!arguments_.id.empty() && arguments_.operands.size() != 1)
      return "argument --id: names one model only";
    if ((action_.takes & kFilter) != 0 && app_.count("--limit") > 0) {
      std::uint64_t limit = 0;
      const auto [end, error] =
          std::from_chars(limit_.data(), limit_.data() + limit_.size(), limit);
      if (error != std::errc() || end != limit_.data() + limit_.size() || limit == 0)
        return fmt::format("argument --limit: must be a whole number from 1, got '{}'", limit_);
      arguments_.limit = limit;
    }
    if ((action_.takes & kParquet) != 0) {
      if (auto problem = interpret_parquet()) return problem;
    }
    if ((action_.takes & kCatalog) != 0) {
      if (auto problem = interpret_catalog()) return problem;
    }
    if (full_) arguments_.depth = Depth::standard;
    arguments_.action = action_.name;
    return output_.interpret(arguments_);
  }

  const Action& action_;
  std::string usage_;
  CLI::App app_;
  DatabaseArguments arguments_;
  OutputOptions output_;
  std::string file_, root_, limit_, jobs_;
  bool help_ = false, full_ = false;
};

std::string help_of_all() {
  std::string text = "Keep records of known models: architecture, tokenizer and fingerprints.\n\n";
  text += kUsage;
  text += "\nactions:\n";
  for (const Action& action : kActions)
    text += fmt::format("  {:<24}{}\n", action.name, action.help);
  text +=
      "\noptions:\n"
      "  -h, --help              Show this help and exit; after an action, its help\n";
  return text;
}

}  // namespace

Invocation parse_database(std::span<const std::string> arguments, bool verbose) {
  if (arguments.empty())
    return UsageError{std::string(kUsage), std::string(kProgram),
                      "the following arguments are required: ACTION"};
  if (arguments[0] == "-h" || arguments[0] == "--help") return PrintText{help_of_all()};
  if (const Action* action = find_action(arguments[0]))
    return ActionParser(*action).parse(arguments.subspan(1), verbose);
  std::array<std::string_view, kActions.size()> names;
  std::ranges::transform(kActions, names.begin(), &Action::name);
  return UsageError{std::string(kUsage), std::string(kProgram),
                    invalid_choice("ACTION", arguments[0], names)};
}

}  // namespace prov::cli
