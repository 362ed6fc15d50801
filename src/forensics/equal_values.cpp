#include "forensics/equal_values.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "model/row_reader.hpp"

namespace prov::forensics {
namespace {

constexpr std::uint64_t kChunkBytes = std::uint64_t{1} << 20;
constexpr std::uint64_t kChunkElements = kChunkBytes / sizeof(float);

struct Interrupted {
  const std::atomic<bool>& differs;
  const std::stop_token& stop;
  explicit operator bool() const {
    return differs.load(std::memory_order_relaxed) || stop.stop_requested();
  }
};

Result<bool> bytes_equal(const source::ByteSource& file_a, const model::Tensor& a,
                         const source::ByteSource& file_b, const model::Tensor& b,
                         const Interrupted& interrupted) {
  if (a.info.bytes != b.info.bytes) return false;
  std::vector<std::byte> chunk_a, chunk_b;
  for (std::uint64_t at = 0; at < a.info.bytes && !interrupted; at += chunk_a.size()) {
    const std::uint64_t count = std::min(kChunkBytes, a.info.bytes - at);
    chunk_a.resize(count);
    chunk_b.resize(count);
    PROV_CHECK(file_a.read(a.info.offset + at, chunk_a));
    PROV_CHECK(file_b.read(b.info.offset + at, chunk_b));
    if (chunk_a != chunk_b) return false;
  }
  return true;
}

/// Not one value for two: NaN answers NaN here, because a copy keeps it.
bool same_value(float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); }

Result<bool> decoded_equal(const model::Checkpoint& a, const model::Checkpoint& b,
                           const TensorPair& pair, const Interrupted& interrupted) {
  model::RowReader reader_a(a, *pair.a), reader_b(b, *pair.b);
  std::vector<float> chunk_a, chunk_b;
  const std::uint64_t elements = pair.a->elements();
  for (std::uint64_t at = 0; at < elements && !interrupted; at += chunk_a.size()) {
    const std::uint64_t count = std::min(kChunkElements, elements - at);
    chunk_a.resize(count);
    chunk_b.resize(count);
    PROV_CHECK(reader_a.read_elements(at, chunk_a));
    PROV_CHECK(reader_b.read_elements(at, chunk_b));
    if (!std::ranges::equal(chunk_a, chunk_b, same_value)) return false;
  }
  return true;
}

/// f32 holds the values of every narrower float exactly; it rounds 64-bit and large integer values,
/// which proves nothing.
bool decodes_exactly(format::Dtype dtype) {
  using format::Dtype;
  constexpr Dtype kRounded[] = {Dtype::f64, Dtype::i64, Dtype::u64,
                                Dtype::i32, Dtype::u32, Dtype::c64};
  return std::ranges::find(kRounded, dtype) == std::end(kRounded);
}

Result<bool> pair_equal(const model::Checkpoint& a, const model::Checkpoint& b,
                        const TensorPair& pair, const Interrupted& interrupted) {
  const bool composed = pair.a->composed != nullptr || pair.b->composed != nullptr;
  if (!composed && pair.a->info.dtype == pair.b->info.dtype &&
      pair.a->restoration == pair.b->restoration && pair.a->info.strides.empty() &&
      pair.b->info.strides.empty()) {
    PROV_TRY(const bool equal, bytes_equal(*a.files[pair.a->file], *pair.a, *b.files[pair.b->file],
                                           *pair.b, interrupted));
    if (equal) return true;
  }
  if (!decodes_exactly(pair.a->info.dtype) || !decodes_exactly(pair.b->info.dtype)) return false;
  return decoded_equal(a, b, pair, interrupted);  // also: 0 and -0 are one value in different bytes
}

}  // namespace

Result<bool> all_values_equal(const model::Checkpoint& a, const model::Checkpoint& b,
                              const TensorPairing& pairing, Progress* progress,
                              const std::stop_token& stop) {
  if (!pairing.complete()) return false;
  if (progress != nullptr) {
    progress->phase("comparing every value");
    progress->expect(a.bytes() + b.bytes());
  }
  std::atomic<bool> differs = false;
  const Interrupted interrupted{differs, stop};
  std::vector<std::optional<Error>> errors(pairing.pairs.size());
  base::parallel_for(pairing.pairs.size(), base::worker_count(), [&](std::size_t i) {
    if (interrupted) return;
    const TensorPair& pair = pairing.pairs[i];
    if (auto equal = pair_equal(a, b, pair, interrupted); !equal) {
      errors[i] = std::move(equal).error();
    } else if (!*equal) {
      differs = true;
    }
    if (progress != nullptr) progress->advance(pair.a->info.bytes + pair.b->info.bytes);
  });
  if (stop.stop_requested())
    return Error{.code = ErrorCode::cancelled, .message = "stopped while comparing every value"};
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return !differs.load();
}

}  // namespace prov::forensics
