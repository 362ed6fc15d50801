#include "model/packed/packed_module.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "base/try.hpp"
#include "model/decoder_of.hpp"
#include "model/row_reader.hpp"
#include "numeric/half.hpp"

namespace prov::model {
namespace {

using format::Dtype;

constexpr std::uint64_t kMostWholeNumbers = std::uint64_t{1} << 22;
constexpr std::uint64_t kReadAtOnce = std::uint64_t{1} << 20;  // bytes

std::int64_t whole_number_at(Dtype dtype, const std::byte* bytes) {
  const auto load = [&]<class T>(T value) {
    std::memcpy(&value, bytes, sizeof(value));
    return static_cast<std::int64_t>(value);
  };
  if (dtype == Dtype::i64 || dtype == Dtype::u64) return load(std::int64_t{});
  if (dtype == Dtype::i32) return load(std::int32_t{});
  if (dtype == Dtype::u32) return load(std::uint32_t{});
  if (dtype == Dtype::i16) return load(std::int16_t{});
  if (dtype == Dtype::u16) return load(std::uint16_t{});
  if (dtype == Dtype::i8) return load(std::int8_t{});
  return load(std::uint8_t{});
}

bool is_whole(Dtype dtype) {
  constexpr Dtype kWhole[] = {Dtype::i64, Dtype::u64, Dtype::i32, Dtype::u32,    Dtype::i16,
                              Dtype::u16, Dtype::i8,  Dtype::u8,  Dtype::boolean};
  return std::ranges::find(kWhole, dtype) != std::end(kWhole);
}

}  // namespace

const Tensor* PackedModule::find(std::string_view part) const {
  const auto found = parts.find(part);
  return found == parts.end() ? nullptr : found->second;
}

Result<const Tensor*> PackedModule::need(std::string_view part) const {
  if (const Tensor* const found = find(part)) return found;
  return error(ErrorCode::not_found, part,
               fmt::format("the packed weight {} has no {}", name, part),
               "a shard that is missing, or an incomplete conversion?");
}

Error PackedModule::error(ErrorCode code, std::string_view part, std::string message,
                          std::string hint) const {
  const Tensor* tensor = find(part);
  if (tensor == nullptr && !parts.empty()) tensor = parts.begin()->second;
  const bool named = find(part) != nullptr;
  return {.code = code,
          .message = std::move(message),
          .file = tensor == nullptr ? std::string() : checkpoint->files[tensor->file]->name(),
          .field = named ? tensor->info.name : name,
          .hint = std::move(hint)};
}

Result<void> PackedModule::check_type(std::string_view part,
                                      std::initializer_list<Dtype> types) const {
  PROV_TRY(const Tensor* const tensor, need(part));
  if (std::ranges::find(types, tensor->info.dtype) != types.end()) return {};
  std::vector<std::string_view> names;
  for (const Dtype type : types) names.push_back(format::dtype_name(type));
  return error(ErrorCode::malformed, part,
               fmt::format("{} numbers where {} belong", format::dtype_name(tensor->info.dtype),
                           fmt::join(names, " or ")));
}

Result<void> PackedModule::check_shape(std::string_view part,
                                       std::span<const std::uint64_t> shape) const {
  PROV_TRY(const Tensor* const tensor, need(part));
  if (std::ranges::equal(tensor->info.shape, shape)) return {};
  return error(ErrorCode::size_mismatch, part,
               fmt::format("its shape is [{}] where the other parts of {} need [{}]",
                           fmt::join(tensor->info.shape, ", "), name, fmt::join(shape, ", ")),
               "parts of two conversions, or a configuration of another model?");
}

Tensor joined_tensor(std::string name, std::vector<std::uint64_t> shape, Dtype type,
                     const Tensor& main, std::shared_ptr<const ComposedTensor> composed) {
  Tensor tensor;
  tensor.info = {.name = std::move(name),
                 .dtype = type,
                 .shape = std::move(shape),
                 .offset = main.info.offset,
                 .bytes = 0};
  tensor.file = main.file;
  tensor.composed = std::move(composed);
  return tensor;
}

bool is_working_float(Dtype dtype) {
  return dtype == Dtype::f16 || dtype == Dtype::bf16 || dtype == Dtype::f32;
}

float rounded_to(Dtype precision, float value) {
  if (precision == Dtype::f16) return numeric::rounded_to_f16(value);
  if (precision == Dtype::bf16) return numeric::rounded_to_bf16(value);
  return value == value ? value : std::bit_cast<float>(0x7fc00000u);
}

void round_to(Dtype precision, std::span<float> values) {
  if (precision == Dtype::f16) {
    for (float& value : values) value = numeric::rounded_to_f16(value);
  } else if (precision == Dtype::bf16) {
    for (float& value : values) value = numeric::rounded_to_bf16(value);
  } else {
    for (float& value : values) value = rounded_to(precision, value);
  }
}

Result<std::vector<std::byte>> read_rectangle(const Checkpoint& checkpoint, const Tensor& part,
                                              std::uint64_t row_bytes, const ByteRectangle& area) {
  const source::ByteSource& file = *checkpoint.files[part.file];
  std::vector<std::byte> bytes(static_cast<std::size_t>(area.rows * area.bytes));
  if (bytes.empty()) return bytes;
  const std::uint64_t begin = part.info.offset + area.first_row * row_bytes + area.first_byte;
  const std::uint64_t span = (area.rows - 1) * row_bytes + area.bytes;
  if (span == bytes.size()) {
    PROV_CHECK(file.read(begin, bytes));
    return bytes;
  }
  const auto width = static_cast<std::ptrdiff_t>(area.bytes);
  if (span > kReadAtOnce) {  // a read for each row
    for (std::uint64_t row = 0; row < area.rows; ++row) {
      PROV_CHECK(file.read(begin + row * row_bytes,
                           std::span(bytes).subspan(row * area.bytes, area.bytes)));
    }
    return bytes;
  }
  std::vector<std::byte> all(static_cast<std::size_t>(span));
  PROV_CHECK(file.read(begin, all));
  for (std::uint64_t row = 0; row < area.rows; ++row) {
    std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(row * row_bytes), width,
                bytes.begin() + static_cast<std::ptrdiff_t>(row * area.bytes));
  }
  return bytes;
}

