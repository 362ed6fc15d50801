#include "model/row_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/checked_math.hpp"
#include "base/try.hpp"
#include "numeric/decode.hpp"
#include "numeric/sums.hpp"

namespace prov::model {
namespace {
using format::Dtype;

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

/// Null for what has no value on the real line.
numeric::Decoder* decoder_of(Dtype dtype) {
  switch (dtype) {
    case Dtype::boolean:
      return numeric::decode_boolean;
    case Dtype::f4:
      return numeric::decode_f4;
    case Dtype::f6_e2m3:
      return numeric::decode_f6_e2m3;
    case Dtype::f6_e3m2:
      return numeric::decode_f6_e3m2;
    case Dtype::u8:
      return numeric::decode_u8;
    case Dtype::i8:
      return numeric::decode_i8;
    case Dtype::f8_e5m2:
      return numeric::decode_f8_e5m2;
    case Dtype::f8_e4m3:
      return numeric::decode_f8_e4m3;
    case Dtype::f8_e8m0:
      return numeric::decode_f8_e8m0;
    case Dtype::f8_e4m3fnuz:
      return numeric::decode_f8_e4m3fnuz;
    case Dtype::f8_e5m2fnuz:
      return numeric::decode_f8_e5m2fnuz;
    case Dtype::i16:
      return numeric::decode_i16;
    case Dtype::u16:
      return numeric::decode_u16;
    case Dtype::f16:
      return numeric::decode_f16;
    case Dtype::bf16:
      return numeric::decode_bf16;
    case Dtype::i32:
      return numeric::decode_i32;
    case Dtype::u32:
      return numeric::decode_u32;
    case Dtype::f32:
      return numeric::decode_f32;
    case Dtype::c64:
      return nullptr;
    case Dtype::f64:
      return numeric::decode_f64;
    case Dtype::i64:
      return numeric::decode_i64;
    case Dtype::u64:
      return numeric::decode_u64;
  }
  return nullptr;
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
  const source::ByteSource& file = *checkpoint_.files[tensor_.file];
  const auto refused = [&](ErrorCode code, std::string message) {
    return Error{.code = code,
                 .message = std::move(message),
                 .file = file.name(),
                 .field = tensor_.info.name};
  };
  const std::uint64_t elements = tensor_.elements();
  if (begin > elements || out.size() > elements - begin) {
    return refused(ErrorCode::invalid_argument,
                   fmt::format("numbers {} + {} of {}", begin, out.size(), elements));
  }
  numeric::Decoder* const decode = decoder_of(tensor_.info.dtype);
  if (decode == nullptr) {
    return refused(ErrorCode::unsupported, fmt::format("{} numbers are not read as f32",
                                                       format::dtype_name(tensor_.info.dtype)));
  }
  const std::uint64_t offset = tensor_.info.offset;
  if (tensor_.info.dtype == Dtype::f32) {
    return file.read(offset + begin * sizeof(float), std::as_writable_bytes(out));
  }
  if (tensor_.info.dtype == Dtype::bf16) return read_halves(file, offset + begin * 2, bf16_, out);
  if (tensor_.info.dtype == Dtype::f16) return read_halves(file, offset + begin * 2, f16_, out);
  constexpr std::uint64_t kGroup = 4;  // that many numbers of any width fill whole bytes
  const std::uint64_t bits = format::bits_per_element(tensor_.info.dtype);
  while (!out.empty()) {
    const std::size_t count = std::min(kChunk, out.size());
    const std::uint64_t group_begin = begin - begin % kGroup;
    const std::uint64_t byte_begin = group_begin / kGroup * (kGroup * bits / 8);
    const std::uint64_t byte_end = byte_begin + ((begin - group_begin + count) * bits + 7) / 8;
    buffer_.resize(static_cast<std::size_t>(byte_end - byte_begin));
    PROV_CHECK(file.read(offset + byte_begin, buffer_));
    decode(buffer_, static_cast<std::size_t>(begin - group_begin), out.first(count));
    begin += count;
    out = out.subspan(count);
  }
  return {};
}

}  // namespace prov::model
