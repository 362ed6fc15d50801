#include "model/strided_elements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/try.hpp"
#include "model/decoder_of.hpp"

namespace prov::model {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18;            // elements that are sorted together
constexpr std::uint64_t kLongestRead = std::uint64_t{1} << 20;  // bytes
/// Reading over a gap of so many bytes costs less than another read.
constexpr std::uint64_t kSmallGap = 512;

struct Place {
  std::uint64_t stored = 0;  // element of the file, from the tensor's first
  std::size_t wanted = 0;    // element of the result
};

/// Where the elements from `begin` lie, in the order of the file.
std::vector<Place> places_of(const format::TensorInfo& tensor, std::uint64_t begin,
                             std::size_t count) {
  const std::size_t rank = tensor.shape.size();
  std::vector<std::uint64_t> index(rank);
  std::uint64_t rest = begin, stored = 0;
  for (std::size_t i = rank; i-- > 0;) {
    index[i] = rest % tensor.shape[i];
    rest /= tensor.shape[i];
    stored += index[i] * tensor.strides[i];
  }
  std::vector<Place> places(count);
  for (std::size_t wanted = 0; wanted < count; ++wanted) {
    places[wanted] = {stored, wanted};
    for (std::size_t i = rank; i-- > 0;) {
      stored += tensor.strides[i];
      if (++index[i] < tensor.shape[i]) break;
      stored -= tensor.shape[i] * tensor.strides[i];
      index[i] = 0;
    }
  }
  std::ranges::sort(places, {}, &Place::stored);
  return places;
}

}  // namespace

Result<void> read_strided(const source::ByteSource& file, const format::TensorInfo& tensor,
                          std::uint64_t begin, std::span<float> out) {
  numeric::Decoder* const decode = decoder_of(tensor.dtype);
  if (decode == nullptr) {
    return Error{
        .code = ErrorCode::unsupported,
        .message = fmt::format("{} numbers are not read as f32", format::dtype_name(tensor.dtype)),
        .file = file.name(),
        .field = tensor.name};
  }
  const std::uint64_t unit = format::storage_unit(tensor.dtype).bytes;
  std::vector<std::byte> bytes;
  std::vector<float> values;
  while (!out.empty()) {
    const std::vector<Place> places = places_of(tensor, begin, std::min(kChunk, out.size()));
    for (std::size_t first = 0, next = 1; first < places.size(); first = next++) {
      const std::uint64_t at = places[first].stored;
      while (next < places.size() &&
             (places[next].stored - places[next - 1].stored) * unit <= kSmallGap + unit &&
             (places[next].stored - at + 1) * unit <= kLongestRead)
        ++next;
      const auto count = static_cast<std::size_t>(places[next - 1].stored - at + 1);
      bytes.resize(count * static_cast<std::size_t>(unit));
      values.resize(count);
      PROV_CHECK(file.read(tensor.offset + at * unit, bytes));
      decode(bytes, 0, values);
      for (const Place& place : std::span(places).subspan(first, next - first))
        out[place.wanted] = values[static_cast<std::size_t>(place.stored - at)];
    }
    begin += places.size();
    out = out.subspan(places.size());
  }
  return {};
}

}  // namespace prov::model