Result<std::vector<float>> read_columns(const Checkpoint& checkpoint, const Tensor& part,
                                        std::uint64_t begin, std::uint64_t count) {
  const std::uint64_t size = format::storage_unit(part.info.dtype).bytes;
  PROV_TRY(const std::vector<std::byte> bytes,
           read_rectangle(checkpoint, part, part.row_elements() * size,
                          {.first_row = 0,
                           .rows = part.rows(),
                           .first_byte = begin * size,
                           .bytes = count * size}));
  std::vector<float> numbers(static_cast<std::size_t>(part.rows() * count));
  decoder_of(part.info.dtype)(bytes, 0, numbers);
  return numbers;
}

Result<std::vector<float>> read_numbers(const Checkpoint& checkpoint, const Tensor& part,
                                        std::uint64_t begin, std::uint64_t count) {
  std::vector<float> numbers(static_cast<std::size_t>(count));
  PROV_CHECK(RowReader(checkpoint, part).read_elements(begin, numbers));
  return numbers;
}

Result<std::vector<std::int64_t>> read_whole_numbers(const Checkpoint& checkpoint,
                                                     const Tensor& part) {
  const source::ByteSource& file = *checkpoint.files[part.file];
  const auto refused = [&](ErrorCode code, std::string message) {
    return Error{.code = code,
                 .message = std::move(message),
                 .file = file.name(),
                 .field = part.info.name,
                 .hint = {}};
  };
  if (!is_whole(part.info.dtype)) {
    return refused(ErrorCode::malformed, fmt::format("{} numbers where whole ones belong",
                                                     format::dtype_name(part.info.dtype)));
  }
  const std::uint64_t count = part.elements();
  if (count > kMostWholeNumbers)
    return refused(ErrorCode::too_large, fmt::format("{} numbers in a list of indices", count));
  std::vector<std::byte> bytes(static_cast<std::size_t>(part.info.bytes));
  PROV_CHECK(file.read(part.info.offset, bytes));
  const std::size_t size = format::storage_unit(part.info.dtype).bytes;
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = whole_number_at(part.info.dtype, bytes.data() + i * size);
  return numbers;
}

}  // namespace prov::model
