#include "fingerprint/sign_projection.hpp"

#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

#include "numeric/walsh_hadamard.hpp"

namespace prov::fingerprint {
namespace {

constexpr std::size_t kWordBits = 64;

/// splitmix64 (Steele, Lea, Flood 2014): number `index` of the stream `seed`.
std::uint64_t random_bits(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

}  // namespace

bool project_signs(std::span<const float> values, std::uint64_t seed,
                   std::span<std::uint64_t> bits) {
  std::vector<double> sums(bits.size() * kWordBits, 0);
  if (sums.empty()) return false;
  bool any = false;
  std::uint64_t signs = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) return false;
    if (i % kWordBits == 0) signs = random_bits(seed, i / kWordBits);
    any = any || values[i] != 0;
    const auto value = static_cast<double>(values[i]);
    sums[i % sums.size()] += (signs >> (i % kWordBits) & 1U) != 0 ? value : -value;
  }
  if (!any) return false;
  numeric::walsh_hadamard(sums);
  for (std::size_t word = 0; word < bits.size(); ++word) {
    bits[word] = 0;
    for (std::size_t bit = 0; bit < kWordBits; ++bit)
      bits[word] |= std::uint64_t{sums[word * kWordBits + bit] >= 0} << bit;
  }
  return true;
}

void fill_at_random(std::uint64_t seed, std::uint64_t identity, std::span<std::uint64_t> bits) {
  for (std::size_t word = 0; word < bits.size(); ++word)
    bits[word] = random_bits(random_bits(seed, identity), word);
}

std::size_t differing_bits(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  std::size_t differing = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    differing += static_cast<std::size_t>(std::popcount(a[i] ^ b[i]));
  return differing;
}

double cosine_of_bits(std::size_t differing, std::size_t bits) {
  if (bits == 0) return 0;
  return std::cos(std::numbers::pi * static_cast<double>(differing) / static_cast<double>(bits));
}

}  // namespace prov::fingerprint
