#include "forensics/sampling.hpp"

#include <algorithm>
#include <numeric>

namespace prov::forensics {

std::vector<std::uint64_t> sampled_positions(std::uint64_t size, AxisSample sample) {
  const std::uint64_t run_length =
      std::clamp<std::uint64_t>(sample.run_length, 1, std::max<std::uint64_t>(sample.wanted, 1));
  const std::uint64_t runs = std::max<std::uint64_t>(1, sample.wanted / run_length);
  if (size <= runs * run_length) {
    std::vector<std::uint64_t> all(size);
    std::iota(all.begin(), all.end(), std::uint64_t{0});
    return all;
  }
  std::vector<std::uint64_t> positions;
  positions.reserve(runs * run_length);
  // Quotient and remainder apart, so that no product leaves 64 bits. Runs never overlap, because
  // size > runs * run_length.
  const std::uint64_t span = size - run_length, steps = std::max<std::uint64_t>(1, runs - 1);
  for (std::uint64_t run = 0; run < runs; ++run) {
    const std::uint64_t begin = run * (span / steps) + run * (span % steps) / steps;
    for (std::uint64_t i = 0; i < run_length; ++i) positions.push_back(begin + i);
  }
  return positions;
}

}  // namespace prov::forensics
