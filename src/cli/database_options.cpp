#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/command_options.hpp"
#include "cli/command_parser.hpp"
#include "cli/invalid_choice.hpp"
#include "cli/whole_number.hpp"

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
  unsigned takes = kNothing;
  std::string_view operand = "";  // its name in the help; empty: none
  std::string_view operand_help = "";
  int most = 1;  // operands
};

constexpr std::size_t kMostJobs = 256;
constexpr std::uint64_t kMostRecords = 1'000'000'000;

constexpr std::array kActions = {
    Action{"init", "Make an empty database, or bring an old one up to date"},
    Action{"info", "What is in the database"},
    Action{"list", "The records, by name", kFilter},
    Action{"show", "One record", kNothing, "id", "Name of the record"},
    Action{"add", "Add models by their weights", kReplace | kFields | kDepth, "model",
           "Models, or fingerprints of models (.fp)", kAnyNumber},
    Action{"build", "Add the models of a catalogue by their weights", kReplace | kCatalog | kDepth},
    Action{"remove", "Remove records: all that are named, or none", kNothing, "id",
           "Names of records", kAnyNumber},
    Action{"import", "Add records from files", kKey | kReplace, "source",
           "A database, a JSON Lines file (.jsonl), a folder of\n"
           "Parquet tables, or the word kit and the published\n"
           "kit's wheel or database folder, and its deep-signals.zip\n"
           "if there is one",
           kAnyNumber},
    Action{"merge", "Add the records of other databases", kKey | kReplace, "file", "Databases",
           kAnyNumber},
    Action{"export", "Write a compact, sealed copy, or tables", kKey | kParquet, "file",
           "The new file"},
    Action{"verify", "Check every byte; exit status 2 where anything is damaged", kKey},
    Action{"status", "Which database is used, and whether it can be"},
};

const Action* find_action(std::string_view name) {
  const auto found = std::ranges::find(kActions, name, &Action::name);
  return found == kActions.end() ? nullptr : &*found;
}

/// The options of one action, bound to the members, and what they mean together.
class ActionParser {
 public:
  explicit ActionParser(const Action& action)
      : action_(action),
        parser_({.program = fmt::format("{} {}", kProgram, action.name),
                 .about = std::string(action.help) + ".",
                 .exit_codes =
                     "  0  done                            4  usage error\n"
                     "  2  failure, or something damaged   130, 143  stopped by SIGINT, SIGTERM\n",
                 .operands = "arguments"},
                arguments_) {
    arguments_.action = action.name;
    if (!action.operand.empty()) {
      parser_.add_operands(std::string(action.operand), arguments_.operands,
                           std::string(action.operand_help), action.most,
                           takes(kParquet) ? Need::optional : Need::required);
    }
    parser_.add_value("--db", "FILE", arguments_.choice.file,
                      "The database (docs/database.md says which one else)");
    parser_.add_value("--db-root", "DIR", arguments_.choice.root,
                      "The folder of the database, models.db");
    add_special();
  }

  Invocation parse(std::span<const std::string> typed, bool verbose) {
    if (auto stopped = parser_.parse(typed, verbose, [this] { return interpret(); }))
      return *std::move(stopped);
    return std::move(arguments_);
  }

 private:
  bool takes(Takes options) const { return (action_.takes & options) != 0; }

  void add_special() {
    if (takes(kFields)) add_fields();
    if (takes(kCatalog)) {
      parser_.add_value("--catalog", "FILE", arguments_.catalog,
                        "The models: JSON Lines with id and source, or the\n"
                        "published kit's database folder",
                        Need::required);
      parser_.add_value("--jobs", "N", jobs_, "Models that are read at a time");
    }
    if (takes(kParquet))
      parser_.add_value("--parquet", "DIR", parquet_,
                        "Write a new folder of Parquet tables instead");
    if (takes(kFilter)) {
      parser_.add_value("--publisher", "NAME", arguments_.publisher, "Records of this publisher");
      parser_.add_value("--family", "NAME", arguments_.family, "Records of this family");
      parser_.add_value("--limit", "N", limit_, "At most N records (a table: 200)");
    }
    if (takes(kDepth))
      parser_.add_flag("--full", full_,
                       "Read every weight, also of a model that is not on\n"
                       "this machine (else samples of it)");
    if (takes(kReplace))
      parser_.add_flag("--replace", arguments_.replace,
                       "Replace other records of the same name\n(else they stay)");
    if (takes(kKey))
      parser_.add_value("--key-file", "FILE", arguments_.key_file,
                        "The key that signs exported databases");
  }

  void add_fields() {
    parser_.add_value("--id", "NAME", arguments_.id,
                      "Name of the record, of one model\n(else that of the file or folder)");
    parser_.add_value("--publisher", "NAME", arguments_.publisher, "Who published it");
    parser_.add_value("--family", "NAME", arguments_.family, "The family that it belongs to");
    parser_.add_value("--licence", "NAME", arguments_.licence, "Its licence");
  }

  // The problem, if there is one.
  std::optional<std::string> interpret() {
    if (full_) arguments_.depth = Depth::standard;
    if (!arguments_.id.empty() && arguments_.operands.size() != 1)
      return "argument --id: names one model only";
    if (takes(kParquet)) return interpret_parquet();
    if (limit_)
      return read_whole_number("--limit", *limit_, kMostRecords, arguments_.limit.emplace());
    if (jobs_) return read_whole_number("--jobs", *jobs_, kMostJobs, arguments_.jobs);
    return std::nullopt;
  }

  std::optional<std::string> interpret_parquet() {
    if (!parquet_) {
      if (arguments_.operands.empty()) return "the following arguments are required: file";
      return std::nullopt;
    }
    if (parquet_->empty()) return "argument --parquet: the name is empty";
    if (!arguments_.operands.empty()) return "argument --parquet: not with a file";
    if (!arguments_.key_file.empty()) return "argument --parquet: tables are not signed";
    arguments_.parquet = *parquet_;
    return std::nullopt;
  }

  const Action& action_;
  DatabaseArguments arguments_;
  std::optional<std::string> limit_, jobs_, parquet_;
  bool full_ = false;
  CommandParser parser_;
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
