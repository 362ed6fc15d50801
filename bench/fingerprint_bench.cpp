// Comparing two standard fingerprints of deep models: what a search pays for each candidate that it
// looks at again.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "fingerprint/compare_responses.hpp"
#include "fingerprint/compare_samples.hpp"
#include "fingerprint/fingerprint_codec.hpp"

namespace prov::fingerprint {
namespace {

/// splitmix64, for codes without any structure: the slowest case of an assignment.
class Codes {
 public:
  explicit Codes(std::uint64_t seed) : state_(seed) {}

  QuantisedRows rows(std::size_t count, std::size_t columns) {
    QuantisedRows result{columns, std::vector<float>(count, 1), {}};
    for (std::size_t i = 0; i < count * columns; ++i) {
      std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
      z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
      z ^= z >> 27U;
      result.codes.push_back(static_cast<std::int8_t>(static_cast<int>(z % 255) - 127));
    }
    return result;
  }

 private:
  std::uint64_t state_;
};

Standard deep_model(std::uint64_t seed) {
  Codes codes(seed);
  Standard standard;
  for (std::uint64_t i = 0; i < kStandardTokens; ++i) standard.tokens.push_back(i);
  for (int layer = 0; layer < static_cast<int>(kStandardMlps); ++layer) {
    standard.mlps.push_back({{.layer = layer},
                             std::vector<std::uint32_t>(128, 0),
                             codes.rows(128, kStandardTokens),
                             codes.rows(128, kStandardTokens),
                             codes.rows(128, kStandardTokens)});
  }
  for (int layer = 0; layer < static_cast<int>(kDepths); ++layer) {
    standard.samples.push_back(
        {{.layer = layer}, 11008, 4096, true, codes.rows(64, 192), codes.rows(1, angles_of(128))});
  }
  return standard;
}

void responses_of_strangers(benchmark::State& state) {
  const Standard a = deep_model(1), b = deep_model(2);
  for (auto _ : state) benchmark::DoNotOptimize(compare_responses(a, b));
}
BENCHMARK(responses_of_strangers)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void responses_of_copies(benchmark::State& state) {
  const Standard a = deep_model(1);
  for (auto _ : state) benchmark::DoNotOptimize(compare_responses(a, a));
}
BENCHMARK(responses_of_copies)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void samples_of_strangers(benchmark::State& state) {
  const Standard a = deep_model(1), b = deep_model(2);
  for (auto _ : state) benchmark::DoNotOptimize(compare_samples(a, b));
}
BENCHMARK(samples_of_strangers)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void decode_standard(benchmark::State& state) {
  const auto bytes = encode({.sketch = {}, .standard = deep_model(1), .signals = {}});
  for (auto _ : state) benchmark::DoNotOptimize(decode_fingerprint(bytes, "bench"));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(decode_standard)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace prov::fingerprint
