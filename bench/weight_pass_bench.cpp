// The one pass over the weights beside plain reads of the same file, in the same run: a
// llama-shaped checkpoint of 128 Mi elements, written to the folder for temporary files and read
// from the page cache.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>

#include "base/digest.hpp"
#include "model/checkpoint.hpp"
#include "signals/weight_signals.hpp"
#include "source/snapshot.hpp"

namespace prov::signals {
namespace {

constexpr std::uint64_t kHidden = 2048, kMlp = 5632, kVocabulary = 16000, kLayers = 2;

struct Shape {
  std::string name;
  std::uint64_t rows, columns;
};

std::vector<Shape> shapes() {
  std::vector<Shape> all = {{"model.embed_tokens.weight", kVocabulary, kHidden}};
  for (std::uint64_t layer = 0; layer < kLayers; ++layer) {
    const std::string prefix = "model.layers." + std::to_string(layer) + ".";
    for (const char* name : {"self_attn.q_proj", "self_attn.o_proj"}) {
      all.push_back({prefix + name + ".weight", kHidden, kHidden});
    }
    for (const char* name : {"mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"}) {
      all.push_back({prefix + name + ".weight", kMlp, kHidden});
    }
  }
  return all;
}

/// A checkpoint of one file, `element_bytes` 2 for BF16 or 4 for F32, deleted at the end.
class CheckpointFile {
 public:
  explicit CheckpointFile(std::uint64_t element_bytes)
      : path_(std::filesystem::temp_directory_path() /
              ("weight_pass_bench_" + std::to_string(element_bytes) + ".safetensors")) {
    std::string header = "{";
    for (const Shape& shape : shapes()) {
      const std::uint64_t end = bytes_ + shape.rows * shape.columns * element_bytes;
      header += (header.size() > 1 ? ",\"" : "\"") + shape.name + "\":{\"dtype\":\"" +
                (element_bytes == 2 ? "BF16" : "F32") + "\",\"shape\":[" +
                std::to_string(shape.rows) + "," + std::to_string(shape.columns) +
                "],\"data_offsets\":[" + std::to_string(bytes_) + "," + std::to_string(end) + "]}";
      bytes_ = end;
    }
    header += "}";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::ofstream out(path_, std::ios::binary);
    for (int i = 0; i < 8; ++i) out.put(static_cast<char>(header.size() >> (8 * i)));
    out << header;
    // Without a pattern, and of the size of weights: the upper byte of each half is 0x3c, 0x3d,
    // 0xbc or 0xbd.
    std::string block(1 << 20, '\0');
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < block.size(); ++i) {
      state = state * 1664525 + 1013904223;
      block[i] = static_cast<char>(i % 2 == 1 ? ((state >> 24) & 0x81) | 0x3c : state >> 24);
    }
    for (std::uint64_t left = bytes_; left > 0;) {
      const std::uint64_t count = std::min<std::uint64_t>(left, block.size());
      out.write(block.data(), static_cast<std::streamsize>(count));
      left -= count;
    }
  }
  ~CheckpointFile() { std::filesystem::remove(path_); }
  CheckpointFile(const CheckpointFile&) = delete;
  CheckpointFile& operator=(const CheckpointFile&) = delete;

  model::Checkpoint open() const {
    return *model::open_checkpoint(*source::locate(path_.string()));
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::filesystem::path path_;
  std::uint64_t bytes_ = 0;
};

void count_bytes(benchmark::State& state, const CheckpointFile& file) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.bytes()));
}

void read_only(benchmark::State& state) {
  const CheckpointFile file(2);
  const model::Checkpoint checkpoint = file.open();
  std::vector<std::byte> buffer(1 << 17);
  for (auto _ : state) {
    for (std::uint64_t at = 0; at + buffer.size() <= file.bytes(); at += buffer.size()) {
      if (!checkpoint.files[0]->read(at, buffer)) state.SkipWithError("cannot read");
    }
  }
  count_bytes(state, file);
}
BENCHMARK(read_only)->Unit(benchmark::kMillisecond);

void weight_signals(benchmark::State& state) {
  const CheckpointFile file(static_cast<std::uint64_t>(state.range(0)));
  const model::Checkpoint checkpoint = file.open();
  WeightSignalOptions options;
  options.pass.workers = static_cast<std::size_t>(state.range(1));
  options.pass.piece = static_cast<std::size_t>(state.range(2)) << 10;
  options.select_anchors = [](std::uint64_t) {
    std::vector<std::uint32_t> ids(64);
    std::iota(ids.begin(), ids.end(), 100u);
    return ids;
  };
  for (auto _ : state) {
    if (!read_weight_signals(checkpoint, options)) state.SkipWithError("cannot read");
  }
  count_bytes(state, file);
}
BENCHMARK(weight_signals)
    ->ArgNames({"element_bytes", "workers", "piece_Ki"})
    ->Args({2, 1, 64})
    ->Args({2, 1, 32})
    ->Args({2, 1, 128})
    ->Args({2, 2, 64})
    ->Args({4, 1, 64})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace prov::signals
