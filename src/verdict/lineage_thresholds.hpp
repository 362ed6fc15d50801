// Where the verdict draws its lines. Measured on the development zoo: 31 trained models and what
// was derived from them (table: docs/signals/permutation-z.md). Beside each line stands what it
// lies between.
#pragma once

namespace prov::verdict {

/// Independent trainings: |Z| up to 2.4 in some 1700 pairs, on any axis. Below this line an axis
/// shows nothing.
inline constexpr double kNullZ = 4;
/// Relatives: Z from 89 (shared initialisation, six thin layers) to 350. One-sided p below 1e-32.
inline constexpr double kProofZ = 12;
/// The same for one MLP among many: p below 1e-15 before correction for their number.
inline constexpr double kLayerZ = 8;
/// A significant z with a smaller cosine than this says that randomness was shared, not that
/// weights are alike.
inline constexpr double kMaterialCosine = 0.05;
/// Share of the MLPs that must agree for a statement about the whole model.
inline constexpr double kLeastAgreeingShare = 0.1;
/// Highest cosine of any MLP: shared initialisation .32 and early branch (a quarter of the training
/// shared) .67 lie below, continued pre-training as long as the base .91 and an even merge with a
/// stranger .71 above.
inline constexpr double kNearCopyCosine = 0.70;
/// The same from the 64 units of a fingerprint: early branch .71, relatives at two removes .84.
inline constexpr double kNearCopySampleCosine = 0.77;
/// The same by the attention of the nearest layer, where the MLPs cannot be compared: early branch
/// .80, two long continuations of one base .87. First layers settle early in training, hence the
/// higher line.
inline constexpr double kNearCopyLayerCosine = 0.83;
/// Residual axis alone, without the hidden axis: layers trained around one pretrained embedding
/// lean to its coordinates.
inline constexpr double kResidualCosine = 0.15;

/// Geometry of the units: CKA is about the square of the cosine of matching units.
inline constexpr double kNearCopyCka = 0.49;
/// Matched units: share on which separate assignments agree, and mean cosine of the matched rows.
/// Early branch .18 to .49 and .53 to .58; continued pre-training as long as the base .75 to .82
/// and .81, a merge of seven parts with three of a stranger .92 and .85.
inline constexpr double kNearCopyUnits = 0.6;
inline constexpr double kNearCopyUnitCosine = 0.70;

// Kinds of relation.
/// Mean cosine of the MLPs: fine-tuning .9955 and more, LoRA .976, continued pre-training .96 and
/// less.
inline constexpr double kFineTunedCosine = 0.986;
/// Parts that a model shares with one that was cut down or grown: .9990 and more where it was made
/// from this very model and tuned briefly, .9977 and less where both come from a third.
inline constexpr double kDirectCosine = 0.9985;
/// Cosines of attention where the MLPs kept their coordinates: .9 and more of an unchanged or tuned
/// matrix, .5 and less of one whose heads were permuted or mixed.
inline constexpr double kAttentionKept = 0.6;

// Vetoes: no evidence of descent, but nothing that is called independent may show them.
/// A matrix of attention or MLP; strangers reach .04.
inline constexpr double kMatrixVeto = 0.2;
/// Mean cosine of embedding rows; strangers with tied embeddings reach .27.
inline constexpr double kTokenVeto = 0.6;
/// Correlation of token-token cosines without their main components: strangers reach .08, rotated
/// copies .999, a rotated copy against a relative of its parent .71 to .97. Not measured between
/// large models: there it may veto more often than it must.
inline constexpr double kGeometryVeto = 0.7;
/// Share of matched units that agree, over all layers; strangers of one data set reach .05.
inline constexpr double kUnitVeto = 0.1;

/// Embedding rows agree by id (above) but not by text (below): the tokenizer is not the one of
/// these weights.
inline constexpr double kRowsAgree = 0.9;
inline constexpr double kTextsDisagree = 0.5;

}  // namespace prov::verdict
