// Where the verdict draws its lines, by name. The values are those of calibration_table.hpp, which
// `./dev calibrate` makes; docs/lines.md shows what each lies between.
#pragma once

#include <string_view>

#include "verdict/calibration_table.hpp"

namespace prov::verdict {

/// The value of a line; a name that the table lacks does not compile.
consteval double line_value(std::string_view name) {
  for (const DecisionLine& line : table::kDecisions) {
    if (line.name == name) return line.value;
  }
  throw "the calibration table has no line of this name";
}

/// |Z| of independent trainings stays below, on any axis. Below this line an axis shows nothing.
inline constexpr double kNullZ = line_value("null_z");
/// From here on a combined Z is proof.
inline constexpr double kProofZ = line_value("proof_z");
/// The same for one MLP among many.
inline constexpr double kLayerZ = line_value("layer_z");
/// A significant z with a smaller cosine than this says that randomness was shared, not that
/// weights are alike.
inline constexpr double kMaterialCosine = line_value("material_cosine");
/// Share of the MLPs that must agree for a statement about the whole model.
inline constexpr double kLeastAgreeingShare = line_value("least_agreeing_share");
/// Highest cosine of any MLP: shared initialisation and early branch lie below, copies and
/// continued pre-training above.
inline constexpr double kNearCopyCosine = line_value("near_copy_cosine");
/// The same by the attention of the nearest layer, where the MLPs cannot be compared. First layers
/// settle early in training, hence a higher line.
inline constexpr double kNearCopyLayerCosine = line_value("near_copy_layer_cosine");
/// Residual axis alone, without the hidden axis: layers trained around one pretrained embedding
/// lean to its coordinates.
inline constexpr double kResidualCosine = line_value("residual_cosine");

/// Geometry of the units: CKA is about the square of the cosine of matching units.
inline constexpr double kNearCopyCka = line_value("near_copy_cka");
/// Matched units: share on which separate assignments agree, and mean cosine of the matched rows.
inline constexpr double kNearCopyUnits = line_value("near_copy_units");
inline constexpr double kNearCopyUnitCosine = line_value("near_copy_unit_cosine");

// Kinds of relation.
/// Mean cosine of the MLPs: fine-tuning above, continued pre-training below.
inline constexpr double kFineTunedCosine = line_value("fine_tuned_cosine");
/// Parts that a model shares with one that was cut down or grown: above where it was made from this
/// very model and tuned briefly, below where both come from a third.
inline constexpr double kDirectCosine = line_value("direct_cosine");
/// Cosines of attention where the MLPs kept their coordinates: above an unchanged or tuned matrix,
/// below one whose heads were permuted or mixed.
inline constexpr double kAttentionKept = line_value("attention_kept");

/// Share of the matrices that must show a thing before it is said of the model.
inline constexpr double kMostMatrices = line_value("most_matrices");

// Re-parameterisations: what keeps its place or its size lies above.
inline constexpr double kUnitsInPlace = line_value("units_in_place");
inline constexpr double kCoordinatesKept = line_value("coordinates_kept");
/// Coordinates with a single partner: a permuted stream above, a rotated one below.
inline constexpr double kCoordinatesPermuted = line_value("coordinates_permuted");
inline constexpr double kMlpsKept = line_value("mlps_kept");
/// What folding gains and dropping row norms may add to a cosine.
inline constexpr double kScalesMoved = line_value("scales_moved");

// Changes of values.
/// Share of a matrix's values that rounding explains where it is the only change.
inline constexpr double kRounded = line_value("rounded");
/// Slopes of a linear share in a merge: their spread, the same in standard errors, squared, and the
/// weight from which the model is a whole copy.
inline constexpr double kShareSpread = line_value("share_spread");
inline constexpr double kShareExcess = line_value("share_excess");
inline constexpr double kWholeWeight = line_value("whole_weight");
/// Fourth moment of differences with a flat spectrum: added noise below, dropped parts above.
inline constexpr double kNoiseKurtosis = line_value("noise_kurtosis");
/// Noise that was added leaves a slope of one on what it was added to.
inline constexpr double kNoiseSlope = line_value("noise_slope");
/// Share of the elements whose storage is fine enough to show a change.
inline constexpr double kResolved = line_value("resolved");
/// Share of weights that stand exactly where they were: parts of the changes were dropped.
inline constexpr double kUntouchedWeights = line_value("untouched_weights");
/// Dropped by size, which leaves no small changes (above), or at random.
inline constexpr double kTrimHole = line_value("trim_hole");

// Vocabularies.
/// Mean cosine of embedding rows that were kept.
inline constexpr double kEmbeddingsKept = line_value("embeddings_kept");
/// Correlation of the cosines between tokens: the same embeddings in whatever basis.
inline constexpr double kTokensLaidOut = line_value("tokens_laid_out");
/// Tokens of the smaller vocabulary that the other one has, too.
inline constexpr double kTokensCommon = line_value("tokens_common");
/// Of a vocabulary that was re-indexed: tokens of the larger one in common, and at their old ids.
inline constexpr double kVocabularyCovered = line_value("vocabulary_covered");
inline constexpr double kIdsKept = line_value("ids_kept");

// Fingerprints.
/// Highest cosine of the few units that a fingerprint keeps: early branch below, copy above.
inline constexpr double kNearCopySampleCosine = line_value("near_copy_sample_cosine");

// Vetoes: no evidence of descent, but nothing that is called independent may show them.
/// A matrix of attention or MLP.
inline constexpr double kMatrixVeto = line_value("matrix_veto");
/// Mean cosine of embedding rows.
inline constexpr double kTokenVeto = line_value("token_veto");
/// Correlation of token-token cosines without their main components. Not measured between large
/// models: there it may veto more often than it must.
inline constexpr double kGeometryVeto = line_value("geometry_veto");
/// Share of matched units that agree, over all layers.
inline constexpr double kUnitVeto = line_value("unit_veto");
/// The same over the layers that stand at one place.
inline constexpr double kPlacedUnitVeto = line_value("placed_unit_veto");

/// Embedding rows agree by id (above) but not by text (below): the tokenizer is not the one of
/// these weights.
inline constexpr double kRowsAgree = line_value("rows_agree");
inline constexpr double kTextsDisagree = line_value("texts_disagree");

}  // namespace prov::verdict
