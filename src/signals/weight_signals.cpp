#include "signals/weight_signals.hpp"

#include <cmath>
#include <map>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "model/row_reader.hpp"
#include "signals/kit_order.hpp"
#include "signals/kit_tensors.hpp"
#include "signals/tensor_naming.hpp"

namespace prov::signals {
namespace {

using KitTensors = std::span<const model::Tensor* const>;

// Each signal first says which values it needs, then makes its record from them. The requests for
// the tensors of the kit come first, in their order.

class EmbeddingPlan {
 public:
  EmbeddingPlan(KitTensors kit, const WeightSignalOptions& options,
                std::vector<TensorRequest>& requests) {
    const std::optional<std::size_t> found = find_kit_embedding(kit);
    if (!found) {
      missing_ = "no embedding";
      return;
    }
    index_ = *found;
    const model::Tensor& embedding = *kit[index_];
    missing_ = why_not(embedding);
    if (!missing_.empty()) return;
    if (options.select_anchors) anchors_ = options.select_anchors(embedding.rows());
    if (anchors_.size() < kMinAnchors) {
      missing_ = "fewer than 16 anchor tokens";
      return;
    }
    columns_ = embedding.row_elements();
    anchor_rows_.resize(anchors_.size() * columns_);
    row_square_sums_.resize(embedding.rows());
    TensorRequest& request = requests[index_];
    request.row_square_sums = row_square_sums_;
    for (std::size_t i = 0; i < anchors_.size(); ++i) {
      request.gathers.push_back(
          {anchors_[i] * columns_, 1, std::span(anchor_rows_).subspan(i * columns_, columns_)});
    }
  }

  EasRecord eas() const {
    if (!missing_.empty()) return {.missing = missing_};
    return make_eas(anchor_rows_, columns_);
  }

  EndRecord end(std::span<const TensorSummary> summaries) const {
    if (!missing_.empty()) return {.missing = missing_};
    if (const std::uint64_t bad = summaries[index_].non_finite; bad > 0)
      return {.missing = std::to_string(bad) + " elements of the embedding are not finite"};
    std::vector<float> norms;
    norms.reserve(row_square_sums_.size());
    for (const double squares : row_square_sums_)
      norms.push_back(static_cast<float>(std::sqrt(squares)));
    return make_end(norms);
  }

 private:
  static std::string why_not(const model::Tensor& embedding) {
    if (embedding.info.shape.size() != 2 || embedding.elements() == 0)
      return "the embedding is no matrix";
    if (embedding.info.dtype == format::Dtype::c64) return "the embedding is complex";
    if (embedding.rows() > kMaxEmbeddingRows) return "the embedding has more than 1,000,000 rows";
    if (embedding.row_elements() > kMaxEmbeddingColumns)
      return "the embedding has more than 65,536 columns";
    return {};
  }

  // Bounds what the rows of the anchors take: 16 MiB for 64 of them. Real models have at most
  // 16,384.
  static constexpr std::uint64_t kMaxEmbeddingColumns = 65536;

  std::string missing_;
  std::size_t index_ = 0;
  std::uint64_t columns_ = 0;
  std::vector<std::uint32_t> anchors_;
  std::vector<float> anchor_rows_;
  std::vector<double> row_square_sums_;
};

class NlfPlan {
 public:
  NlfPlan(KitTensors kit, std::span<const std::size_t> order,
          std::vector<TensorRequest>& requests) {
    std::uint64_t total = 0;
    std::vector<std::size_t> chosen;
    for (const std::size_t i : order) {
      if (!belongs_to_nlf(*kit[i])) continue;
      chosen.push_back(i);
      lengths_.push_back(kit[i]->elements());
      total += lengths_.back();
      too_many_ = total > kMaxNlfElements;
      if (too_many_) return;
    }
    values_.resize(total);
    std::size_t at = 0;
    for (std::size_t n = 0; n < chosen.size(); ++n) {
      requests[chosen[n]].gathers.push_back({0, 1, std::span(values_).subspan(at, lengths_[n])});
      at += lengths_[n];
    }
  }

  NlfRecord finish() && {
    if (too_many_)
      return {.missing = "the normalisation weights have more than 16,777,216 elements"};
    return make_nlf(std::move(values_), lengths_);
  }

 private:
  bool too_many_ = false;
  std::vector<std::size_t> lengths_;
  std::vector<float> values_;
};

class WvcPlan {
 public:
  WvcPlan(KitTensors kit, std::span<const std::size_t> order, std::uint64_t subsample,
          std::vector<TensorRequest>& requests) {
    record_.subsample = subsample;
    std::map<std::uint32_t, std::size_t> sizes;
    for_each(kit, order, [&](std::size_t, std::uint32_t layer, Sampling sampling) {
      sizes[layer] += sampling.count;
    });
    for (const auto& [layer, size] : sizes) record_.layers[layer].resize(size);
    std::map<std::uint32_t, std::size_t> used;
    for_each(kit, order, [&](std::size_t tensor, std::uint32_t layer, Sampling sampling) {
      const auto out = std::span(record_.layers[layer]).subspan(used[layer], sampling.count);
      requests[tensor].gathers.push_back({0, sampling.stride, out});
      used[layer] += sampling.count;
    });
    if (record_.layers.empty()) record_.missing = "no tensor of a layer is named like a projection";
  }

