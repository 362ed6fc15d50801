// Everything that the verdict rests on, measured and not judged.
#pragma once

#include <stop_token>
#include <vector>

#include "forensics/agreement.hpp"
#include "forensics/attention_heads.hpp"
#include "forensics/declarations.hpp"
#include "forensics/hidden_axis.hpp"
#include "forensics/layer_correspondence.hpp"
#include "forensics/repackaging.hpp"
#include "forensics/residual_axis.hpp"
#include "forensics/tensor_pairs.hpp"
#include "forensics/token_embedding.hpp"
#include "forensics/unit_search.hpp"
#include "forensics/vocabulary_change.hpp"
#include "forensics/weight_changes.hpp"
#include "model/model.hpp"
#include "provenancekit/compare.hpp"
#include "provenancekit/progress.hpp"

namespace prov::forensics {

struct SideFacts {
  Declarations declared;
  std::size_t tensors = 0;
  std::size_t explained = 0;                  // tensors whose role is known
  std::uint64_t hidden_units = 0, width = 0;  // of the first MLP; 0 without one
  model::AttentionHeads heads;                // as config.json names them
  std::string unread;  // why packed weights could not be decoded; empty: all were
};

/// A value of its own: the models may be closed.
struct ForensicEvidence {
  SideFacts a, b;
  std::size_t paired = 0, same_shape = 0, only_a = 0, only_b = 0;  // tensors
  bool all_paired = false;     // every tensor has a partner of its shape
  bool samples_equal = false;  // every sampled value, as stored or in another form
  bool values_equal = false;   // all_paired, and every value was compared and is equal
  Agreement agreement;
  HiddenAxis hidden;
  ResidualAxis residual;
  TokenAgreement tokens;
  UnitSearch search;  // not run where the cheap tests already answer
  LayerCorrespondence layers;
  WeightChanges changes;
  AttentionChange attention;  // not measured by --depth fast
  VocabularyChange vocabulary;
  Repackaging repackaging;  // compared only where all samples say that nothing but the form differs
};

struct GatherOptions {
  Depth depth = Depth::standard;
  Progress* progress = nullptr;  // may be null
  std::stop_token stop;
};

/// The hashes may be empty; where they are known and differ, a full comparison of all values is not
/// even begun. Reads a few per cent of both models, and all of both if every sampled value is
/// equal. Deterministic. Errors: those of reading; cancelled.
Result<ForensicEvidence> gather_evidence(const model::Model& a, const ContentHashes& hashes_a,
                                         const model::Model& b, const ContentHashes& hashes_b,
                                         const GatherOptions& options = {});

}  // namespace prov::forensics
