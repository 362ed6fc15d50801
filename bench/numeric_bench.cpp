// Seconds of the work that a comparison of two models is made of: assignments, matrix products,
// CKA.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "forensics/gram_agreement.hpp"
#include "numeric/assignment.hpp"
#include "numeric/gemm.hpp"
#include "numeric/main_subspace.hpp"
#include "numeric/orthogonal_factor.hpp"

namespace prov {
namespace {

/// About normal: the sum of four uniform numbers.
numeric::Matrix noise(std::size_t rows, std::size_t columns, std::uint64_t state) {
  numeric::Matrix matrix(rows, columns);
  for (float& value : matrix.values) {
    double sum = -2;
    for (int i = 0; i < 4; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
      sum += static_cast<double>(state >> 40U) / 0x1p24;
    }
    value = static_cast<float>(sum);
  }
  return matrix;
}

std::vector<float> cosines(std::size_t size, double noise_part) {
  numeric::Matrix a = noise(size, size, 1), b = noise(size, size, 2);
  for (std::size_t i = 0; i < size && noise_part < 1; ++i) {
    for (std::size_t k = 0; k < size; ++k)  // row i of b is row i * 5 of a, 5 prime to the size
      b.row(i)[k] = a.row(i * 5 % size)[k] + static_cast<float>(noise_part) * b.row(i)[k];
  }
  forensics::normalise_rows(a);
  forensics::normalise_rows(b);
  std::vector<float> scores(size * size);
  numeric::multiply_by_transpose(a.values, size, b.values, size, size, scores);
  return scores;
}

void assign(benchmark::State& state, double noise_part) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const std::vector<float> scores = cosines(size, noise_part);
  for (auto _ : state) benchmark::DoNotOptimize(numeric::best_assignment(scores, size, size));
}
BENCHMARK_CAPTURE(assign, unrelated, 1.0)
    ->RangeMultiplier(4)
    ->Range(64, 4096)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(assign, related, 0.5)
    ->RangeMultiplier(4)
    ->Range(64, 4096)
    ->Unit(benchmark::kMillisecond);

void multiply(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const numeric::Matrix a = noise(size, size, 1), b = noise(size, size, 2);
  std::vector<float> out(size * size);
  for (auto _ : state) numeric::multiply_by_transpose(a.values, size, b.values, size, size, out);
  state.counters["FLOP/s"] = benchmark::Counter(2 * std::pow(static_cast<double>(size), 3),
                                                benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(multiply)->RangeMultiplier(4)->Range(64, 1024)->Unit(benchmark::kMillisecond);

void agree(benchmark::State& state) {
  const auto units = static_cast<std::size_t>(state.range(0));
  const auto features = static_cast<std::size_t>(state.range(1));
  const numeric::Matrix a = noise(units, features, 1), b = noise(units, features, 2);
  for (auto _ : state) benchmark::DoNotOptimize(forensics::gram_agreement(a, b));
}
BENCHMARK(agree)->Args({256, 512})->Args({1024, 1024})->Unit(benchmark::kMillisecond);

void find_orthogonal_factor(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const numeric::Matrix c = noise(size, size, 1);
  for (auto _ : state) benchmark::DoNotOptimize(numeric::orthogonal_factor(c.values, size));
}
BENCHMARK(find_orthogonal_factor)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond);

void find_main_subspace(benchmark::State& state) {
  const numeric::Matrix rows = noise(1024, 1024, 1);
  for (auto _ : state)
    benchmark::DoNotOptimize(numeric::main_subspace(rows.values, 1024, 1024, 64, 1));
}
BENCHMARK(find_main_subspace)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace prov
