#include "format/gguf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <set>

#include "base/checked_math.hpp"
#include "base/printable.hpp"
#include "base/try.hpp"
#include "base/utf8.hpp"
#include "format/content.hpp"
#include "format/ggml_type.hpp"
#include "format/gguf_byte_order.hpp"

namespace prov::format {
namespace {

constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{128} << 20;
constexpr std::uint64_t kMaxEntries = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxKeyBytes = 65535, kMaxNameBytes = 4096;
constexpr std::uint64_t kMaxAlignment = std::uint64_t{1} << 20;
constexpr std::uint32_t kMaxRank = 4;
constexpr std::string_view kMagic = "GGUF";
constexpr std::string_view kAlignmentKey = "general.alignment";

/// A tensor and the byte of the file where the header speaks of it.
struct Entry {
  TensorInfo info;
  std::uint64_t place = 0;
};

Result<void> read_magic(GgufCursor& cursor, const source::ByteSource& source) {
  std::string magic(kMagic.size(), '\0');
  if (source.size() >= magic.size())
    PROV_CHECK(source.read(0, std::as_writable_bytes(std::span(magic))));
  if (magic == kMagic) {
    PROV_CHECK(cursor.u32());
    return {};
  }
  PROV_TRY(const Content content, sniff(source));
  if (auto other = refusal_of(content, source.name())) return *std::move(other);
  return Error{.code = ErrorCode::malformed,
               .message = "does not begin with \"GGUF\"",
               .file = source.name(),
               .offset = 0,
               .field = "magic"};
}

Result<GgufWriting> read_version(GgufCursor& cursor) {
  GgufWriting writing;
  cursor.set_field("version");
  PROV_TRY(writing.version, cursor.u32());
  // A version has never been above 3: in the other byte order its low half is 0.
  if ((writing.version & 0xffffu) == 0 && writing.version != 0) {
    writing.big_endian = true;
    writing.version = writing.version >> 24 | (writing.version >> 8 & 0xff00u);
  }
  if (writing.version < 1 || writing.version > 3) {
    return cursor.error(ErrorCode::unsupported,
                        fmt::format("version {}, 1 to 3 are read", writing.version));
  }
  cursor.set_writing(writing);
  return writing;
}

Result<std::uint64_t> read_count(GgufCursor& cursor, const char* field, std::uint64_t least_bytes) {
  cursor.set_field(field);
  PROV_TRY(const std::uint64_t count, cursor.count(least_bytes));
  if (count > kMaxEntries) {
    return cursor.error(ErrorCode::too_large,
                        fmt::format("{} entries, at most {} are read", count, kMaxEntries));
  }
  return count;
}

/// A key or a tensor's name.
Result<std::string> read_name(GgufCursor& cursor, const char* what, std::uint64_t most_bytes) {
  PROV_TRY(std::string name, cursor.text(most_bytes));
  if (base::find_invalid_utf8(name) != std::string::npos)
    return cursor.error(ErrorCode::malformed, fmt::format("the {} is not UTF-8", what));
  if (name.empty()) return cursor.error(ErrorCode::malformed, fmt::format("the {} is empty", what));
  return name;
}

Result<GgufType> read_type(GgufCursor& cursor) {
  PROV_TRY(const std::uint32_t type, cursor.u32());
  if (type > static_cast<std::uint32_t>(GgufType::f64))
    return cursor.error(ErrorCode::unsupported, fmt::format("unknown type of value {}", type));
  return static_cast<GgufType>(type);
}

Result<GgufArray> read_array(GgufCursor& cursor, const GgufWriting& writing) {
  GgufArray array;
  PROV_TRY(array.of, read_type(cursor));
  if (array.of == GgufType::array)
    return cursor.error(ErrorCode::unsupported, "an array of arrays is not read");
  const std::uint64_t least = array.of != GgufType::text ? width_of(array.of)
                              : writing.narrow()         ? 4
                                                         : 8;
  PROV_TRY(const std::uint64_t count, cursor.count(least));
  if (array.of != GgufType::text) {
    PROV_TRY(array.packed, cursor.numbers(count, width_of(array.of)));
    return array;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    PROV_TRY(std::string text, cursor.text(kMaxHeaderBytes));
    array.texts.push_back(std::move(text));
  }
  return array;
}

Result<GgufValue> read_value(GgufCursor& cursor, const GgufWriting& writing) {
  PROV_TRY(const GgufType type, read_type(cursor));
  if (type == GgufType::array) {
    PROV_TRY(GgufArray array, read_array(cursor, writing));
    return GgufValue(std::move(array));
  }
  if (type == GgufType::text) {
    PROV_TRY(std::string text, cursor.text(kMaxHeaderBytes));
    return GgufValue(std::move(text));
  }
  GgufArray one{.of = type, .packed = {}, .texts = {}};
  PROV_TRY(one.packed, cursor.numbers(1, width_of(type)));
  if (type == GgufType::f32 || type == GgufType::f64) return GgufValue(one.number(0).value_or(0));
  if (type == GgufType::boolean) return GgufValue(one.integer(0) != 0);
  if (const auto value = one.integer(0)) {
    if (*value >= 0) return GgufValue(static_cast<std::uint64_t>(*value));
    return GgufValue(*value);
  }
  return GgufValue(std::numeric_limits<std::uint64_t>::max());  // a u64 beyond 2^63
}

Result<GgufMetadata> read_metadata(GgufCursor& cursor, const GgufWriting& writing,
                                   std::uint64_t count) {
  GgufMetadata metadata;
  for (std::uint64_t i = 0; i < count; ++i) {
    cursor.set_field(fmt::format("key {}", i));
    PROV_TRY(std::string key, read_name(cursor, "key", kMaxKeyBytes));
    cursor.set_field(key);
    if (metadata.values.contains(key))
      return cursor.error(ErrorCode::duplicate, "the key comes twice");
    PROV_TRY(GgufValue value, read_value(cursor, writing));
    if (key == kAlignmentKey) {
      const auto* alignment = std::get_if<std::uint64_t>(&value);
      if (alignment == nullptr || !std::has_single_bit(*alignment))
        return cursor.error(ErrorCode::malformed, "not a power of two");
      if (*alignment > kMaxAlignment) {
        return cursor.error(ErrorCode::too_large, fmt::format("{} bytes, at most {} are read",
                                                              *alignment, kMaxAlignment));
      }
    }
    metadata.values.emplace(std::move(key), std::move(value));
  }
  return metadata;
}

Result<std::vector<std::uint64_t>> read_dimensions(GgufCursor& cursor) {
  PROV_TRY(const std::uint32_t rank, cursor.u32());
  if (rank > kMaxRank) {
    return cursor.error(ErrorCode::too_large,
                        fmt::format("{} dimensions, at most {} are read", rank, kMaxRank));
  }
  std::vector<std::uint64_t> shape(rank);
  for (std::uint32_t i = 0; i < rank; ++i) {
    PROV_TRY(shape[rank - 1 - i], cursor.size());
  }
  return shape;
}

/// Bytes of the data; every multiplication is checked before its result is used.
Result<std::uint64_t> bytes_needed(const GgufCursor& cursor, const TensorInfo& tensor) {
  constexpr auto kMost = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
  // Zeros last: a product that wraps to 0 must not look like an empty tensor.
  std::vector<std::uint64_t> sizes = tensor.shape;
  std::ranges::sort(sizes, std::ranges::greater());
  const auto elements = base::checked_product(sizes);
  const std::uint64_t row = tensor.shape.empty() ? 1 : tensor.shape.back();
  const StorageUnit unit = storage_unit(tensor.dtype);
  if (row % unit.elements != 0) {
    return cursor.error(ErrorCode::size_mismatch,
                        fmt::format("rows of {} elements are no whole blocks of {} ({})", row,
                                    unit.elements, dtype_name(tensor.dtype)));
  }
  const auto bytes = elements ? stored_bytes(tensor.dtype, *elements) : std::nullopt;
  if (!bytes || *elements > kMost || *bytes > kMost) {
    return cursor.error(ErrorCode::out_of_range,
                        "the dimensions have more elements than 63 bits can count");
  }
  return *bytes;
}

Result<std::vector<Entry>> read_tensors(GgufCursor& cursor, const GgufWriting& writing,
                                        std::uint64_t count) {
  std::vector<Entry> entries;
  std::set<std::string> names;
  for (std::uint64_t i = 0; i < count; ++i) {
    cursor.set_field(fmt::format("tensor {}", i));
    Entry entry{.info = {}, .place = cursor.position()};
    TensorInfo& tensor = entry.info;
    PROV_TRY(tensor.name, read_name(cursor, "name", kMaxNameBytes));
    cursor.set_field(tensor.name);
    if (!names.insert(tensor.name).second)
      return cursor.error(ErrorCode::duplicate, "the name comes twice");
    PROV_TRY(tensor.shape, read_dimensions(cursor));
    PROV_TRY(const std::uint32_t type, cursor.u32());
    const auto dtype = dtype_of_ggml(type);
    if (!dtype)
      return cursor.error(ErrorCode::unsupported, describe_unread_ggml(type) + " is not read");
    if (writing.big_endian && !has_big_endian_layout(*dtype)) {
      return cursor.error(
          ErrorCode::unsupported,
          fmt::format("big-endian {} is not read: which bytes of a block are turned "
                      "is not settled",
                      dtype_name(*dtype)));
    }
    tensor.dtype = *dtype;
    PROV_TRY(tensor.offset, cursor.u64());
    PROV_TRY(tensor.bytes, bytes_needed(cursor, tensor));
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// Makes the offsets absolute and puts the tensors in file order. Between two tensors there may be
/// padding below the alignment, nothing else.
Result<void> place_tensors(std::vector<Entry>& entries, GgufFile& file,
                           const source::ByteSource& source, std::uint64_t header_bytes) {
  const auto alignment =
      static_cast<std::uint64_t>(file.metadata.integer(kAlignmentKey).value_or(32));
  const std::uint64_t begin = (header_bytes + alignment - 1) / alignment * alignment;
  std::ranges::sort(entries, {}, [](const Entry& entry) {
    return std::tuple(entry.info.offset, entry.info.bytes, std::string_view(entry.info.name));
  });
  std::uint64_t covered = 0;
  std::size_t unaligned = 0;
  for (Entry& entry : entries) {
    TensorInfo& tensor = entry.info;
    const auto refused = [&](ErrorCode code, std::string message, std::string hint = {}) {
      return Error{.code = code,
                   .message = std::move(message),
                   .file = source.name(),
                   .offset = entry.place,
                   .field = tensor.name,
                   .hint = std::move(hint)};
    };
    const auto end = base::checked_add(tensor.offset, tensor.bytes);
    const auto file_end = end ? base::checked_add(*end, begin) : std::nullopt;
    if (!file_end || *file_end > source.size()) {
      return refused(ErrorCode::truncated,
                     fmt::format("its {} bytes from {} of the data lie beyond the file",
                                 tensor.bytes, tensor.offset),
                     "incomplete download?");
    }
    if (tensor.offset < covered && tensor.bytes > 0) {
      return refused(ErrorCode::overlap, fmt::format("its first {} bytes belong to another tensor",
                                                     covered - tensor.offset));
    }
    if (tensor.offset >= covered + alignment) {
      return refused(ErrorCode::hole, fmt::format("the {} data bytes before it belong to no tensor",
                                                  tensor.offset - covered));
    }
    if (tensor.offset % alignment != 0) ++unaligned;
    covered = std::max(covered, *end);
    tensor.offset += begin;
    file.directory.tensors.push_back(std::move(tensor));
  }
  if (unaligned > 0) {
    file.warnings.push_back(fmt::format("{} tensors of {} do not begin at a multiple of {} bytes",
                                        unaligned, source.name(), alignment));
  }
  const std::uint64_t used = entries.empty() ? header_bytes : begin + covered;
  if (source.size() >= used + alignment) {
    file.warnings.push_back(fmt::format("the last {} bytes of {} belong to no tensor",
                                        source.size() - used, source.name()));
  }
  return {};
}

}  // namespace

Result<GgufFile> read_gguf(const source::ByteSource& source) {
  GgufCursor cursor(source, kMaxHeaderBytes);
  PROV_CHECK(read_magic(cursor, source));
  GgufFile file;
  PROV_TRY(file.writing, read_version(cursor));
  const std::uint64_t size_bytes = file.writing.narrow() ? 4 : 8;
  PROV_TRY(const std::uint64_t tensors, read_count(cursor, "tensor count", size_bytes + 4 + 4 + 8));
  PROV_TRY(const std::uint64_t values, read_count(cursor, "value count", size_bytes + 4 + 1));
  PROV_TRY(file.metadata, read_metadata(cursor, file.writing, values));
  PROV_TRY(std::vector<Entry> entries, read_tensors(cursor, file.writing, tensors));
  PROV_CHECK(place_tensors(entries, file, source, cursor.position()));
  return file;
}

}  // namespace prov::format
