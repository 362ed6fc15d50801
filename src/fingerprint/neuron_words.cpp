#include "fingerprint/neuron_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/digest.hpp"

namespace prov::fingerprint {
namespace {

constexpr std::size_t kFewestTokens = 3;

bool varies(std::span<const float> row) {
  return std::ranges::all_of(row, [](float value) { return std::isfinite(value); }) &&
         std::ranges::any_of(row, [](float value) { return value != 0; });
}

/// Of equal values the first.
std::size_t largest(std::span<const float> row, std::size_t except) {
  std::size_t best = except == 0 ? 1 : 0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    if (j != except && row[j] > row[best]) best = j;
  }
  return best;
}

std::size_t farthest(std::span<const float> row) {
  std::size_t best = 0;
  for (std::size_t j = 1; j < row.size(); ++j) {
    if (std::abs(row[j]) > std::abs(row[best])) best = j;
  }
  return best;
}

std::uint64_t word(std::uint64_t first, std::uint64_t second, std::uint64_t third) {
  std::array<std::byte, 24> bytes{};
  const std::array<std::uint64_t, 3> keys = {std::min(first, second), std::max(first, second),
                                             third};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(keys[i / 8] >> (8 * (i % 8)));
  base::ContentHasher hasher;
  hasher.update(bytes);
  return hasher.finish().low;
}

/// Words that several units of one MLP have name the tokens that everything responds to.
std::vector<std::uint64_t> named_once(std::vector<std::uint64_t> words) {
  std::ranges::sort(words);
  std::vector<std::uint64_t> once;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool repeated =
        (i > 0 && words[i - 1] == words[i]) || (i + 1 < words.size() && words[i + 1] == words[i]);
    if (!repeated) once.push_back(words[i]);
  }
  return once;
}

}  // namespace

std::vector<std::uint64_t> words_of(const NeuronResponses& responses,
                                    std::span<const std::uint64_t> keys) {
  std::vector<std::uint64_t> words;
  if (keys.size() < kFewestTokens || responses.up.columns != keys.size()) return words;
  const bool gated = responses.gate.rows > 0;
  const numeric::Matrix& reading = gated ? responses.gate : responses.up;
  const numeric::Matrix& second = gated ? responses.up : responses.down;
  for (std::size_t i = 0; i < std::min(kWordUnits, reading.rows); ++i) {
    if (!varies(reading.row(i)) || !varies(second.row(i))) continue;
    const std::size_t first = largest(reading.row(i), keys.size());
    words.push_back(
        word(keys[first], keys[largest(reading.row(i), first)], keys[farthest(second.row(i))]));
  }
  return named_once(std::move(words));
}

std::vector<std::uint64_t> kept_words(std::vector<std::uint64_t> words) {
  std::ranges::sort(words);
  const auto repeated = std::ranges::unique(words);
  words.erase(repeated.begin(), repeated.end());
  // The words are hashes themselves: the smallest are a fair sample.
  words.resize(std::min(words.size(), kMostWords));
  return words;
}

std::size_t shared_words(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  std::size_t shared = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) ++shared;
    const bool step_a = a[i] <= b[j], step_b = b[j] <= a[i];
    i += step_a ? 1 : 0;
    j += step_b ? 1 : 0;
  }
  return shared;
}

}  // namespace prov::fingerprint
