// Decodes ggml blocks for bench/gguf_ratios.py: best seconds of `runs` for `blocks` random blocks
// of a type, and the bytes of f32 that come out; "memcpy" copies as many bytes instead.
//
//   gguf_work TYPE BLOCKS RUNS
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "format/dtype.hpp"
#include "model/decoder_of.hpp"

namespace {

using prov::format::Dtype;

std::optional<Dtype> type_named(std::string_view name) {
  for (int i = static_cast<int>(Dtype::q4_0); i <= static_cast<int>(Dtype::nvfp4); ++i) {
    if (prov::format::dtype_name(static_cast<Dtype>(i)) == name) return static_cast<Dtype>(i);
  }
  return std::nullopt;
}

template <class Work>
double best_seconds(int runs, const Work& work) {
  double best = 1e9;
  for (int run = 0; run < runs; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count());
  }
  return best;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const std::string_view name = arguments[1];
  const bool copy = name == "memcpy";
  const auto dtype = copy ? Dtype::q8_0 : type_named(name).value_or(Dtype::f32);
  const auto blocks = static_cast<std::size_t>(std::atol(arguments[2]));
  const auto unit = prov::format::storage_unit(dtype);
  std::vector<std::byte> bytes(blocks * unit.bytes);
  unsigned state = 1;
  for (std::byte& byte : bytes)
    byte = static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24);
  std::vector<float> out(blocks * unit.elements), from(copy ? out.size() : 0, 1.0F);
  constexpr std::size_t kPiece = 65536;  // as RowReader does: stays in the cache
  const auto decode = prov::model::decoder_of(dtype);
  const double seconds = best_seconds(std::atoi(arguments[3]), [&] {
    for (std::size_t at = 0; at < out.size(); at += kPiece) {
      const std::size_t size = std::min(kPiece, out.size() - at);
      if (copy) {
        std::memcpy(out.data() + at, from.data() + at, size * sizeof(float));
      } else {
        decode(bytes, at, std::span(out).subspan(at, size));
      }
    }
  });
  std::printf("%.9f %zu\n", seconds, out.size() * sizeof(float));
  return 0;
}
