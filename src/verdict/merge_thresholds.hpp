// Where the decomposition draws its lines, by name. The values are those of calibration_table.hpp,
// which `./dev calibrate` makes; docs/lines.md shows what each lies between.
#pragma once

#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {

/// Share of what was left over that a parent must take away.
inline constexpr double kLeastGain = line_value("least_gain");
/// A single model that explains less of the child is not called its only source.
inline constexpr double kExplainsAlone = line_value("explains_alone");
/// |weight| in standard errors, one element in ten counted.
inline constexpr double kWeightInErrors = line_value("weight_in_errors");
/// A candidate replaces a chosen one if less than this share of the residual stays.
inline constexpr double kBetterSwap = line_value("better_swap");
/// Task vectors more alike than this cannot be told apart reliably.
inline constexpr double kCollinear = line_value("collinear");
/// What is left over, in roundings of the coarsest dtype.
inline constexpr double kExactResidual = line_value("exact_residual");
/// What a mixture leaves, by what the mean of independent relatives at those distances would.
inline constexpr double kBetweenParents = line_value("between_parents");
/// Regression of the excess of the weights' sum on that of the arc: SLERP 1, linear 0.
inline constexpr double kSlerpSlope = line_value("slerp_slope");
inline constexpr double kSlopeInErrors = line_value("slope_in_errors");
/// Weights whose sum is nearer to one than this are called normalised.
inline constexpr double kNormalised = line_value("normalised");
/// Weights of layers that differ by more than this from the whole model's are called a schedule.
inline constexpr double kSchedule = line_value("schedule");

// Merges that drop elements.
/// Share of elements that equal the base where a parent clearly differs.
inline constexpr double kUntouched = line_value("untouched_elements");
/// Tensors with touched and untouched elements; a merge by whole tensors has none.
inline constexpr double kMixedSites = line_value("mixed_sites");
/// Share of elements that stand where base, one parent or a mixture of two puts them.
inline constexpr double kElementsExplained = line_value("elements_explained");
/// Two candidates nearer to each other than this share of a rounding are copies.
inline constexpr double kCopyInRoundings = line_value("copy_in_roundings");
/// Untouched share of the largest tenth by that of all: trimming by size 0, random dropping 1.
inline constexpr double kTrimmedBySize = line_value("trimmed_by_size");
inline constexpr double kDroppedAtRandom = line_value("dropped_at_random");
/// Share of conflicts at which both parents act, by what independent dropping expects: elected
/// signs 0, none 1.
inline constexpr double kElectedSigns = line_value("elected_signs");

// Stacks of layers that were trained after stacking.
/// ||child - source|| / ||child|| of a layer.
inline constexpr double kNearLayer = line_value("near_layer");
/// The next layer of the candidate, or the next candidate, must be so many times further away.
inline constexpr double kClearlyNearer = line_value("clearly_nearer");

}  // namespace prov::verdict
