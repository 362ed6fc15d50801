// The page of a decomposition, for people: the operator and its reasons first.
#include <fmt/format.h>

#include "base/printable.hpp"
#include "report/decomposition_document.hpp"
#include "report/number_text.hpp"

namespace prov::report {
namespace {

using base::printable;

std::string_view operator_words(MergeOperator value) {
  switch (value) {
    case MergeOperator::none:
      return "no merge: one model explains the child";
    case MergeOperator::linear:
      return "linear merge";
    case MergeOperator::slerp:
      return "SLERP (along the arc between two parents)";
    case MergeOperator::task_arithmetic:
      return "task arithmetic";
    case MergeOperator::ties:
      return "TIES (differences trimmed by size, one sign elected)";
    case MergeOperator::dare:
      return "DARE (differences dropped at random and rescaled)";
    case MergeOperator::dare_ties:
      return "DARE-TIES (dropped at random and rescaled, one sign elected)";
    case MergeOperator::passthrough:
      return "passthrough (layers stacked)";
    case MergeOperator::undetermined:
      return "undetermined";
  }
  return "undetermined";
}

Tone operator_tone(MergeOperator value) {
  if (value == MergeOperator::undetermined) return Tone::caution;
  return value == MergeOperator::none ? Tone::unrelated : Tone::related;
}

// What is not whole never rounds to "100 %".
std::string percent(std::optional<double> value) {
  if (!value) return "N/A";
  if (*value < 1 && *value > 1 - 5e-5) return "> 99.99 %";
  return fixed(100 * *value, 2) + " %";
}

Sentences sentences(std::string title, const std::vector<std::string>& items,
                    Tone tone = Tone::neutral) {
  Sentences result{std::move(title), {}, tone};
  for (const std::string& item : items) result.items.push_back(printable(item));
  return result;
}

class PageBuilder {
 public:
  explicit PageBuilder(const Decomposition& decomposition) : of_(decomposition) {}

  std::vector<Block> build() const {
    std::string answer = fmt::format("Operator: {}", operator_words(of_.merge_operator));
    if (of_.t) answer += fmt::format(", t = {}", fixed(of_.t, 4));
    std::vector<Block> page;
    page.emplace_back(
        Headline{"Merge Decomposition: " + printable(of_.child.reference), Tone::heading});
    page.emplace_back(Headline{std::move(answer), operator_tone(of_.merge_operator)});
    page.emplace_back(sentences("", of_.reasons));
    page.emplace_back(sentences("Notes", of_.notes, Tone::warning));
    page.emplace_back(candidate_table());
    page.emplace_back(slice_table());
    page.emplace_back(part_table());
    page.emplace_back(step_table());
    page.emplace_back(correlation_table());
    page.emplace_back(number_table());
    page.emplace_back(model_notes());
    page.emplace_back(Headline{fmt::format("Time: {}s", fixed(of_.total_seconds, 1)), Tone::faint});
    return page;
  }

 private:
  std::string reference(std::size_t index) const {
    return printable(of_.candidates[index].model.reference);
  }

  Table candidate_table() const {
    Table table{"Candidates",
                {{"Model"},
                 {"Role"},
                 {"Weight", true},
                 {"Std. error", true},
                 {"Distance", true},
                 {"Finding"}},
                {}};
    for (std::size_t i = 0; i < of_.candidates.size(); ++i) {
      const MergeCandidate& candidate = of_.candidates[i];
      const bool used =
          candidate.status == CandidateStatus::parent || candidate.status == CandidateStatus::base;
      const auto& weight = candidate.weight;
      table.rows.push_back({{{reference(i), used ? Tone::related : Tone::neutral},
                             {std::string(candidate_status_name(candidate.status))},
                             {weight ? fixed(weight->value, 4) : ""},
                             {weight ? significant(weight->standard_error, 2) : ""},
                             {fixed(candidate.relative_difference, 4)},
                             {printable(candidate.why), used ? Tone::neutral : Tone::faint}}});
    }
    return table;
  }

