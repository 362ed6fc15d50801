#include "model/row_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/checked_math.hpp"
#include "base/try.hpp"
#include "model/decoder_of.hpp"
#include "model/strided_elements.hpp"
#include "numeric/sums.hpp"

namespace prov::model {
namespace {
using format::Dtype;

/// Composing many lines at once costs little more than one where they are stored side by side.
constexpr std::uint64_t kComposedNumbers = std::uint64_t{1} << 20, kMostLines = 512;
constexpr std::size_t kChunk = std::size_t{1} << 16;  // numbers; keeps a buffer in the cache

/// The decoders' results at the speed of the kernels.
template <class Half>
Result<void> read_halves(const source::ByteSource& file, std::uint64_t offset,
                         std::vector<Half>& buffer, std::span<float> out) {
  while (!out.empty()) {
    const std::size_t count = std::min(kChunk, out.size());
    if (buffer.size() < count) buffer.resize(count);
    const std::span<Half> halves = std::span(buffer).first(count);
    PROV_CHECK(file.read(offset, std::as_writable_bytes(halves)));
    numeric::widen(std::span<const Half>(halves), out.first(count));
    offset += halves.size_bytes();
    out = out.subspan(count);
  }
  return {};
}

}  // namespace

RowReader::RowReader(const Checkpoint& checkpoint, const Tensor& tensor)
    : checkpoint_(checkpoint), tensor_(tensor) {}

Result<void> RowReader::read_rows(std::uint64_t begin, std::uint64_t count, std::span<float> out) {
  const auto wanted = base::checked_multiply(count, tensor_.row_elements());
  if (begin > tensor_.rows() || count > tensor_.rows() - begin || wanted != out.size()) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("rows {} + {} of {} into {} numbers", begin, count,
                                        tensor_.rows(), out.size()),
                 .file = checkpoint_.files[tensor_.file]->name(),
                 .field = tensor_.info.name};
  }
  return read_elements(begin * tensor_.row_elements(), out);
}

Result<void> RowReader::read_elements(std::uint64_t begin, std::span<float> out) {
  const std::uint64_t elements = tensor_.elements();
  if (begin > elements || out.size() > elements - begin) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("numbers {} + {} of {}", begin, out.size(), elements),
                 .file = checkpoint_.files[tensor_.file]->name(),
                 .field = tensor_.info.name};
  }
  if (tensor_.composed != nullptr) {
    PROV_CHECK(read_composed(begin, out));
  } else if (tensor_.restoration.order == RowOrder::as_they_stand) {
    PROV_CHECK(read_stored(begin, out));
  } else {
    PROV_CHECK(read_reordered(begin, out));
  }
  if (tensor_.restoration.minus_one) {
    for (float& value : out) value -= 1.0F;
  }
  return {};
}

void RowReader::expect(std::span<const ElementRange> parts) const {
  if (tensor_.composed != nullptr || !tensor_.info.strides.empty()) return;
  const format::StorageUnit unit = format::storage_unit(tensor_.info.dtype);
  const std::uint64_t elements = tensor_.elements(), width = tensor_.row_elements();
  std::vector<source::ByteRange> bytes;
  const auto add = [&](std::uint64_t begin, std::uint64_t count) {
    const std::uint64_t first = begin / unit.elements;
    const std::uint64_t end = (begin + count + unit.elements - 1) / unit.elements;
    bytes.push_back({tensor_.info.offset + first * unit.bytes, (end - first) * unit.bytes});
  };
  for (const ElementRange& part : parts) {
    if (part.begin > elements || part.count > elements - part.begin) continue;
    if (tensor_.restoration.order == RowOrder::as_they_stand) {
      add(part.begin, part.count);
      continue;
    }
    for (std::uint64_t row = part.begin / width; row * width < part.begin + part.count; ++row)
      add(tensor_.restoration.stored_row(row, tensor_.rows()) * width, width);
  }
  checkpoint_.files[tensor_.file]->expect(bytes);
}

