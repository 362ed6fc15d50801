#include "provenancekit/verify_quant.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/quantised_tensor.hpp"
#include "model/model.hpp"

namespace prov {
namespace {

using forensics::QuantisedTensor;

/// Strangers stay near 0, 2-bit copies above .9.
constexpr double kLikeness = 0.5;

/// Rounding to nearest is all that these schemes do; others may move weights against the errors of
/// others, which cannot be told from a change.
bool only_rounds(std::string_view scheme) {
  constexpr std::string_view kCompensating[] = {"GPTQ", "AWQ", "compressed-tensors", "NVFP4",
                                                "MXFP4"};
  return std::ranges::none_of(kCompensating,
                              [&](std::string_view name) { return scheme.starts_with(name); });
}

QuantStatus status_of(const QuantisedTensor& measured, std::string_view scheme, bool matrix) {
  if (!measured.testable)
    return measured.cosine < kLikeness ? QuantStatus::not_from_source : QuantStatus::untested;
  const double outside =
      static_cast<double>(measured.outside) / static_cast<double>(measured.elements);
  if (measured.on_grid && outside <= forensics::kFaithfulOutside)
    return measured.scaled_before ? QuantStatus::other_scheme : QuantStatus::faithful;
  if (!measured.on_grid && measured.outside == 0) return QuantStatus::unchanged;
  // Gains of norms are alike between strangers, too.
  if (matrix && measured.cosine < kLikeness) return QuantStatus::not_from_source;
  if (!measured.on_grid || only_rounds(scheme)) return QuantStatus::altered;
  return QuantStatus::near;
}

VerifiedTensor described(const forensics::TensorPair& pair, const QuantisedTensor& measured) {
  VerifiedTensor tensor{.name = pair.a->info.name,
                        .scheme = std::string(model::storage_name(*pair.a)),
                        .elements = measured.elements,
                        .cosine = measured.cosine,
                        .why = {}};
  if (measured.elements == 0) {
    tensor.why = "it has no elements";
    return tensor;
  }
  tensor.status = status_of(measured, tensor.scheme, pair.a->info.shape.size() >= 2);
  if (!measured.testable) {
    tensor.why = "the levels of its grid follow from no table";
    return tensor;
  }
  tensor.outside = measured.outside;
  if (!measured.scaled_before) tensor.farthest = measured.farthest;
  return tensor;
}

VerifiedTensor untested(const model::Tensor& tensor, std::string why) {
  return {.name = tensor.info.name,
          .scheme = std::string(model::storage_name(tensor)),
          .elements = tensor.elements(),
          .why = std::move(why)};
}

std::uint64_t count_of(const QuantVerification& result, QuantStatus status) {
  return static_cast<std::uint64_t>(
      std::ranges::count(result.tensors, status, &VerifiedTensor::status));
}

/// Scales that leave a matrix go into the norm before it: its gains then differ, too.
void explain_scaled_norms(QuantVerification& result, const model::Checkpoint& quantised) {
  if (count_of(result, QuantStatus::other_scheme) == 0) return;
  for (VerifiedTensor& tensor : result.tensors) {
    const model::Tensor* const stored = quantised.find(tensor.name);
    if (tensor.status == QuantStatus::altered && stored->info.shape.size() == 1)
      tensor.status = QuantStatus::other_scheme;
  }
}

void conclude(QuantVerification& result, std::uint64_t on_grids) {
  const auto count = [&](QuantStatus status) { return count_of(result, status); };
  const std::uint64_t strange = count(QuantStatus::not_from_source),
                      altered = count(QuantStatus::altered), near = count(QuantStatus::near),
                      other = count(QuantStatus::other_scheme),
                      faithful = count(QuantStatus::faithful);
  const auto say = [&](QuantConclusion conclusion, std::string reason) {
    result.conclusion = conclusion;
    result.reason = std::move(reason);
  };
  if (on_grids == 0)
    return say(QuantConclusion::undecided, "No tensor of the first model is stored on a grid.");
  if (strange > 0 && 2 * strange >= faithful + other + near + altered + strange) {
    return say(QuantConclusion::not_from_source,
               fmt::format("{} tensors are not like those of the source.", strange));
  }
  if (altered + strange > 0) {
    return say(QuantConclusion::altered,
               fmt::format("{} tensors are neither the source's values nor their rounding, {} are "
                           "faithful.",
                           altered + strange, faithful));
  }
  if (near > 0) {
    return say(QuantConclusion::undecided,
               fmt::format("{} tensors are like the source's, but not their nearest levels: a "
                           "quantiser that compensates errors does that, a change does it too.",
                           near));
  }
  if (other > 0) {
    return say(QuantConclusion::other_scheme,
               fmt::format("{} tensors are the source's rounded after rows or columns were scaled, "
                           "as AWQ does; {} are rounded as they stand.",
                           other, faithful));
  }
  if (faithful == 0)
    return say(QuantConclusion::undecided, "No tensor that is stored on a grid could be tested.");
  say(QuantConclusion::faithful,
      fmt::format("All {} tensors that could be tested on their grids are the source's, rounded.",
                  faithful));
}

}  // namespace

std::string_view quant_status_name(QuantStatus value) {
  switch (value) {
    case QuantStatus::unchanged:
      return "unchanged";
    case QuantStatus::faithful:
      return "faithful";
    case QuantStatus::other_scheme:
      return "other-scheme";
    case QuantStatus::near:
      return "near";
    case QuantStatus::altered:
      return "altered";
    case QuantStatus::not_from_source:
      return "not-from-source";
    case QuantStatus::untested:
      break;
  }
  return "untested";
}

std::string_view quant_conclusion_name(QuantConclusion value) {
  switch (value) {
    case QuantConclusion::faithful:
      return "faithful";
    case QuantConclusion::other_scheme:
      return "other-scheme";
    case QuantConclusion::altered:
      return "altered";
    case QuantConclusion::not_from_source:
      return "not-from-source";
    case QuantConclusion::undecided:
      break;
  }
  return "undecided";
}

Result<QuantVerification> verify_quant(std::string_view quantised, std::string_view source,
                                       const VerifyQuantOptions& options) {
  PROV_TRY(const model::Model a, model::open_model(quantised));
  PROV_TRY(const model::Model b, model::open_model(source));
  QuantVerification result{.quantised = std::string(quantised),
                           .source = std::string(source),
                           .reason = {},
                           .tensors = {},
                           .notes = a.notes};
  const forensics::TensorPairing pairing =
      forensics::pair_tensors(a.checkpoint, {}, b.checkpoint, {});
  if (options.progress != nullptr) {
    options.progress->phase("verifying every value");
    options.progress->expect(a.checkpoint.bytes());
  }
  std::vector<std::optional<Result<VerifiedTensor>>> found(pairing.pairs.size());
  base::parallel_for(pairing.pairs.size(), base::worker_count(), [&](std::size_t i) {
    const forensics::TensorPair& pair = pairing.pairs[i];
    if (!pair.same_shape) {
      found[i] = untested(*pair.a, "the source's tensor has another shape");
    } else if (auto measured =
                   forensics::measure_quantised(a.checkpoint, b.checkpoint, pair, options.stop)) {
      found[i] = described(pair, *measured);
    } else {
      found[i] = std::move(measured).error();
    }
    if (options.progress != nullptr) options.progress->advance(pair.a->info.bytes);
  });
  for (auto& tensor : found) {
    PROV_TRY(VerifiedTensor verified, *std::move(tensor));
    result.tensors.push_back(std::move(verified));
  }
  for (const model::Tensor* alone : pairing.only_a)
    result.tensors.push_back(untested(*alone, "the source has no such tensor"));
  std::ranges::sort(result.tensors, {}, &VerifiedTensor::name);
  PROV_CHECK(a.checkpoint.verify_unchanged());
  PROV_CHECK(b.checkpoint.verify_unchanged());
  explain_scaled_norms(result, a.checkpoint);
  const auto on_grids = std::ranges::count_if(pairing.pairs, [](const auto& pair) {
    return pair.a->composed != nullptr || format::is_block_quantised(pair.a->info.dtype);
  });
  conclude(result, static_cast<std::uint64_t>(on_grids));
  return result;
}

}  // namespace prov
