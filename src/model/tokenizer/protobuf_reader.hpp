#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "provenancekit/result.hpp"

namespace prov::model {

/// One field of a protobuf message.
struct ProtobufField {
  std::uint64_t number = 0;
  std::uint64_t value = 0;  // varint, or the bits of a fixed number
  std::string_view bytes;   // wire type 2
  unsigned wire = 0;
};

/// Walks the fields of a protobuf message: varint key = number << 3 | wire type (0 varint, 1 eight
/// bytes, 2 length and bytes, 5 four bytes). Groups (3, 4), field number 0, numbers of more than 64
/// bits and lengths beyond the end are refused. Views into the given bytes; never allocates.
class ProtobufReader {
 public:
  /// `offset`: where `bytes` begin in the file `file`, which must outlive the reader.
  ProtobufReader(std::string_view bytes, std::uint64_t offset, const std::string& file);

  bool at_end() const { return position_ == bytes_.size(); }
  /// In the file, of the next field.
  std::uint64_t offset() const { return offset_ + position_; }
  /// The message inside the field that was read last.
  ProtobufReader child(const ProtobufField& field) const;
  /// Only while !at_end(). Error malformed with the file's offset.
  Result<ProtobufField> next();

 private:
  Error error(std::string message, std::string hint) const;
  Result<std::uint64_t> varint();
  Result<std::uint64_t> fixed(std::size_t width);

  std::string_view bytes_;
  std::uint64_t offset_;
  std::size_t position_ = 0;
  const std::string* file_;
};

}  // namespace prov::model
