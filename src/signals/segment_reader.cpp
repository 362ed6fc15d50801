#include "signals/segment_reader.hpp"

#include <algorithm>
#include <type_traits>

#include "base/try.hpp"
#include "model/row_reader.hpp"
#include "numeric/matrix.hpp"
#include "numeric/sums.hpp"

namespace prov::signals {
namespace {

using format::Dtype;

/// Bytes that `count` numbers take in the file, for progress.
std::uint64_t stored_bytes(const model::Tensor& tensor, std::uint64_t count) {
  if (tensor.composed != nullptr) {
    const auto share = static_cast<double>(count) / static_cast<double>(tensor.elements());
    return static_cast<std::uint64_t>(share * static_cast<double>(tensor.info.bytes));
  }
  const format::StorageUnit unit = format::storage_unit(tensor.info.dtype);
  return count * unit.bytes / unit.elements;
}

// First i with first + i * stride >= at.
std::uint64_t first_index(const Gather& gather, std::uint64_t at) {
  return at <= gather.first ? 0 : (at - gather.first + gather.stride - 1) / gather.stride;
}

template <class T>
void gather_values(const Gather& gather, std::uint64_t begin, std::span<const T> piece) {
  const std::uint64_t end =
      std::min<std::uint64_t>(first_index(gather, begin + piece.size()), gather.out.size());
  for (std::uint64_t i = first_index(gather, begin); i < end; ++i) {
    gather.out[i] = numeric::widen(piece[gather.first + i * gather.stride - begin]);
  }
}

// Squares row by row. Rows are cut where blocks are, so that pieces do not matter; see
// docs/numeric-contract.md.
template <class T>
void add_rows(std::span<double> rows, std::uint64_t columns, std::uint64_t begin,
              std::span<const T> piece, Segment& segment) {
  for (std::uint64_t done = 0; done < piece.size();) {
    const std::uint64_t at = begin + done;
    const std::uint64_t row = at / columns;
    const std::uint64_t row_end = (row + 1) * columns;
    const std::uint64_t block_end = (at / numeric::kBlock + 1) * numeric::kBlock;
    const std::uint64_t count = std::min({row_end - at, block_end - at, piece.size() - done});
    const numeric::SquareSum part = numeric::square_sum(piece.subspan(done, count));
    if (row * columns < segment.begin) {
      segment.first_row += part.sum;
    } else {
      rows[row] += part.sum;
    }
    segment.non_finite += part.non_finite;
    done += count;
  }
}

/// Where nothing must be undone the stored numbers are taken as they are.
bool is_plain(const model::Tensor& tensor) {
  return tensor.lies_in_order() &&
         (tensor.info.dtype == Dtype::bf16 || tensor.info.dtype == Dtype::f16 ||
          tensor.info.dtype == Dtype::f32);
}

template <class Track>
std::vector<float>& buffer_of(Track& track, float /*type*/) {
  return track.f32;
}
template <class Track>
std::vector<numeric::Bfloat16>& buffer_of(Track& track, numeric::Bfloat16 /*type*/) {
  return track.bf16;
}
template <class Track>
std::vector<numeric::Float16>& buffer_of(Track& track, numeric::Float16 /*type*/) {
  return track.f16;
}

}  // namespace

bool may_be_read_together(const model::Tensor& a, const model::Tensor& b) {
  return is_plain(a) && is_plain(b) && a.info.dtype == b.info.dtype && a.elements() == b.elements();
}

Result<void> SegmentReader::read(const TensorRequest& request, Segment& segment) {
  const model::Tensor& tensor = *request.tensor;
  if (tensor.info.dtype == Dtype::c64) return {};
  Track& track = start(0, request, segment);
  if (is_plain(tensor) && tensor.info.dtype == Dtype::bf16)
    return read_one_as<numeric::Bfloat16>(track);
  if (is_plain(tensor) && tensor.info.dtype == Dtype::f16)
    return read_one_as<numeric::Float16>(track);
  return read_one_as<float>(track);
}

Result<void> SegmentReader::read_two(const TensorRequest& request, Segment& segment,
                                     const TensorRequest& other_request, Segment& other) {
  Track& first = start(0, request, segment);
  Track& second = start(1, other_request, other);
  const Dtype dtype = request.tensor->info.dtype;
  if (dtype == Dtype::bf16) return read_two_as<numeric::Bfloat16>(first, second);
  if (dtype == Dtype::f16) return read_two_as<numeric::Float16>(first, second);
  return read_two_as<float>(first, second);
}

SegmentReader::Track& SegmentReader::start(std::size_t track, const TensorRequest& request,
                                           Segment& segment) {
  Track& started = tracks_[track];
  started.request = &request;
  started.segment = &segment;
  started.reader.emplace(checkpoint_, *request.tensor);
  started.hasher.start();
  return started;
}

/// The numbers from `done` on, as many as a piece has.
template <class T>
Result<std::span<const T>> SegmentReader::read_piece(Track& track, std::uint64_t done) {
  const Segment& segment = *track.segment;
  const model::Tensor& tensor = *track.request->tensor;
  const std::uint64_t begin = segment.begin + done;
  const auto count =
      static_cast<std::size_t>(std::min<std::uint64_t>(options_.piece, segment.count - done));
  std::vector<T>& buffer = buffer_of(track, T{});
  if (buffer.size() < count) buffer.resize(count);
  const std::span<T> piece(buffer.data(), count);
  if constexpr (std::is_same_v<T, float>) {
    PROV_CHECK(track.reader->read_elements(begin, piece));
  } else {
    PROV_CHECK(checkpoint_.files[tensor.file]->read(tensor.info.offset + begin * sizeof(T),
                                                    std::as_writable_bytes(piece)));
  }
  if (options_.progress != nullptr) options_.progress->advance(stored_bytes(tensor, count));
  return std::span<const T>(piece);
}

template <class T>
Result<void> SegmentReader::read_one_as(Track& track) {
  Segment& segment = *track.segment;
  for (std::uint64_t done = 0; done < segment.count; done += options_.piece) {
    PROV_TRY(const std::span<const T> piece, read_piece<T>(track, done));
    take(track, segment.begin + done, piece);
    if (track.request->chained_norm) track.norm.add(piece);
    take_squares(track, segment.begin + done, piece);
    show(track, segment.begin + done, piece);
  }
  segment.hash = track.hasher.finish();
  return {};
}

template <class T>
Result<void> SegmentReader::read_two_as(Track& track, Track& other) {
  for (std::uint64_t done = 0; done < track.segment->count; done += options_.piece) {
    PROV_TRY(const std::span<const T> piece, read_piece<T>(track, done));
    PROV_TRY(const std::span<const T> other_piece, read_piece<T>(other, done));
    take(track, track.segment->begin + done, piece);
    take(other, other.segment->begin + done, other_piece);
    numeric::ChainedNorm::add_two(track.norm, piece, other.norm, other_piece);
    take_squares(track, track.segment->begin + done, piece);
    take_squares(other, other.segment->begin + done, other_piece);
    show(track, track.segment->begin + done, piece);
    show(other, other.segment->begin + done, other_piece);
  }
  track.segment->hash = track.hasher.finish();
  other.segment->hash = other.hasher.finish();
  return {};
}

template <class T>
void SegmentReader::take(Track& track, std::uint64_t begin, std::span<const T> piece) {
  track.hasher.update(piece);
  for (const Gather& gather : track.request->gathers) gather_values(gather, begin, piece);
}

template <class T>
void SegmentReader::take_squares(Track& track, std::uint64_t begin, std::span<const T> piece) {
  const TensorRequest& request = *track.request;
  if (!request.row_square_sums.empty()) {
    const std::uint64_t columns = request.tensor->row_elements();
    add_rows(request.row_square_sums, columns, begin, piece, *track.segment);
  } else if (!request.chained_norm || !track.norm.is_finite()) {
    // Where no sum is wanted, one is still the cheapest way to meet elements that are not finite.
    track.segment->non_finite += numeric::square_sum(piece).non_finite;
  }
}

/// Last of all: what is not finite is changed in the buffer.
template <class T>
void SegmentReader::show(Track& track, std::uint64_t begin, std::span<const T> piece) {
  if (track.request->visitor == nullptr) return;
  if (track.f32.size() < piece.size()) track.f32.resize(piece.size());
  const auto elements = std::span(track.f32).first(piece.size());
  if constexpr (!std::is_same_v<T, float>) numeric::widen(piece, elements);
  numeric::clear_non_finite(elements);
  track.request->visitor->visit(begin, elements);
}

}  // namespace prov::signals
