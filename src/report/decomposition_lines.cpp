// The "key: value" lines of a decomposition.
#include <fmt/format.h>

#include "base/printable.hpp"
#include "report/decomposition_document.hpp"
#include "report/number_text.hpp"

namespace prov::report {
namespace {

using base::printable;

constexpr int kDigits = 6;  // significant digits

class LineList {
 public:
  void add(std::string key, std::string value) {
    lines_.push_back({std::move(key), std::move(value), 0});
  }
  void add(std::string key, std::uint64_t value) { add(std::move(key), fmt::format("{}", value)); }
  void add(std::string key, std::optional<double> value) {
    add(std::move(key), significant(value, kDigits));
  }
  /// `<key>_1`, `<key>_2`, ...
  void numbered(std::string_view key, const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      add(fmt::format("{}_{}", key, i + 1), printable(values[i]));
  }
  std::vector<Line> take() && { return std::move(lines_); }

 private:
  std::vector<Line> lines_;
};

std::string yes_or_no(bool value) { return value ? "yes" : "no"; }

std::optional<double> value_of(const std::optional<Estimate>& estimate) {
  return estimate ? std::optional(estimate->value) : std::nullopt;
}
std::optional<double> error_of(const std::optional<Estimate>& estimate) {
  return estimate ? std::optional(estimate->standard_error) : std::nullopt;
}

class Lines {
 public:
  explicit Lines(const Decomposition& decomposition) : of_(decomposition) {}

  std::vector<Line> build() && {
    lines_.add("child", printable(of_.child.reference));
    lines_.add("operator", std::string(merge_operator_name(of_.merge_operator)));
    lines_.add("base", of_.base ? reference(*of_.base) : "N/A");
    lines_.add("base_given", yes_or_no(of_.base_given));
    lines_.add("gain", of_.gain);
    lines_.add("explained", of_.explained);
    lines_.add("t", of_.t);
    lines_.numbered("reason", of_.reasons);
    lines_.numbered("note", of_.notes);
    add_terms();
    add_candidates();
    add_parts("layer", of_.layers);
    add_parts("module", of_.modules);
    add_slices();
    add_steps();
    add_correlations();
    for (std::size_t i = 0; i < of_.numbers.size(); ++i) {
      const std::string prefix = fmt::format("number_{}_", i + 1);
      lines_.add(prefix + "name", printable(of_.numbers[i].name));
      lines_.add(prefix + "value", std::optional(of_.numbers[i].value));
    }
    lines_.add("time_seconds", fixed(of_.total_seconds, 1));
    return std::move(lines_).take();
  }

 private:
  std::string reference(std::size_t index) const {
    return printable(of_.candidates[index].model.reference);
  }

  void add_terms() {
    for (std::size_t i = 0; i < of_.terms.size(); ++i) {
      const std::string prefix = fmt::format("term_{}_", i + 1);
      const std::optional<Estimate>& weight = of_.candidates[of_.terms[i]].weight;
      lines_.add(prefix + "model", reference(of_.terms[i]));
      lines_.add(prefix + "weight", value_of(weight));
      lines_.add(prefix + "standard_error", error_of(weight));
      lines_.add(prefix + "factor", of_.candidates[of_.terms[i]].factor);
    }
  }

  void add_candidates() {
    for (std::size_t i = 0; i < of_.candidates.size(); ++i) {
      const std::string prefix = fmt::format("candidate_{}_", i + 1);
      const MergeCandidate& candidate = of_.candidates[i];
      lines_.add(prefix + "model", reference(i));
      lines_.add(prefix + "status", std::string(candidate_status_name(candidate.status)));
      lines_.add(prefix + "why", printable(candidate.why));
      lines_.add(prefix + "relative_difference", candidate.relative_difference);
      lines_.numbered(prefix + "note", candidate.model.notes);
    }
  }

  void add_parts(std::string_view kind, const std::vector<MergePart>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::string prefix = fmt::format("{}_{}_", kind, i + 1);
      lines_.add(prefix + "name", printable(parts[i].name));
      for (std::size_t w = 0; w < parts[i].weights.size(); ++w) {
        lines_.add(fmt::format("{}weight_{}", prefix, w + 1),
                   std::optional(parts[i].weights[w].value));
        lines_.add(fmt::format("{}standard_error_{}", prefix, w + 1),
                   std::optional(parts[i].weights[w].standard_error));
      }
      lines_.add(prefix + "gain", parts[i].gain);
      lines_.add(prefix + "explained", parts[i].explained);
      lines_.add(prefix + "t", parts[i].t);
    }
  }

  void add_slices() {
    for (std::size_t i = 0; i < of_.slices.size(); ++i) {
      const MergeSlice& slice = of_.slices[i];
      const std::string prefix = fmt::format("slice_{}_", i + 1);
      lines_.add(prefix + "model", reference(slice.candidate));
      lines_.add(prefix + "layers", fmt::format("{}-{}", slice.first, slice.last));
      lines_.add(prefix + "child_first", fmt::format("{}", slice.child_first));
      lines_.add(prefix + "equal", yes_or_no(slice.equal));
      lines_.add(prefix + "largest_difference", std::optional(slice.largest_difference));
    }
  }

  void add_steps() {
    for (std::size_t i = 0; i < of_.steps.size(); ++i) {
      const SelectionStep& step = of_.steps[i];
      const std::string prefix = fmt::format("step_{}_", i + 1);
      lines_.add(prefix + "model", reference(step.candidate));
      lines_.add(prefix + "explained", std::optional(step.explained));
      lines_.add(prefix + "left", std::optional(step.left));
      lines_.add(prefix + "accepted", yes_or_no(step.accepted));
      lines_.add(prefix + "runner_up", step.runner_up ? reference(*step.runner_up) : "N/A");
      lines_.add(prefix + "runner_up_explained",
                 step.runner_up ? std::optional(step.runner_up_explained) : std::nullopt);
    }
  }

  void add_correlations() {
    for (std::size_t i = 0; i < of_.correlations.size(); ++i) {
      const std::string prefix = fmt::format("correlation_{}_", i + 1);
      lines_.add(prefix + "a", reference(of_.correlations[i].a));
      lines_.add(prefix + "b", reference(of_.correlations[i].b));
      lines_.add(prefix + "value", std::optional(of_.correlations[i].correlation));
    }
  }

  const Decomposition& of_;
  LineList lines_;
};

}  // namespace

std::vector<Line> decomposition_lines(const Decomposition& decomposition) {
  return Lines(decomposition).build();
}

}  // namespace prov::report
