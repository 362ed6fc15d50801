#include "signals/segment_hash.hpp"

#include "numeric/sums.hpp"

namespace prov::signals {
namespace {

// The first `count` elements of a buffer that only grows.
template <class T>
std::span<T> room(std::vector<T>& buffer, std::size_t count) {
  if (buffer.size() < count) buffer.resize(count);
  return std::span(buffer).first(count);
}

}  // namespace

void SegmentHasher::start() {
  upper_.reset();
  lower_.reset();
  has_lower_ = false;
}

void SegmentHasher::update(std::span<const numeric::Bfloat16> piece) {
  upper_.update(std::as_bytes(piece));
}

void SegmentHasher::update(std::span<const numeric::Float16> piece) {
  const std::span<float> widened = room(widened_, piece.size());
  numeric::widen(piece, widened);
  update(std::span<const float>(widened));
}

void SegmentHasher::update(std::span<const float> piece) {
  const std::span<std::uint16_t> upper = room(upper_halves_, piece.size());
  const std::span<std::uint16_t> lower = room(lower_halves_, piece.size());
  if (numeric::split_halves(piece, upper, lower)) has_lower_ = true;
  upper_.update(std::as_bytes(upper));
  lower_.update(std::as_bytes(lower));
}

SegmentHash SegmentHasher::finish() const {
  return {upper_.finish(), has_lower_ ? lower_.finish() : base::ContentHash{}, has_lower_};
}

void TensorHasher::add(const SegmentHash& segment) {
  upper_.insert(upper_.end(), {segment.upper.high, segment.upper.low});
  lower_.insert(lower_.end(), {segment.lower.high, segment.lower.low});
  if (segment.has_lower) has_lower_ = true;
}

base::ContentHash TensorHasher::finish() const {
  base::ContentHasher hasher;
  hasher.update(std::as_bytes(std::span(upper_)));
  if (has_lower_) hasher.update(std::as_bytes(std::span(lower_)));
  return hasher.finish();
}

}  // namespace prov::signals
