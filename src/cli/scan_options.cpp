#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/try.hpp"
#include "base/white_space.hpp"
#include "cli/command_options.hpp"
#include "cli/command_parser.hpp"
#include "cli/depth_option.hpp"
#include "cli/feature_options.hpp"
#include "cli/invalid_choice.hpp"
#include "cli/name_lists.hpp"

namespace prov::cli {
namespace {

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
  for (const std::string& name : names_in(lists)) {
    if (name == "related") {
      relations.insert(relations.end(), kRelations.begin(), kRelations.begin() + kRelated);
      continue;
    }
    const auto* const found = std::ranges::find(kRelations, name, lineage_class_name);
    if (found == kRelations.end()) return invalid_choice("--relation", name, kRelationNames);
    relations.push_back(*found);
  }
  return std::nullopt;
}

}  // namespace

Invocation parse_scan(std::span<const std::string> typed, bool verbose) {
  ScanArguments arguments;
  std::optional<std::string> top_k, threshold;
  DepthOptions depth;
  std::vector<std::string> relations;
  CommandParser parser(
      {.program = "provenancekit scan",
       .about = "Which known model does this one come from?",
       .exit_codes = "  0  done, whatever was found        4  usage error\n"
                     "  2  failure                         130, 143  stopped by SIGINT, SIGTERM\n"},
      arguments, OutputKind::reports_and_time);
  parser.add_operand(
      "model_id", arguments.model,
      std::string("A fingerprint, a file that ends in .fp; or a model:\n") + kModelHelp);
  parser.add_value("--top-k", "TOP_K", top_k, "Show at most so many matches (default: 3)");
  parser.add_value("--threshold", "THRESHOLD", threshold,
                   "Least pipeline score of the kit for a match that its\n"
                   "weights do not prove, 0 to 1 (default: 0.50)");
  parser.add_value("--publisher", "NAME", arguments.publisher, "Models of this publisher alone");
  parser.add_value("--family", "NAME", arguments.family,
                   "Models of this family alone, by id or name");
  parser.add_values("--relation", "LIST", relations,
                    "Matches of these lineages alone: identical, derived,\n"
                    "same-lineage, related (one of the three),\n"
                    "shared-initialisation, independent, inconclusive");
  depth.add_to(parser,
               "fast: compare with fingerprints alone; standard, deep: the\n"
               "best candidates whose weights are on this machine as\n"
               "compare does it (default: standard; fast where the model\n"
               "is not on this machine: then samples of it are read)");
  parser.add_value("--db", "FILE", arguments.database.file,
                   "The database: a file of records, or a folder of the\n"
                   "published kit");
  parser.add_value("--db-root", "DIR", arguments.database.root,
                   "The folder of the database: models.db, or the kit's\n"
                   "catalogue");
  add_feature_options(parser, arguments.cache, arguments.trust_remote_code);
  const auto interpret = [&]() -> std::optional<std::string> {
    std::optional<std::string> problem;
    if (top_k) problem = read_top_k(*top_k, arguments.top_k);
    if (!problem && threshold) problem = read_threshold(*threshold, arguments.threshold);
    std::optional<Depth> given;
    if (!problem) problem = depth.interpret(given);
    arguments.depth_given = given.has_value();
    arguments.depth = given.value_or(Depth::standard);
    if (!problem) problem = read_relations(relations, arguments.relations);
    return problem;
  };
  if (auto stopped = parser.parse(typed, verbose, interpret)) return *std::move(stopped);
  return arguments;
}

}  // namespace prov::cli
