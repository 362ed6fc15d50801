#include "verdict/merge_operator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "verdict/merge_parts.hpp"
#include "verdict/merge_thresholds.hpp"
#include "verdict/name_list.hpp"
#include "verdict/passthrough.hpp"
#include "verdict/sparse_operator.hpp"

namespace prov::verdict {
namespace {

class Naming {
 public:
  Naming(const MergeEvidence& evidence, std::span<const std::string> names)
      : evidence_(evidence), names_(names), weights_(overall_weights(evidence)) {}

  OperatorFinding run() && {
    if (evidence_.child_layers == 0) {
      say("The child has no matrix of a layer that can be read as numbers.");
      return std::move(finding_);
    }
    const std::vector<MergeSlice> slices = slices_of(evidence_);
    if (all_equal(slices)) {
      name_equal_layers(slices);
    } else if (!evidence_.is_exact() && is_changed_stack(evidence_, slices)) {
      name_changed_stack(slices);
    } else if (!evidence_.relatives.empty()) {
      name_relatives();
    } else if (evidence_.parents.empty()) {
      name_without_parents();
    } else if (evidence_.sparse) {
      return name_sparse_operator(*evidence_.sparse, names_);
    } else {
      name_fitted();
    }
    return std::move(finding_);
  }

 private:
  const std::string& name(std::size_t model) const { return names_[model]; }
  void say(std::string reason) { finding_.reasons.push_back(std::move(reason)); }
  void note(std::string text) { finding_.notes.push_back(std::move(text)); }
  void number(std::string id, std::string meaning, double value) {
    finding_.numbers.push_back({std::move(id), std::move(meaning), value});
  }

  std::string parent_names() const { return listed(evidence_.parents, names_); }

  void name_equal_layers(const std::vector<MergeSlice>& slices) {
    finding_.slices = slices;
    if (is_whole_copy(evidence_, slices)) {
      finding_.merge_operator = MergeOperator::none;
      say(fmt::format("Every sampled value of every layer equals that of {}: a copy, no merge.",
                      name(slices.front().candidate)));
      return;
    }
    finding_.merge_operator = MergeOperator::passthrough;
    say(
        fmt::format("Each of the {} layers equals a layer of a candidate in every sampled value; "
                    "they form {} slices.",
                    evidence_.child_layers, slices.size()));
  }

  void name_changed_stack(const std::vector<MergeSlice>& slices) {
    finding_.merge_operator = MergeOperator::passthrough;
    finding_.slices = slices;
    const auto furthest = std::ranges::max(slices, {}, &MergeSlice::largest_difference);
    say(
        fmt::format("Each of the {} layers is near one layer of a candidate (at most {:.3f} of its "
                    "length away) and clearly further from the others: stacked, then trained or "
                    "changed.",
                    evidence_.child_layers, furthest.largest_difference));
  }

  /// The base alone, or nothing.
  void name_without_parents() {
    const auto fits = [](const auto& obstacle) { return !obstacle.has_value(); };
    if (std::ranges::none_of(evidence_.sites.obstacles, fits)) {
      say("No candidate has matrices of the child's shapes, and the layers do not form a stack of "
          "candidates' layers.");
      return;
    }
    const auto& attempts = evidence_.selection.attempts;
    const std::string best =
        attempts.empty()
            ? "there is no other candidate that fits"
            : fmt::format("the best of them, {}, takes away {:.1f} % of what is left over",
                          name(attempts.front().model), 100 * attempts.front().explained);
    if (evidence_.given_base) {
      const std::size_t base = *evidence_.given_base;
      const double share = 1 - evidence_.core.at(base, base) / evidence_.core.child_square();
      if (share >= kExplainsAlone) {
        finding_.merge_operator = MergeOperator::none;
        say(
            fmt::format("{} explains {:.2f} % of the child, and no candidate explains the rest: "
                        "{} (a parent takes at least {:.0f} %).",
                        name(base), 100 * share, best, 100 * kLeastGain));
        return;
      }
    }
    say(fmt::format("No candidate explains the child: {} (a parent takes at least {:.0f} %).", best,
                    100 * kLeastGain));
  }

