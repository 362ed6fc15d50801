#include "forensics/sparse_elements.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace prov::forensics {
namespace {

// Ratios are sorted into bins of .05 from -.5 to 8: sixteen units place a ratio to within .03.
constexpr double kBinWidth = 0.05, kLeastBin = -0.5, kLeastRatio = 0.2;
constexpr std::size_t kBins = 170;
constexpr std::size_t kMargin = 5;  // bins on either side, behind the next one, show the background
constexpr double kLeastShare = 0.05;
constexpr double kSharpness = 6;  // times the background; other fine-tunings of the base reach 1.5
constexpr double kLeastBackground = 1e-3;
constexpr std::size_t kFewest = 200;  // elements of a statement

using Bins = std::array<double, kBins>;

double sum(const Bins& bins, std::size_t first, std::size_t count) {
  const auto begin = bins.begin() + static_cast<std::ptrdiff_t>(first);
  return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(count), 0.0);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

SparseElements::SparseElements(std::span<const SiteSums> sums, std::size_t base) : base_(base) {
  begins_.push_back(0);
  for (const SiteSums& site : sums) {
    const ElementSample& sample = site.elements;
    if (sample.models.empty() || sample.models[base].empty()) continue;
    const int precision = std::min(site.child_precision, site.precisions[base]);
    for (std::size_t i = 0; i < sample.child.size(); ++i) {
      const float child = sample.child[i], origin = sample.models[base][i];
      elements_.push_back(
          {static_cast<double>(child) - static_cast<double>(origin),
           std::max(unit_in_last_place(origin, precision), unit_in_last_place(child, precision))});
    }
    samples_.push_back(&sample);
    begins_.push_back(elements_.size());
  }
}

std::vector<double> SparseElements::task_vector(std::size_t model) const {
  std::vector<double> tasks;
  tasks.reserve(elements_.size());
  for (const ElementSample* sample : samples_) {
    const std::vector<float>& values = sample->models[model];
    const std::vector<float>& origin = sample->models[base_];
    for (std::size_t i = 0; i < origin.size(); ++i) {
      tasks.push_back(
          values.empty() ? 0 : static_cast<double>(values[i]) - static_cast<double>(origin[i]));
    }
  }
  return tasks;
}

std::optional<RatioPeak> find_ratio_peak(const std::vector<double>& ratios) {
  if (ratios.size() < kFewest) return std::nullopt;
  Bins bins{};
  for (const double ratio : ratios) {
    const double bin = (ratio - kLeastBin) / kBinWidth;
    if (bin >= 0 && bin < static_cast<double>(kBins))
      bins[static_cast<std::size_t>(bin)] += 1 / static_cast<double>(ratios.size());
  }
  constexpr auto kFirst = static_cast<std::size_t>((kLeastRatio - kLeastBin) / kBinWidth);
  std::size_t best = kFirst;
  for (std::size_t i = kFirst; i + kMargin + 2 < kBins; ++i) {
    if (sum(bins, i - 1, 3) > sum(bins, best - 1, 3)) best = i;
  }
  // The flank of another peak, at 0 for instance, is no peak: the higher side counts.
  constexpr std::size_t kSide = kMargin - 1;
  const double around = std::max(sum(bins, best - 1 - kMargin, kSide), sum(bins, best + 3, kSide));
  RatioPeak peak{0, sum(bins, best - 1, 3), 3 * around / static_cast<double>(kSide)};
  const double background = std::max(peak.background, kLeastBackground);
  if (peak.share < kLeastShare || peak.share < kSharpness * background) return std::nullopt;
  std::vector<double> inside;
  const double begin = kLeastBin + kBinWidth * static_cast<double>(best - 1);
  for (const double ratio : ratios) {
    if (ratio >= begin && ratio < begin + 3 * kBinWidth) inside.push_back(ratio);
  }
  peak.ratio = median(std::move(inside));
  return peak;
}

}  // namespace prov::forensics
