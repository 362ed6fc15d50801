#include "provenancekit/inspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/checked_math.hpp"
#include "base/try.hpp"
#include "fingerprint/fingerprint_codec.hpp"
#include "fingerprint/fingerprint_file.hpp"
#include "model/model.hpp"
#include "signals/fingerprint_codec.hpp"
#include "verdict/model_summary.hpp"

namespace prov {
namespace {

std::string hex(const base::ContentHash& hash) {
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

std::string_view tokenizer_kind(model::TokenizerModel kind) {
  switch (kind) {
    case model::TokenizerModel::bpe:
      return "BPE";
    case model::TokenizerModel::unigram:
      return "Unigram";
    case model::TokenizerModel::wordpiece:
      return "WordPiece";
    case model::TokenizerModel::wordlevel:
      return "WordLevel";
    case model::TokenizerModel::none:
      break;
  }
  return "unknown";
}

/// Roles, counts and the names that no rule explains.
class TensorList {
 public:
  explicit TensorList(Inspection& to) : to_(to) {}

  void add(InspectedTensor tensor, const model::Role& role) {
    tensor.role = role.kind == model::RoleKind::unknown ? "unknown" : model::role_name(role);
    if (role.kind == model::RoleKind::unknown) to_.unexplained.push_back(tensor.name);
    if (role.layer >= 0) layers_.emplace(role.tower, role.layer);
    to_.layers = layers_.size();
    const std::uint64_t elements = base::checked_product(tensor.shape).value_or(0);
    to_.parameters += elements;
    if (!tensor.dtype.empty()) {
      DtypeCount& count = dtypes_[tensor.dtype];
      count = {tensor.dtype, count.tensors + 1, count.elements + elements};
    }
    to_.tensors.push_back(std::move(tensor));
  }

  void finish() {
    for (const auto& [dtype, count] : dtypes_) to_.dtypes.push_back(count);
  }

 private:
  Inspection& to_;
  std::set<std::pair<model::Tower, int>> layers_;
  std::map<std::string, DtypeCount> dtypes_;
};

Result<Inspection> inspect_model(std::string_view reference) {
  PROV_TRY(const model::Model model, model::open_model(reference));
  PROV_TRY(ModelSummary summary, verdict::summarise_with_config(model, reference));
  Inspection result{.reference = std::move(summary.reference),
                    .model_type = std::move(summary.model_type),
                    .architecture = std::move(summary.architecture),
                    .bytes = summary.bytes,
                    .notes = std::move(summary.notes)};
  if (model.tokenizer) {
    result.tokenizer = fmt::format("{}, {} tokens", tokenizer_kind(model.tokenizer->model),
                                   model.tokenizer->vocabulary.size());
  }
  TensorList list(result);
  for (const model::Tensor& tensor : model.checkpoint.tensors) {
    list.add({.name = tensor.info.name,
              .role = {},
              .dtype = std::string(model::storage_name(tensor)),
              .shape = tensor.info.shape,
              .content = {}},
             tensor.role);
  }
  list.finish();
  return result;
}

Result<Inspection> inspect_fingerprint(std::string_view reference) {
  const std::string name(reference);
  PROV_TRY(const std::string text, fingerprint::read_fingerprint_bytes(name));
  PROV_TRY(const fingerprint::FingerprintFile file,
           fingerprint::decode_fingerprint(std::as_bytes(std::span(text)), name));
  Inspection result{.reference = name, .fingerprint = InspectedFingerprint{}};
  InspectedFingerprint& parts = *result.fingerprint;
  if (file.sketch) {
    parts.sampled = file.sketch->sampled;
    parts.content = hex(file.sketch->weights);
    parts.words = file.sketch->words.size();
    parts.tensor_hashes = file.sketch->tensor_hashes.size();
  }
  if (file.standard) {
    parts.described_mlps = file.standard->mlps.size();
    parts.tokens = file.standard->tokens.size();
    parts.sampled_mlps = file.standard->samples.size();
    parts.tokens_by_text = file.standard->by_text;
    parts.missing = file.standard->missing;
  }
  if (parts.sampled) result.notes.emplace_back(fingerprint::kSampledNote);
  if (file.signals.empty()) {
    result.notes.emplace_back("The fingerprint holds no list of tensors.");
    return result;
  }
  PROV_TRY(const signals::Fingerprint signals, signals::decode_fingerprint(file.signals, name));
  if (signals.mfi) {
    result.model_type = signals.mfi->model_type;
    if (!signals.mfi->architectures.empty())
      result.architecture = signals.mfi->architectures.front();
  }
  TensorList list(result);
  for (const signals::TensorRecord& tensor : signals.weights.tensors) {
    list.add({.name = tensor.name,
              .role = {},
              .dtype = {},
              .shape = tensor.shape,
              .content = parts.sampled ? std::nullopt : std::optional(hex(tensor.content)),
              .non_finite = parts.sampled ? std::nullopt : std::optional(tensor.non_finite)},
             tensor.role);
  }
  return result;
}

}  // namespace

Result<Inspection> inspect(std::string_view reference) {
  return fingerprint::is_fingerprint_file(reference) ? inspect_fingerprint(reference)
                                                     : inspect_model(reference);
}

}  // namespace prov
