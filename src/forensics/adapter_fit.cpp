#include "forensics/adapter_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/permutation_z.hpp"
#include "forensics/sampling.hpp"
#include "model/weight_view.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

using model::LowRankUpdate;
using model::RoleKind;
using numeric::Matrix;

constexpr AxisSample kCoordinates{384, 16};
constexpr std::uint64_t kFeatures = 1024, kFeatureRun = 4;

bool reads_stream(const LowRankUpdate& update) {
  constexpr RoleKind kKinds[] = {RoleKind::query, RoleKind::key, RoleKind::value,  RoleKind::qkv,
                                 RoleKind::gate,  RoleKind::up,  RoleKind::gate_up};
  return std::ranges::find(kKinds, update.target.role.kind) != std::end(kKinds);
}

bool writes_stream(const LowRankUpdate& update) {
  return update.target.role.kind == RoleKind::attention_output ||
         update.target.role.kind == RoleKind::down;
}

/// The matrix of the base as W of y = W x.
model::WeightView view_of(const LowRankUpdate& update) {
  const std::uint64_t lines = update.target.rows(), columns = update.target.row_elements();
  return {.tensor = &update.target,
          .origin = 0,
          .stride = columns,
          .outputs = update.transposed ? columns : lines,
          .inputs = update.transposed ? lines : columns,
          .transposed = update.transposed};
}

/// Sums over sampled elements, for ContainedUpdate.
struct Products {
  double product = 0, update2 = 0;
  double variance = 0;  // of `product` where weights know nothing of the updates

  Products& operator+=(const Products& other) {
    product += other.product;
    update2 += other.update2;
    variance += other.variance;
    return *this;
  }
};

struct Features {
  Matrix update, weight;  // coordinates of the stream x features
  Products products;
};

Products products_of(const Matrix& weight, const Matrix& update) {
  Products sums{.product = numeric::dot(weight.values, update.values),
                .update2 = numeric::dot(update.values, update.values)};
  const double weight2 = numeric::dot(weight.values, weight.values);
  if (!weight.values.empty())
    sums.variance = sums.update2 * weight2 / static_cast<double>(weight.values.size());
  return sums;
}

Result<Features> read_features(const model::Checkpoint& checkpoint, const LowRankUpdate& update,
                               bool reading, std::uint64_t features) {
  const model::WeightView view = view_of(update);
  const AxisSample few{features, kFeatureRun};
  const auto outputs = sampled_positions(view.outputs, reading ? few : kCoordinates);
  const auto inputs = sampled_positions(view.inputs, reading ? kCoordinates : few);
  Features found;
  PROV_TRY(found.weight, model::read_block(checkpoint, view, outputs, inputs));
  PROV_TRY(found.update,
           model::read_update(checkpoint, update, update.transposed ? inputs : outputs,
                              update.transposed ? outputs : inputs));
  if (update.transposed) found.update = numeric::transposed(found.update);
  found.products = products_of(found.weight, found.update);
  for (Matrix* block : {&found.weight, &found.update}) {  // every feature counts alike
    if (!reading) *block = numeric::transposed(*block);
    numeric::normalise_rows(*block);
    *block = numeric::transposed(*block);
  }
  return found;
}

/// Updates around a stream of one width: that of most of them.
std::vector<const LowRankUpdate*> of_one_width(std::span<const LowRankUpdate> updates,
                                               bool reading) {
  std::map<std::uint64_t, std::vector<const LowRankUpdate*>> by_width;
  for (const LowRankUpdate& update : updates) {
    if (reading ? !reads_stream(update) : !writes_stream(update)) continue;
    const model::WeightView view = view_of(update);
    by_width[reading ? view.inputs : view.outputs].push_back(&update);
  }
  const auto most =
      std::ranges::max_element(by_width, {}, [](const auto& entry) { return entry.second.size(); });
  return most == by_width.end() ? std::vector<const LowRankUpdate*>() : std::move(most->second);
}

Result<std::optional<GramAgreement>> measure_side(const model::Checkpoint& checkpoint,
                                                  std::span<const LowRankUpdate> updates,
                                                  bool reading, const std::stop_token& stop,
                                                  AdapterFit& fit, Products& products) {
  const auto chosen = of_one_width(updates, reading);
  if (chosen.empty()) return std::optional<GramAgreement>();
  const std::uint64_t features = std::max<std::uint64_t>(1, kFeatures / chosen.size());
  std::vector<Matrix> of_updates(chosen.size()), of_weights(chosen.size());
  std::vector<Products> sums(chosen.size());
  std::vector<std::optional<Error>> errors(chosen.size());
  base::parallel_for(chosen.size(), base::worker_count(), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    if (auto found = read_features(checkpoint, *chosen[i], reading, features)) {
      sums[i] = found->products;
      of_updates[i] = std::move(found->update);
      of_weights[i] = std::move(found->weight);
    } else {
      errors[i] = std::move(found).error();
    }
  });
  if (stop.stop_requested())
    return Error{.code = ErrorCode::cancelled, .message = "stopped while measuring an adapter"};
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  fit.matrices += chosen.size();
  for (const Products& part : sums) products += part;
  Matrix a = numeric::side_by_side(of_updates), b = numeric::side_by_side(of_weights);
  numeric::normalise_rows(a);
  numeric::normalise_rows(b);
  return gram_agreement(a, b);
}

}  // namespace

std::optional<double> AdapterFit::z() const {
  std::vector<double> parts;
  if (reading) parts.push_back(reading->z);
  if (writing) parts.push_back(writing->z);
  return parts.empty() ? std::nullopt : std::optional(stouffer(parts));
}

std::optional<double> AdapterFit::cka() const {
  if (reading && writing) return (reading->cka + writing->cka) / 2;
  if (reading) return reading->cka;
  return writing ? std::optional(writing->cka) : std::nullopt;
}

std::size_t AdapterFit::coordinates() const {
  return reading ? reading->units : writing ? writing->units : 0;
}

Result<AdapterFit> measure_adapter_fit(const model::Checkpoint& checkpoint,
                                       std::span<const model::LowRankUpdate> updates,
                                       const std::stop_token& stop) {
  AdapterFit fit;
  Products products;
  PROV_TRY(fit.reading, measure_side(checkpoint, updates, true, stop, fit, products));
  PROV_TRY(fit.writing, measure_side(checkpoint, updates, false, stop, fit, products));
  if (products.update2 > 0 && products.variance > 0) {
    fit.contained = ContainedUpdate{products.product / products.update2,
                                    products.product / std::sqrt(products.variance)};
  }
  return fit;
}

}  // namespace prov::forensics
