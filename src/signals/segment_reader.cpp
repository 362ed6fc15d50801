#include "signals/segment_reader.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "model/row_reader.hpp"
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

}  // namespace

Result<void> SegmentReader::read(const TensorRequest& request, Segment& segment) {
  const model::Tensor& tensor = *request.tensor;
  const auto read_bytes = [&](std::uint64_t begin, auto piece) {
    const std::uint64_t offset = tensor.info.offset + begin * sizeof(piece[0]);
    return checkpoint_.files[tensor.file]->read(offset, std::as_writable_bytes(piece));
  };
  // Where nothing must be undone the stored numbers are taken as they are.
  const bool plain = tensor.lies_in_order();
  if (plain && tensor.info.dtype == Dtype::bf16)
    return read_pieces(request, segment, bf16_, read_bytes);
  if (plain && tensor.info.dtype == Dtype::f16)
    return read_pieces(request, segment, f16_, read_bytes);
  if (plain && tensor.info.dtype == Dtype::f32)
    return read_pieces(request, segment, f32_, read_bytes);
  if (tensor.info.dtype == Dtype::c64) return {};
  model::RowReader reader(checkpoint_, tensor);
  const auto decode = [&](std::uint64_t begin, std::span<float> piece) {
    return reader.read_elements(begin, piece);
  };
  return read_pieces(request, segment, f32_, decode);
}

template <class T, class Read>
Result<void> SegmentReader::read_pieces(const TensorRequest& request, Segment& segment,
                                        std::vector<T>& buffer, const Read& read) {
  const model::Tensor& tensor = *request.tensor;
  hasher_.start();
  for (std::uint64_t done = 0; done < segment.count; done += options_.piece) {
    const std::uint64_t count = std::min<std::uint64_t>(options_.piece, segment.count - done);
    if (buffer.size() < count) buffer.resize(count);
    const std::span<T> piece(buffer.data(), count);
    PROV_CHECK(read(segment.begin + done, piece));
    take(request, segment.begin + done, std::span<const T>(piece), segment);
    if (options_.progress != nullptr) options_.progress->advance(stored_bytes(tensor, count));
  }
  segment.hash = hasher_.finish();
  return {};
}

template <class T>
void SegmentReader::take(const TensorRequest& request, std::uint64_t begin,
                         std::span<const T> piece, Segment& segment) {
  hasher_.update(piece);
  for (const Gather& gather : request.gathers) gather_values(gather, begin, piece);
  if (request.chained_norm) norm_.add(piece);
  if (!request.row_square_sums.empty()) {
    const std::uint64_t columns = request.tensor->row_elements();
    add_rows(request.row_square_sums, columns, begin, piece, segment);
  } else if (!request.chained_norm || !norm_.is_finite()) {
    // Where no sum is wanted, one is still the cheapest way to meet elements that are not finite.
    segment.non_finite += numeric::square_sum(piece).non_finite;
  }
}

}  // namespace prov::signals
