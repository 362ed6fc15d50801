// Where the decomposition draws its lines. Measured on the merges of the development zoo (table:
// docs/decompose.md). Beside each line stands what it lies between.
#pragma once

namespace prov::verdict {

/// Share of what was left over that a parent must take away. True parents of the zoo's merges take
/// .34 (TIES) to 1.0, siblings of a parent at most .12; published siblings .25.
inline constexpr double kLeastGain = 0.30;
/// A single model that explains less of the child is not called its only source: early branch .34,
/// continued pre-training as long as the base .83.
inline constexpr double kExplainsAlone = 0.5;
/// |weight| in standard errors, one element in ten counted.
inline constexpr double kWeightInErrors = 3;
/// A candidate replaces a chosen one if less than this share of the residual stays.
inline constexpr double kBetterSwap = 0.9;
/// Task vectors more alike than this cannot be told apart reliably.
inline constexpr double kCollinear = 0.95;
/// What is left over, in roundings of the coarsest dtype: unretouched linear merges 1.0 to 1.5
/// (an even merge of two bfloat16 models rounds half of its elements by half a unit), TIES 730.
inline constexpr double kExactResidual = 4;
/// What a mixture leaves, by what the mean of independent relatives at those distances would: an
/// ancestor beside two of its descendants 1, merges that were trained on afterwards from .1 up.
inline constexpr double kBetweenParents = 0.7;
/// Regression of the excess of the weights' sum on that of the arc: SLERP 1, linear 0.
inline constexpr double kSlerpSlope = 0.5;
inline constexpr double kSlopeInErrors = 5;
/// Weights whose sum is nearer to one than this are called normalised.
inline constexpr double kNormalised = 0.01;
/// Weights of layers that differ by more than this from the whole model's are called a schedule.
inline constexpr double kSchedule = 0.02;

// Merges that drop elements.
/// Share of elements that equal the base where a parent clearly differs: linear merges .01, TIES at
/// density .3 .36, DARE at density .5 .26.
inline constexpr double kUntouched = 0.05;
/// Tensors with touched and untouched elements; a merge by whole tensors has none.
inline constexpr double kMixedSites = 0.8;
/// Share of elements that stand where base, one parent or a mixture of two puts them: TIES and DARE
/// from .85.
inline constexpr double kElementsExplained = 0.6;
/// Two candidates nearer to each other than this share of a rounding are copies.
inline constexpr double kCopyInRoundings = 0.01;
/// Untouched share of the largest tenth by that of all: trimming by size 0, random dropping 1.
inline constexpr double kTrimmedBySize = 0.3, kDroppedAtRandom = 0.7;
/// Share of conflicts at which both parents act, by what independent dropping expects: elected
/// signs 0, none 1.
inline constexpr double kElectedSigns = 0.25;

// Stacks of layers that were trained after stacking.
/// ||child - source|| / ||child|| of a layer; continued pre-training .4, strangers 1.4.
inline constexpr double kNearLayer = 0.6;
/// The next layer of the candidate, or the next candidate, must be so many times further away.
inline constexpr double kClearlyNearer = 1.5;

}  // namespace prov::verdict
