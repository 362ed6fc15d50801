// The published kit's scores from its signals. Parity, not evidence: the verdict on lineage does
// not use them. Source: specification of the kit, sections 7.2 to 7.5.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provenancekit/compare.hpp"

namespace prov::verdict {

/// Weighted mean of the weight signals that are there (EAS .36, NLF .08, LEP .16, END .19, WVC
/// .21), rounded to 4 decimals; absent if none is.
std::optional<double> identity_score(const KitSignals& signals);

/// 0.25 TFV + 0.75 VOA, rounded to 4 decimals; an absent similarity counts as 0.
double tokenizer_score(const KitSignals& signals);

struct Interpretation {
  std::string_view label, colour;
};
/// Above 0.75 "High-Confidence Match", above 0.65 "Weak Match", else "Not Matched"; "Insufficient
/// data" if absent.
Interpretation interpret(std::optional<double> score);

/// Similarity of the configurations (signals/mfi.hpp).
struct MfiOutcome {
  double score = 0;
  int tier = 3;
  std::string match;
};

/// All scores. Tiers 1 and 2 are "Confirmed Match" by configuration alone; tier 3 takes the
/// identity score, or without one the MFI score, marked "(metadata only)".
KitScores kit_scores(const KitSignals& signals, const MfiOutcome& mfi);

}  // namespace prov::verdict
