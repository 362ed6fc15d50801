// One strict pass over a JSON object inside a file, for headers that a stranger wrote: a key that
// comes twice, a number that is not what was asked for and bytes that are not UTF-8 are errors, and
// each error knows its byte in the file and the innermost key.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

/// A value that was met but not yet read. Read it exactly once, within the visit that gave it.
class JsonValue {
 public:
  using MemberVisitor = std::function<Result<void>(std::string_view key, JsonValue& value)>;
  using ElementVisitor = std::function<Result<void>(JsonValue& value)>;
  struct Node;  // the parser's side

  explicit JsonValue(Node& node) : node_(&node) {}

  /// The rest of the error kinds is malformed; a text is valid until the whole object is read.
  Result<bool> is_null();
  Result<std::string_view> text();
  /// Decimal digits only: no sign, fraction, exponent or leading zero; at most 2^64 - 1.
  Result<std::uint64_t> whole_number();
  /// Visits members in file order. Errors: duplicate for a key that comes twice, also when spelled
  /// with other escapes; too_large for more than 2^20 members or a key above 4096 bytes.
  Result<void> members(const MemberVisitor& visit);
  Result<void> elements(const ElementVisitor& visit);
  /// Checks the value's grammar and forgets it. Error too_large when it is nested deeper than 32.
  Result<void> skip();

  /// Byte in the file: of the key for a member, of the value for an element.
  std::uint64_t offset() const;
  /// An error at this value.
  Error error(ErrorCode code, std::string message) const;

 private:
  Node* node_;
};

/// Reads `length` bytes at `begin` of `source`, which must be one JSON object with nothing but
/// white space around it. Memory: less than eight times `length`.
Result<void> read_json_object(const source::ByteSource& source, std::uint64_t begin,
                              std::uint64_t length, const JsonValue::MemberVisitor& visit);

}  // namespace prov::format
