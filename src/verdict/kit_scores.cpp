#include "verdict/kit_scores.hpp"

#include <cmath>
#include <utility>

#include "numeric/rounding.hpp"

namespace prov::verdict {

namespace {

// Python's sum() since 3.12: compensated, so that its last bit, and now and then the fourth decimal
// of a score, differ from that of a plain loop. Source: CPython, Python/bltinmodule.c, cs_add.
class PythonSum {
 public:
  void add(double value) {
    const double sum = sum_ + value;
    lost_ += std::fabs(sum_) >= std::fabs(value) ? (sum_ - sum) + value : (value - sum) + sum_;
    sum_ = sum;
  }
  double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0, lost_ = 0;
};

}  // namespace

std::optional<double> identity_score(const KitSignals& signals) {
  const std::pair<double, std::optional<double>> weighted[] = {{0.36, signals.eas},
                                                               {0.08, signals.nlf},
                                                               {0.16, signals.lep},
                                                               {0.19, signals.end},
                                                               {0.21, signals.wvc}};
  PythonSum total, score;
  for (const auto& [weight, value] : weighted) {
    if (value) total.add(weight);
  }
  if (total.value() < 1e-10) return std::nullopt;
  for (const auto& [weight, value] : weighted) {
    if (value) score.add(weight / total.value() * *value);
  }
  return numeric::round_half_even_decimal(score.value(), 4);
}

double tokenizer_score(const KitSignals& signals) {
  return numeric::round_half_even_decimal(
      0.25 * signals.tfv.value_or(0) + 0.75 * signals.voa.value_or(0), 4);
}

Interpretation interpret(std::optional<double> score) {
  if (!score) return {"Insufficient data", "#999999"};
  if (*score > 0.75) return {"High-Confidence Match", "#2ecc71"};
  if (*score > 0.65) return {"Weak Match", "#f39c12"};
  return {"Not Matched", "#e74c3c"};
}

KitScores kit_scores(const KitSignals& signals, const MfiOutcome& mfi) {
  KitScores scores{.mfi_score = mfi.score,
                   .mfi_tier = mfi.tier,
                   .mfi_match = mfi.match,
                   .identity_score = identity_score(signals),
                   .tokenizer_score = tokenizer_score(signals),
                   .pipeline_score = mfi.score};
  const bool confirmed = mfi.tier <= 2;
  if (!confirmed && scores.identity_score) scores.pipeline_score = *scores.identity_score;
  const Interpretation interpretation = interpret(scores.pipeline_score);
  scores.label = interpretation.label;
  scores.colour = interpretation.colour;
  scores.provenance_decision = confirmed ? "Confirmed Match" : scores.label;
  if (!confirmed && !scores.identity_score) scores.provenance_decision += " (metadata only)";
  return scores;
}

}  // namespace prov::verdict