  /// Weights fitted to every parent by least squares.
  void name_fitted() {
    if (evidence_.terms().size() == 1) return name_single();
    const double left = evidence_.residual_in_roundings().value_or(0);
    number("residual-in-roundings",
           "what the fit leaves, in roundings of the coarsest number format", left);
    if (const auto gain = evidence_.gain_of(evidence_.layers))
      number("gain", "share of what the best single model leaves that the mixture explains", *gain);
    if (weights_.empty()) {
      say("The models depend on each other: their weights cannot be told apart.");
      return;
    }
    double sum = 0;
    for (const Estimate& weight : weights_) sum += weight.value;
    number("sum-of-weights", "of parents and base", sum);
    if (left > kExactResidual) {
      say(
          fmt::format("{} explain the child together, but {:.0f} times more than rounding is left "
                      "over: another model took part, the child was changed after the merge, or "
                      "the operator is none of the known ones.",
                      together(), left));
      note("The weights are those of a linear merge, the nearest one.");
      ask_for_base();
      return;
    }
    say(
        fmt::format("{} explain the child down to rounding ({:.2f} times what storing the result "
                    "must lose).",
                    together(), left));
    if (evidence_.base_takes_part) {
      name_with_base();
    } else if (evidence_.slerp) {
      name_line_or_arc(sum);
    } else {
      name_linear(sum);
    }
    describe_schedule();
  }

  std::string together() const { return listed(evidence_.terms(), names_); }

  void name_relatives() {
    say(
        fmt::format("{} together explain more of the child than one of them, but no more than any "
                    "relatives on different sides of it do, such as its own descendants: the child "
                    "does not lie between them, so they are not counted as parents.",
                    listed(evidence_.relatives, names_)));
    ask_for_base();
  }

  void ask_for_base() {
    if (evidence_.given_base) return;
    note(
        "A merge that drops parts of the parents' differences to their ancestor (TIES, DARE) is "
        "recognised only where that ancestor is among the models: --base.");
  }

  void name_single() {
    const double explained = evidence_.explained_of(evidence_.layers).value_or(0);
    if (explained >= kExplainsAlone) finding_.merge_operator = MergeOperator::none;
    say(fmt::format(
        "{} alone explains {:.2f} % of {}; no second model takes away {:.0f} % of the "
        "rest.",
        name(evidence_.parents.front()), 100 * explained,
        evidence_.base ? "what separates the child from the base" : "the child", 100 * kLeastGain));
    if (explained < kExplainsAlone) say("What makes up the rest is not among the candidates.");
    note("Which of the two came first is not decided: a descendant explains its ancestor as well.");
  }

  void name_with_base() {
    const double base_weight = weights_.back().value;
    const bool interpolates = evidence_.parents.size() == 1 && base_weight >= 0 && base_weight <= 1;
    if (interpolates) {
      finding_.merge_operator = MergeOperator::linear;
      say(
          fmt::format("The child lies between {} and {}: a linear merge, which is also task "
                      "arithmetic with one parent.",
                      name(*evidence_.base), parent_names()));
      return;
    }
    finding_.merge_operator = MergeOperator::task_arithmetic;
    say(
        fmt::format("The weights of the parents do not add up to one, and {} makes up for it with "
                    "{:.4f}: weighted differences to it were added.",
                    name(*evidence_.base), base_weight));
  }

  void name_line_or_arc(double sum) {
    const forensics::SlerpSchedule& schedule = *evidence_.slerp;
    number("slerp-slope", "excess of the weights' sum over one: 1 as on the arc, 0 on the line",
           schedule.slope);
    number("slerp-slope-error", "its standard error", schedule.slope_error);
    if (schedule.slope_error * kSlopeInErrors > kSlerpSlope) {
      name_linear(sum);
      note("The parents are so near to each other that SLERP would give the same values.");
    } else if (schedule.slope > kSlerpSlope && schedule.slope < 2 - kSlerpSlope) {
      finding_.merge_operator = MergeOperator::slerp;
      say(
          fmt::format("The weights add up to more than one, tensor by tensor as on the arc between "
                      "the parents (slope {:.3f} +- {:.1g}; a straight line gives 0): SLERP with t "
                      "= {:.4f} from {} to {}.",
                      schedule.slope, schedule.slope_error, schedule.mean_t,
                      name(evidence_.parents[0]), name(evidence_.parents[1])));
    } else {
      name_linear(sum);
    }
  }

  void name_linear(double sum) {
    finding_.merge_operator = MergeOperator::linear;
    if (std::abs(sum - 1) <= kNormalised) {
      say("The weights add up to one: a linear merge.");
    } else {
      say(
          fmt::format("The weights add up to {:.4f}: a linear merge whose weights were not "
                      "normalised.",
                      sum));
    }
  }

  /// Weights that change from layer to layer.
  void describe_schedule() {
    const auto schedule = widest_schedule(evidence_);
    if (!schedule || schedule->most - schedule->least <= kSchedule) return;
    say(
        fmt::format("The weights follow a schedule over the layers: one goes from {:.3f} to "
                    "{:.3f}.",
                    schedule->least, schedule->most));
  }

  const MergeEvidence& evidence_;
  std::span<const std::string> names_;
  std::vector<Estimate> weights_;
  OperatorFinding finding_;
};

}  // namespace

OperatorFinding name_operator(const MergeEvidence& evidence, std::span<const std::string> names) {
  return Naming(evidence, names).run();
}

}  // namespace prov::verdict