Result<void> RowReader::read_composed(std::uint64_t begin, std::span<float> out) {
  const std::uint64_t width = tensor_.info.shape.empty() ? 1 : tensor_.info.shape.back();
  while (!out.empty()) {
    const std::uint64_t line = begin / width;
    if (line < composed_begin_ || line >= composed_end_)
      PROV_CHECK(compose_ahead(line, (begin % width + out.size() + width - 1) / width));
    const std::uint64_t skipped = begin - composed_begin_ * width;
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(composed_.size() - skipped, out.size()));
    std::copy_n(composed_.begin() + static_cast<std::ptrdiff_t>(skipped), count, out.begin());
    begin += count;
    out = out.subspan(count);
  }
  return {};
}

/// What follows the last lines is read ahead: a pass through the tensor asks for it next.
Result<void> RowReader::compose_ahead(std::uint64_t line, std::uint64_t wanted) {
  const std::uint64_t width = tensor_.info.shape.empty() ? 1 : tensor_.info.shape.back();
  const std::uint64_t most = std::clamp<std::uint64_t>(kComposedNumbers / width, 1, kMostLines);
  const bool across = tensor_.composed->lines_run_across();
  const bool reading_on = composed_end_ > 0 && line == composed_end_;
  if (across) line -= line % most;  // the neighbours on both sides come with it
  const std::uint64_t count = std::min(across || reading_on ? most : std::min(wanted, most),
                                       tensor_.elements() / width - line);
  composed_.resize(static_cast<std::size_t>(count * width));
  composed_begin_ = composed_end_ = 0;  // nothing, should reading fail
  PROV_CHECK(tensor_.composed->read_lines(checkpoint_, line, count, composed_));
  composed_begin_ = line;
  composed_end_ = line + count;
  return {};
}

Result<void> RowReader::read_reordered(std::uint64_t begin, std::span<float> out) {
  const std::uint64_t width = tensor_.row_elements();
  while (!out.empty()) {
    const std::uint64_t row = begin / width, column = begin % width;
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(width - column, out.size()));
    const std::uint64_t stored = tensor_.restoration.stored_row(row, tensor_.rows());
    PROV_CHECK(read_stored(stored * width + column, out.first(count)));
    begin += count;
    out = out.subspan(count);
  }
  return {};
}

Result<void> RowReader::read_stored(std::uint64_t begin, std::span<float> out) {
  const source::ByteSource& file = *checkpoint_.files[tensor_.file];
  if (!tensor_.info.strides.empty()) return read_strided(file, tensor_.info, begin, out);
  numeric::Decoder* const decode = decoder_of(tensor_.info.dtype);
  if (decode == nullptr) {
    return Error{.code = ErrorCode::unsupported,
                 .message = fmt::format("{} numbers are not read as f32",
                                        format::dtype_name(tensor_.info.dtype)),
                 .file = file.name(),
                 .field = tensor_.info.name};
  }
  const std::uint64_t offset = tensor_.info.offset;
  if (tensor_.info.dtype == Dtype::f32) {
    return file.read(offset + begin * sizeof(float), std::as_writable_bytes(out));
  }
  const format::StorageUnit unit = format::storage_unit(tensor_.info.dtype);
  if (out.size() > kChunk) {  // read chunk by chunk, but asked for at once where it is remote
    const std::uint64_t first = begin / unit.elements;
    const std::uint64_t end = (begin + out.size() + unit.elements - 1) / unit.elements;
    file.expect(
        std::array{source::ByteRange{offset + first * unit.bytes, (end - first) * unit.bytes}});
  }
  if (tensor_.info.dtype == Dtype::bf16) return read_halves(file, offset + begin * 2, bf16_, out);
  if (tensor_.info.dtype == Dtype::f16) return read_halves(file, offset + begin * 2, f16_, out);
  while (!out.empty()) {
    const std::size_t count = std::min(kChunk, out.size());
    const std::uint64_t first_unit = begin / unit.elements;
    const std::uint64_t end_unit = (begin + count + unit.elements - 1) / unit.elements;
    buffer_.resize(static_cast<std::size_t>((end_unit - first_unit) * unit.bytes));
    PROV_CHECK(file.read(offset + first_unit * unit.bytes, buffer_));
    decode(buffer_, static_cast<std::size_t>(begin - first_unit * unit.elements), out.first(count));
    begin += count;
    out = out.subspan(count);
  }
  return {};
}

}  // namespace prov::model
