#include "format/safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "base/checked_math.hpp"
#include "base/try.hpp"
#include "format/content.hpp"
#include "format/json_reader.hpp"

namespace prov::format {
namespace {

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxRank = 16;
constexpr std::string_view kIncomplete = "incomplete download?";

/// A tensor and the byte of the file where the header begins to speak of it.
struct Entry {
  TensorInfo info;
  std::uint64_t place = 0;
};

/// The length of the header. A length that cannot be is explained by what the file really is, if
/// that is known; files of other kinds are not looked for before, because a valid length may look
/// like their magic.
Result<std::uint64_t> read_header_length(const source::ByteSource& source) {
  const auto refused = [&](ErrorCode code, std::string message) -> Error {
    auto content = sniff(source);
    if (!content) return std::move(content).error();
    if (auto other = refusal_of(*content, source.name())) return *std::move(other);
    return {.code = code,
            .message = std::move(message),
            .file = source.name(),
            .offset = 0,
            .field = "header length",
            .hint = std::string(code == ErrorCode::too_large ? "not a safetensors file?"
                                                             : kIncomplete)};
  };
  if (source.size() < kLengthBytes) {
    return refused(ErrorCode::truncated,
                   fmt::format("{} bytes are too few for a header", source.size()));
  }
  std::array<std::byte, kLengthBytes> bytes{};
  PROV_CHECK(source.read(0, bytes));
  std::uint64_t length = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    length = length << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  if (length > kMaxHeaderBytes) {
    return refused(ErrorCode::too_large, fmt::format("a header of {} bytes, at most {} are read",
                                                     length, kMaxHeaderBytes));
  }
  if (length > source.size() - kLengthBytes) {
    return refused(ErrorCode::truncated,
                   fmt::format("a header of {} bytes in a file of {}", length, source.size()));
  }
  if (length == 0) return refused(ErrorCode::malformed, "a header of 0 bytes");
  return length;
}

/// A shape or a pair of offsets.
Result<std::vector<std::uint64_t>> read_numbers(JsonValue& value) {
  std::vector<std::uint64_t> numbers;
  PROV_CHECK(value.elements([&](JsonValue& element) -> Result<void> {
    if (numbers.size() == kMaxRank) {
      return element.error(ErrorCode::too_large, fmt::format("more than {} numbers", kMaxRank));
    }
    PROV_TRY(const std::uint64_t number, element.whole_number());
    numbers.push_back(number);
    return {};
  }));
  return numbers;
}

/// Bytes that the shape and the type need; size_mismatch when that is not a whole number.
Result<std::uint64_t> bytes_needed(const TensorInfo& tensor, const JsonValue& value) {
  const auto elements = base::checked_product(tensor.shape);
  const std::uint64_t per_unit = storage_unit(tensor.dtype).elements;
  if (elements && *elements % per_unit != 0) {
    return value.error(ErrorCode::size_mismatch,
                       fmt::format("{} elements of {} do not fill whole bytes", *elements,
                                   dtype_name(tensor.dtype)));
  }
  const auto bytes = elements ? stored_bytes(tensor.dtype, *elements) : std::nullopt;
  // The format's own validator counts bits.
  if (!bytes || !base::checked_multiply(*bytes, 8))
    return value.error(ErrorCode::out_of_range,
                       "the shape has more elements than 64 bits can count");
  return *bytes;
}

/// Reads {"dtype", "shape", "data_offsets"}; offsets stay relative to the data. Other members are
/// checked and ignored, as the format's own reader does.
Result<TensorInfo> read_tensor(std::string_view name, JsonValue& value) {
  TensorInfo tensor{.name = std::string(name), .dtype = {}, .shape = {}};
  std::optional<Dtype> dtype;
  std::optional<std::vector<std::uint64_t>> shape, range;
  PROV_CHECK(value.members([&](std::string_view key, JsonValue& member) -> Result<void> {
    if (key == "dtype") {
      PROV_TRY(const std::string_view text, member.text());
      dtype = dtype_from_name(text);
      if (!dtype)
        return member.error(ErrorCode::unsupported,
                            fmt::format("unknown dtype \"{}\"", text.substr(0, 32)));
    } else if (key == "shape") {
      PROV_TRY(shape, read_numbers(member));
    } else if (key == "data_offsets") {
      PROV_TRY(range, read_numbers(member));
    } else {
      return member.skip();
    }
    return {};
  }));
  if (!dtype || !shape || !range) {
    return value.error(ErrorCode::malformed,
                       fmt::format("the entry has no \"{}\"", !dtype   ? "dtype"
                                                              : !shape ? "shape"
                                                                       : "data_offsets"));
  }
  if (range->size() != 2)
    return value.error(ErrorCode::malformed, "data_offsets needs two numbers");
  const auto [begin, end] = std::tie((*range)[0], (*range)[1]);
  if (end < begin) {
    return value.error(ErrorCode::out_of_range,
                       fmt::format("the data ends at {}, before its begin {}", end, begin));
  }
  tensor.dtype = *dtype;
  tensor.shape = *std::move(shape);
  tensor.offset = begin;
  tensor.bytes = end - begin;
  PROV_TRY(const std::uint64_t needed, bytes_needed(tensor, value));
  if (needed != tensor.bytes) {
    return value.error(
        ErrorCode::size_mismatch,
        fmt::format("shape and dtype need {} bytes, data_offsets give {}", needed, tensor.bytes));
  }
  return tensor;
}

Result<void> read_metadata(JsonValue& value, std::map<std::string, std::string>& metadata) {
  PROV_TRY(const bool null, value.is_null());
  if (null) return {};
  return value.members([&](std::string_view key, JsonValue& member) -> Result<void> {
    PROV_TRY(const std::string_view text, member.text());
    metadata.emplace(key, text);
    return {};
  });
}

/// Every byte of the data must belong to exactly one tensor. `entries` are in file order; makes
/// their offsets absolute.
Result<void> check_coverage(std::vector<Entry>& entries, const std::string& file,
                            std::uint64_t data_begin, std::uint64_t file_size) {
  const std::uint64_t data_size = file_size - data_begin;
  std::uint64_t covered = 0;
  for (Entry& entry : entries) {
    TensorInfo& tensor = entry.info;
    const auto refused = [&](ErrorCode code, std::string message, std::string_view hint) {
      return Error{.code = code,
                   .message = std::move(message),
                   .file = file,
                   .offset = entry.place,
                   .field = tensor.name,
                   .hint = std::string(hint)};
    };
    if (tensor.offset > covered) {
      return refused(
          ErrorCode::hole,
          fmt::format("the {} data bytes before it belong to no tensor", tensor.offset - covered),
          {});
    }
    if (tensor.offset < covered) {
      return refused(
          ErrorCode::overlap,
          fmt::format("its first {} bytes belong to another tensor", covered - tensor.offset), {});
    }
    covered += tensor.bytes;
    if (covered > data_size) {
      return refused(ErrorCode::truncated,
                     fmt::format("its data ends {} bytes beyond the file", covered - data_size),
                     kIncomplete);
    }
    tensor.offset += data_begin;
  }
  if (covered < data_size) {
    return Error{
        .code = ErrorCode::trailing_bytes,
        .message = fmt::format("the last {} bytes belong to no tensor", data_size - covered),
        .file = file,
        .offset = data_begin + covered};
  }
  return {};
}

}  // namespace

Result<TensorDirectory> read_safetensors(const source::ByteSource& source) {
  PROV_TRY(const std::uint64_t length, read_header_length(source));
  TensorDirectory directory;
  std::vector<Entry> entries;
  PROV_CHECK(read_json_object(source, kLengthBytes, length,
                              [&](std::string_view key, JsonValue& value) -> Result<void> {
                                const auto named = [&](Error error) {
                                  error.field = key;
                                  return error;
                                };
                                if (key == "__metadata__") {
                                  if (auto read = read_metadata(value, directory.metadata); !read)
                                    return named(std::move(read).error());
                                  return {};
                                }
                                auto tensor = read_tensor(key, value);
                                if (!tensor) return named(std::move(tensor).error());
                                entries.push_back({*std::move(tensor), value.offset()});
                                return {};
                              }));
  // Empty tensors share their offset with the next one; the name makes their order the same in
  // every file.
  std::ranges::sort(entries, {}, [](const Entry& entry) {
    return std::tuple(entry.info.offset, entry.info.bytes, std::string_view(entry.info.name));
  });
  PROV_CHECK(check_coverage(entries, source.name(), kLengthBytes + length, source.size()));
  directory.tensors.reserve(entries.size());
  for (Entry& entry : entries) directory.tensors.push_back(std::move(entry.info));
  return directory;
}

}  // namespace prov::format
