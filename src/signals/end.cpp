#include "signals/end.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace prov::signals {
namespace {

constexpr std::size_t kBins = 20;
using Edges = std::array<float, kBins + 1>;

// numpy's linspace in f32.
Edges equal_edges(float low, float high) {
  const float step = (high - low) / static_cast<float>(kBins);
  Edges edges;
  for (std::size_t j = 0; j < kBins; ++j) edges[j] = static_cast<float>(j) * step + low;
  edges[kBins] = high;
  return edges;
}

}  // namespace

EndRecord make_end(std::span<const float> row_norms) {
  if (row_norms.empty()) return {.missing = "the embedding has no rows"};
  auto [low, high] = std::ranges::minmax(row_norms);
  if (!std::isfinite(low) || !std::isfinite(high))
    return {.missing = "a row of the embedding is not finite"};
  if (low == high) low -= 0.5f, high += 0.5f;
  const Edges edges = equal_edges(low, high);

  std::array<std::uint64_t, kBins> counts{};
  for (const float norm : row_norms) {
    // The last edge that is not above the norm; the longest row belongs to the last bin.
    const auto above = std::ranges::upper_bound(edges, norm) - edges.begin();
    counts[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(above - 1, 0, kBins - 1))] += 1;
  }

  // A density first and then its share of the sum, as the kit does: the rounding of the edges stays
  // visible.
  std::array<double, kBins> histogram{};
  double total = 0;
  for (std::size_t j = 0; j < kBins; ++j) {
    const auto width = static_cast<double>(edges[j + 1] - edges[j]);
    if (width > 0)
      histogram[j] = static_cast<double>(counts[j]) / width / static_cast<double>(row_norms.size());
    total += histogram[j];
  }
  for (double& share : histogram) share /= total + 1e-10;
  return {.histogram = histogram, .missing = {}};
}

Similarity end_similarity(const EndRecord& a, const EndRecord& b) {
  if (!a.histogram || !b.histogram) return std::nullopt;
  return clamped_cosine(std::span<const double>(*a.histogram),
                        std::span<const double>(*b.histogram));
}

}  // namespace prov::signals
