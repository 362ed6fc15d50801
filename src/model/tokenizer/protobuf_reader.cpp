#include "model/tokenizer/protobuf_reader.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace prov::model {
namespace {

constexpr const char* kCutOff = "incomplete download?";
constexpr const char* kOtherFormat = "not a protobuf message?";

}  // namespace

ProtobufReader::ProtobufReader(std::string_view bytes, std::uint64_t offset,
                               const std::string& file)
    : bytes_(bytes), offset_(offset), file_(&file) {}

ProtobufReader ProtobufReader::child(const ProtobufField& field) const {
  return {field.bytes, offset() - field.bytes.size(), *file_};
}

Result<ProtobufField> ProtobufReader::next() {
  PROV_TRY(const std::uint64_t key, varint());
  ProtobufField field{.number = key >> 3, .wire = static_cast<unsigned>(key & 7)};
  if (field.number == 0 || field.number > 0x1FFFFFFF)
    return error("a field number is out of range", kOtherFormat);
  switch (field.wire) {
    case 0: {
      PROV_TRY(field.value, varint());
      return field;
    }
    case 1: {
      PROV_TRY(field.value, fixed(8));
      return field;
    }
    case 2: {
      PROV_TRY(const std::uint64_t length, varint());
      if (length > bytes_.size() - position_)
        return error("a length reaches beyond the end", kCutOff);
      field.bytes = bytes_.substr(position_, length);
      position_ += length;
      return field;
    }
    case 5: {
      PROV_TRY(field.value, fixed(4));
      return field;
    }
    default:
      return error(fmt::format("wire type {} is not read", field.wire), kOtherFormat);
  }
}

Error ProtobufReader::error(std::string message, std::string hint) const {
  return {.code = ErrorCode::malformed,
          .message = std::move(message),
          .file = *file_,
          .offset = offset(),
          .hint = std::move(hint)};
}

Result<std::uint64_t> ProtobufReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (at_end()) return error("the file ends inside a number", kCutOff);
    const auto byte = static_cast<unsigned char>(bytes_[position_++]);
    if (shift == 63 && byte > 1) return error("a number has more than 64 bits", kOtherFormat);
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
  return error("a number has more than ten bytes", kOtherFormat);
}

Result<std::uint64_t> ProtobufReader::fixed(std::size_t width) {
  if (bytes_.size() - position_ < width) return error("the file ends inside a number", kCutOff);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes_[position_ + i])} << (8 * i);
  }
  position_ += width;
  return value;
}

}  // namespace prov::model