  Table slice_table() const {
    Table table{"Where the layers come from",
                {{"Layers of the child"},
                 {"Model"},
                 {"Its layers"},
                 {"Equal values"},
                 {"Largest difference", true}},
                {}};
    const auto range = [](int first, int last) {
      return first == last ? fmt::format("{}", first) : fmt::format("{} to {}", first, last);
    };
    for (const MergeSlice& slice : of_.slices) {
      table.rows.push_back(
          {{{range(slice.child_first, slice.child_first + slice.last - slice.first)},
            {reference(slice.candidate)},
            {range(slice.first, slice.last)},
            {slice.equal ? "yes" : "no"},
            {significant(slice.largest_difference, 3)}}});
    }
    return table;
  }

  Table part_table() const {
    Table table{"Weights of the parts", {{"Part"}}, {}};
    for (const std::size_t model : of_.terms) table.columns.push_back({reference(model), true});
    if (of_.t) table.columns.push_back({"t", true});
    table.columns.push_back({"Gain", true});
    table.columns.push_back({"Explained", true});
    add_parts(table, of_.layers);
    add_parts(table, of_.modules);
    return table;
  }

  void add_parts(Table& table, const std::vector<MergePart>& parts) const {
    bool first = !table.rows.empty();
    for (const MergePart& part : parts) {
      Row row{{{printable(part.name)}}, first};
      for (std::size_t i = 0; i < of_.terms.size(); ++i) {
        const bool known = i < part.weights.size();
        row.cells.push_back({known ? fixed(part.weights[i].value, 4) : "N/A"});
      }
      if (of_.t) row.cells.push_back({fixed(part.t, 4)});
      row.cells.push_back({fixed(part.gain, 4)});
      row.cells.push_back({percent(part.explained)});
      table.rows.push_back(std::move(row));
      first = false;
    }
  }

  Table step_table() const {
    Table table{"Forward selection: what each candidate takes away of what is left over",
                {{"Step", true},
                 {"Model"},
                 {"Takes away", true},
                 {"Left over", true},
                 {"Accepted"},
                 {"Second best"},
                 {"Would take", true}},
                {}};
    for (std::size_t i = 0; i < of_.steps.size(); ++i) {
      const SelectionStep& step = of_.steps[i];
      table.rows.push_back({{{fmt::format("{}", i + 1)},
                             {reference(step.candidate)},
                             {percent(step.explained)},
                             {significant(step.left, 3)},
                             {step.accepted ? "yes" : "no"},
                             {step.runner_up ? reference(*step.runner_up) : ""},
                             {step.runner_up ? percent(step.runner_up_explained) : ""}}});
    }
    return table;
  }

  Table correlation_table() const {
    Table table{"Correlation of the parents' differences to the base",
                {{"Parent"}, {"Parent"}, {"Correlation", true}},
                {}};
    for (const TaskVectorCorrelation& item : of_.correlations)
      table.rows.push_back(
          {{{reference(item.a)}, {reference(item.b)}, {fixed(item.correlation, 4)}}});
    return table;
  }

  Table number_table() const {
    Table table{"Numbers that decided", {{"Number"}, {"Value", true}, {"Meaning"}}, {}};
    for (const DecidingNumber& item : of_.numbers) {
      table.rows.push_back(
          {{{printable(item.name)}, {significant(item.value, 5)}, {printable(item.meaning)}}});
    }
    return table;
  }

  Sentences model_notes() const {
    Sentences notes{"Notes on what was read", {}, Tone::faint};
    const auto add = [&](const ModelSummary& model) {
      for (const std::string& text : model.notes)
        notes.items.push_back(printable(model.reference) + ": " + printable(text));
    };
    add(of_.child);
    for (const MergeCandidate& candidate : of_.candidates) add(candidate.model);
    return notes;
  }

  const Decomposition& of_;
};

}  // namespace

std::vector<Block> decomposition_page(const Decomposition& decomposition) {
  return PageBuilder(decomposition).build();
}

}  // namespace prov::report