  WvcRecord finish() && { return std::move(record_); }

 private:
  template <class Visit>
  void for_each(KitTensors kit, std::span<const std::size_t> order, const Visit& visit) const {
    for (const std::size_t i : order) {
      const model::Tensor& tensor = *kit[i];
      if (!belongs_to_wvc(tensor) || tensor.info.dtype == format::Dtype::c64) continue;
      visit(i, *kit_layer(tensor.info.name), wvc_sampling(tensor.elements(), record_.subsample));
    }
  }

  WvcRecord record_;
};

constexpr const char* kNotComputed = "not computed, since it needs every weight";

/// The gathered elements alone.
Result<void> read_gathers(const model::Checkpoint& checkpoint, const TensorRequest& request) {
  model::RowReader reader(checkpoint, *request.tensor);
  std::vector<model::ElementRange> parts;
  for (const Gather& gather : request.gathers) parts.push_back({gather.first, gather.out.size()});
  reader.expect(parts);
  for (const Gather& gather : request.gathers)
    PROV_CHECK(reader.read_elements(gather.first, gather.out));
  return {};
}

Result<void> read_gathers(const model::Checkpoint& checkpoint,
                          std::span<const TensorRequest> requests, std::size_t workers) {
  std::vector<std::optional<Error>> errors(requests.size());
  base::parallel_for(requests.size(), workers, [&](std::size_t i) {
    if (requests[i].gathers.empty()) return;
    if (auto status = read_gathers(checkpoint, requests[i]); !status)
      errors[i] = std::move(status).error();
  });
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return {};
}

LepRecord make_lep(KitTensors kit, std::span<const TensorSummary> summaries) {
  LepBuilder lep;
  for (std::size_t i = 0; i < kit.size(); ++i) {
    if (summaries[i].decoded) lep.add(*kit[i], summaries[i].chained_norm);
  }
  return lep.finish();
}

std::vector<TensorRecord> make_records(const model::Checkpoint& checkpoint,
                                       std::span<const TensorRequest> requests,
                                       std::span<const TensorSummary> summaries) {
  std::map<const model::Tensor*, const TensorSummary*> summary_of;
  for (std::size_t i = 0; i < requests.size(); ++i)
    summary_of.emplace(requests[i].tensor, &summaries[i]);
  std::vector<TensorRecord> records;
  for (const model::Tensor& tensor : checkpoint.tensors) {
    const TensorSummary& summary = *summary_of.at(&tensor);
    records.push_back(
        {tensor.info.name, tensor.role, tensor.info.shape, summary.content, summary.non_finite});
  }
  return records;
}

}  // namespace

Result<WeightSignals> read_weight_signals(const model::Checkpoint& checkpoint,
                                          const WeightSignalOptions& options) {
  if (options.wvc_subsample == 0) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "the number of elements a tensor for WVC must be at least 1"};
  }
  const std::vector<const model::Tensor*> kit = kit_tensors(checkpoint);
  std::vector<TensorRequest> requests;
  for (const model::Tensor* const tensor : kit) {
    requests.push_back({.tensor = tensor, .chained_norm = LepBuilder::wants_norm(*tensor)});
  }
  const EmbeddingPlan embedding(kit, options, requests);
  const std::vector<std::size_t> order = kit_order(kit);
  NlfPlan nlf(kit, order, requests);
  WvcPlan wvc(kit, order, options.wvc_subsample, requests);
  for (const model::Tensor& tensor : checkpoint.tensors) {
    if (!kit_takes_whole(tensor)) requests.push_back({.tensor = &tensor});
  }
  if (options.visitor_of) {
    for (TensorRequest& request : requests) request.visitor = options.visitor_of(*request.tensor);
  }
  PROV_TRY(const std::vector<TensorSummary> summaries,
           read_weights(checkpoint, requests, options.pass));

  WeightSignals signals;
  signals.eas = embedding.eas();
  signals.end = embedding.end(summaries);
  signals.nlf = std::move(nlf).finish();
  signals.wvc = std::move(wvc).finish();
  signals.lep = make_lep(kit, summaries);
  signals.tensors = make_records(checkpoint, requests, summaries);
  return signals;
}

Result<WeightSignals> read_few_weight_signals(const model::Checkpoint& checkpoint,
                                              const WeightSignalOptions& options) {
  const std::vector<const model::Tensor*> kit = kit_tensors(checkpoint);
  std::vector<TensorRequest> requests;
  for (const model::Tensor* const tensor : kit) requests.push_back({.tensor = tensor});
  const EmbeddingPlan embedding(kit, options, requests);
  NlfPlan nlf(kit, kit_order(kit), requests);
  PROV_CHECK(read_gathers(checkpoint, requests, options.pass.workers));

  WeightSignals signals;
  signals.eas = embedding.eas();
  signals.nlf = std::move(nlf).finish();
  signals.lep.missing = signals.end.missing = signals.wvc.missing = kNotComputed;
  for (const model::Tensor& tensor : checkpoint.tensors)
    signals.tensors.push_back(
        {.name = tensor.info.name, .role = tensor.role, .shape = tensor.info.shape, .content = {}});
  return signals;
}

}  // namespace prov::signals
