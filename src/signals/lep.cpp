#include "signals/lep.hpp"

#include <algorithm>
#include <cmath>

#include "signals/tensor_naming.hpp"

namespace prov::signals {
namespace {

// `profile` at `length` equally spaced points from its first to its last value.
std::vector<double> resample(const std::vector<double>& profile, std::size_t length) {
  if (profile.size() == length) return profile;
  std::vector<double> points(length, profile.front());
  for (std::size_t i = 1; i < length; ++i) {
    const double at =
        static_cast<double>(i * (profile.size() - 1)) / static_cast<double>(length - 1);
    const auto left = std::min(static_cast<std::size_t>(at), profile.size() - 2);
    points[i] =
        profile[left] + (profile[left + 1] - profile[left]) * (at - static_cast<double>(left));
  }
  return points;
}

}  // namespace

bool LepBuilder::wants_norm(const model::Tensor& tensor) {
  return tensor.info.shape.size() >= 2 && kit_layer(tensor.info.name).has_value();
}

void LepBuilder::add(const model::Tensor& tensor, float norm) {
  const bool matrix = tensor.info.shape.size() >= 2;
  if (!matrix && tensor.elements() < 1024) return;
  const auto layer = kit_layer(tensor.info.name);
  if (layer) energy_[*layer] += matrix ? static_cast<double>(norm) : 0.0;
}

LepRecord LepBuilder::finish() const {
  if (energy_.empty()) return {.missing = "no tensor lies in a layer"};
  LepRecord record;
  record.profile.resize(energy_.rbegin()->first + std::size_t{1});
  for (const auto& [layer, energy] : energy_) record.profile[layer] = energy;
  if (!std::ranges::all_of(record.profile, [](double energy) { return std::isfinite(energy); })) {
    return {.missing = "the weights of a layer are not finite"};
  }
  const double largest = *std::ranges::max_element(record.profile);
  if (largest > 1e-8) {
    for (double& value : record.profile) value /= largest;
  }
  return record;
}

Similarity lep_similarity(const LepRecord& a, const LepRecord& b) {
  if (a.profile.empty() || b.profile.empty()) return std::nullopt;
  const std::size_t length = std::min(a.profile.size(), b.profile.size());
  const std::vector<double> x = resample(a.profile, length), y = resample(b.profile, length);
  return mapped_pearson(std::span<const double>(x), std::span<const double>(y));
}

}  // namespace prov::signals
