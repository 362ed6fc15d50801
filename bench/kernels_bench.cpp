// Bytes per second of each kernel, beside memcpy of the same buffer in the same run. 1 MiB: larger
// than L1, inside L2.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "base/digest.hpp"
#include "numeric/gemm.hpp"
#include "numeric/kernels/kernels.hpp"
#include "numeric/sums.hpp"

namespace prov::numeric {
namespace {

constexpr std::size_t kBytes = std::size_t{1} << 20;

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i % 251) * 0.01f - 1.0f;
  return values;
}

void count_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(bytes));
}

void copy_memory(benchmark::State& state) {
  const std::vector<float> from = ramp(kBytes / sizeof(float));
  std::vector<float> to(from.size());
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), kBytes);
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  count_bytes(state, kBytes);
}
BENCHMARK(copy_memory);

void hash_content(benchmark::State& state) {
  const std::vector<float> x = ramp(kBytes / sizeof(float));
  for (auto _ : state) {
    base::ContentHasher hasher;
    hasher.update(std::as_bytes(std::span(x)));
    benchmark::DoNotOptimize(hasher.finish());
  }
  count_bytes(state, kBytes);
}
BENCHMARK(hash_content);

template <class T>
void sum_squares(benchmark::State& state, const Kernels* set) {
  force_kernels(set->name);
  const std::vector<T> x(kBytes / sizeof(T));
  for (auto _ : state) benchmark::DoNotOptimize(square_sum(std::span<const T>(x)));
  count_bytes(state, kBytes);
}

void chain_bf16(benchmark::State& state, const Kernels* set) {
  const std::vector<Bfloat16> x(kBytes / sizeof(Bfloat16));
  std::vector<float> lanes(kChainLanes);
  for (auto _ : state) {
    set->chain_squares_bf16(x.data(), x.size(), lanes.data());
    benchmark::DoNotOptimize(lanes.data());
  }
  count_bytes(state, kBytes);
}

void split(benchmark::State& state, const Kernels* set) {
  const std::vector<float> x = ramp(kBytes / sizeof(float));
  std::vector<std::uint16_t> upper(x.size()), lower(x.size());
  for (auto _ : state)
    benchmark::DoNotOptimize(set->split_halves(x.data(), x.size(), upper.data(), lower.data()));
  count_bytes(state, kBytes);
}

void sum_products(benchmark::State& state, const Kernels* set) {
  force_kernels(set->name);
  const std::vector<float> x = ramp(kBytes / sizeof(float));
  for (auto _ : state) benchmark::DoNotOptimize(products(x, x));
  count_bytes(state, 2 * kBytes);
}

void multiply(benchmark::State& state, const Kernels* set) {
  force_kernels(set->name);
  constexpr std::size_t kRows = 256, kColumns = 1024;
  const std::vector<float> a = ramp(kRows * kColumns), b = a;
  std::vector<float> out(kRows * kRows);
  for (auto _ : state) multiply_by_transpose(a, kRows, b, kRows, kColumns, out);
  state.counters["FLOP/s"] = benchmark::Counter(static_cast<double>(2 * kRows * kRows * kColumns),
                                                benchmark::Counter::kIsIterationInvariantRate);
}

// One benchmark for each set of kernels that this CPU runs.
[[maybe_unused]] const bool kRegistered = [] {
  for (const Kernels* set : available_kernels()) {
    const std::string target(set->name);
    benchmark::RegisterBenchmark(("square_sum_f32/" + target).c_str(), sum_squares<float>, set);
    benchmark::RegisterBenchmark(("square_sum_bf16/" + target).c_str(), sum_squares<Bfloat16>, set);
    benchmark::RegisterBenchmark(("square_sum_f16/" + target).c_str(), sum_squares<Float16>, set);
    benchmark::RegisterBenchmark(("chain_squares_bf16/" + target).c_str(), chain_bf16, set);
    benchmark::RegisterBenchmark(("products/" + target).c_str(), sum_products, set);
    benchmark::RegisterBenchmark(("split_halves/" + target).c_str(), split, set);
    benchmark::RegisterBenchmark(("multiply_by_transpose/" + target).c_str(), multiply, set);
  }
  return true;
}();

}  // namespace
}  // namespace prov::numeric
