#include "format/json_reader.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <set>

#include "base/try.hpp"
#include "base/utf8.hpp"

namespace prov::format {
namespace {
namespace ondemand = simdjson::ondemand;

/// The text being parsed and where it lies in its file.
struct Place {
  const std::string& file;
  const char* text;
  std::uint64_t begin;

  std::uint64_t offset_of(const char* at) const {
    return begin + static_cast<std::uint64_t>(at - text);
  }

  Error error(ErrorCode code, std::string message, std::uint64_t offset) const {
    return {.code = code,
            .message = std::move(message),
            .file = file,
            .offset = offset,
            .field = {},
            .hint = {}};
  }

  Error malformed(simdjson::error_code cause, std::string_view expected,
                  std::uint64_t offset) const {
    const bool wrong_kind = cause == simdjson::INCORRECT_TYPE || cause == simdjson::NUMBER_ERROR;
    return error(ErrorCode::malformed,
                 wrong_kind ? fmt::format("expected {}", expected)
                            : fmt::format("not valid JSON: {}", simdjson::error_message(cause)),
                 offset);
  }
};

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxMembers = std::size_t{1} << 20;
constexpr std::size_t kMaxKeyBytes = 4096;  // keys are part of messages

}  // namespace

struct JsonValue::Node {
  ondemand::value value;
  const Place& place;
  std::uint64_t offset;
  int depth;
};

namespace {

Result<void> walk_members(ondemand::object object, const Place& place, std::uint64_t offset,
                          int depth, const JsonValue::MemberVisitor& visit) {
  std::set<std::string_view>
      keys;  // not hashed: a stranger chooses the keys, and could make them collide
  for (auto next : object) {
    ondemand::field field;
    if (auto failed = std::move(next).get(field)) return place.malformed(failed, "a key", offset);
    offset = place.offset_of(field.key().raw()) - 1;
    std::string_view key;
    if (auto failed = field.unescaped_key().get(key))
      return place.malformed(failed, "a key", offset);
    if (key.size() > kMaxKeyBytes) {
      return place.error(
          ErrorCode::too_large,
          fmt::format("a key of {} bytes, at most {} are read", key.size(), kMaxKeyBytes), offset);
    }
    if (keys.size() == kMaxMembers) {
      return place.error(ErrorCode::too_large, fmt::format("more than {} members", kMaxMembers),
                         offset);
    }
    if (base::find_invalid_utf8(key) != key.npos) {
      return place.error(ErrorCode::malformed, "a key with half of a surrogate pair", offset);
    }
    if (!keys.insert(key).second) {
      Error error =
          place.error(ErrorCode::duplicate, fmt::format("the key \"{}\" comes twice", key), offset);
      error.field = key;
      return error;
    }
    JsonValue::Node node{std::move(field).value(), place, offset, depth + 1};
    JsonValue value(node);
    if (auto visited = visit(key, value); !visited) {
      Error error = std::move(visited).error();
      if (error.field.empty()) error.field = key;
      return error;
    }
  }
  return {};
}

}  // namespace

std::uint64_t JsonValue::offset() const { return node_->offset; }

Error JsonValue::error(ErrorCode code, std::string message) const {
  return node_->place.error(code, std::move(message), node_->offset);
}

Result<bool> JsonValue::is_null() {
  bool null = false;
  if (auto failed = node_->value.is_null().get(null)) {
    return node_->place.malformed(failed, "null", node_->offset);
  }
  return null;
}

Result<std::string_view> JsonValue::text() {
  std::string_view text;
  if (auto failed = node_->value.get_string().get(text)) {
    return node_->place.malformed(failed, "a string", node_->offset);
  }
  if (base::find_invalid_utf8(text) != text.npos) {
    return error(ErrorCode::malformed, "a string with half of a surrogate pair");
  }
  return text;
}

Result<std::uint64_t> JsonValue::whole_number() {
  std::uint64_t number = 0;
  if (auto failed = node_->value.get_uint64().get(number)) {
    return node_->place.malformed(failed, "a whole number from 0 to 2^64 - 1", node_->offset);
  }
  return number;
}

Result<void> JsonValue::members(const MemberVisitor& visit) {
  ondemand::object object;
  if (auto failed = node_->value.get_object().get(object)) {
    return node_->place.malformed(failed, "an object", node_->offset);
  }
  return walk_members(object, node_->place, node_->offset, node_->depth, visit);
}

Result<void> JsonValue::elements(const ElementVisitor& visit) {
  ondemand::array array;
  if (auto failed = node_->value.get_array().get(array)) {
    return node_->place.malformed(failed, "an array", node_->offset);
  }
  std::uint64_t offset = node_->offset;
  for (auto next : array) {
    ondemand::value element;
    if (auto failed = std::move(next).get(element)) {
      return node_->place.malformed(failed, "an element", offset);
    }
    // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): only the address is used.
    offset = node_->place.offset_of(element.raw_json_token().data());
    Node node{element, node_->place, offset, node_->depth + 1};
    JsonValue value(node);
    PROV_CHECK(visit(value));
  }
  return {};
}

Result<void> JsonValue::skip() {
  if (node_->depth > kMaxDepth) return error(ErrorCode::too_large, "nested too deeply");
  ondemand::json_type type;
  if (auto failed = node_->value.type().get(type)) {
    return node_->place.malformed(failed, "a value", node_->offset);
  }
  const auto checked = [&](simdjson::error_code failed, std::string_view expected) -> Result<void> {
    if (failed) return node_->place.malformed(failed, expected, node_->offset);
    return {};
  };
  switch (type) {
    case ondemand::json_type::object:
      return members([](std::string_view, JsonValue& value) { return value.skip(); });
    case ondemand::json_type::array:
      return elements([](JsonValue& value) { return value.skip(); });
    case ondemand::json_type::string:
      PROV_CHECK(text());
      return {};
    case ondemand::json_type::number:
      return checked(node_->value.get_double().error(), "a number");
    case ondemand::json_type::boolean:
      return checked(node_->value.get_bool().error(), "true or false");
    case ondemand::json_type::null:
      PROV_CHECK(is_null());
      return {};
  }
  return error(ErrorCode::malformed, "not a JSON value");
}

Result<void> read_json_object(const source::ByteSource& source, std::uint64_t begin,
                              std::uint64_t length, const JsonValue::MemberVisitor& visit) {
  std::string text(static_cast<std::size_t>(length) + simdjson::SIMDJSON_PADDING, ' ');
  const std::size_t size = static_cast<std::size_t>(length);
  PROV_CHECK(source.read(begin, std::as_writable_bytes(std::span(text).first(size))));
  const Place place{source.name(), text.data(), begin};

  ondemand::parser parser;
  ondemand::document document;
  ondemand::object root;
  if (auto failed = parser.iterate(text.data(), size, text.size()).get(document)) {
    const std::size_t invalid = base::find_invalid_utf8(std::string_view(text).substr(0, size));
    if (invalid != std::string_view::npos) {
      return place.error(ErrorCode::malformed, "not UTF-8", begin + invalid);
    }
    return place.malformed(failed, "an object", begin);
  }
  if (auto failed = document.get_object().get(root))
    return place.malformed(failed, "an object", begin);
  PROV_CHECK(walk_members(root, place, begin, 0, visit));
  const char* rest = nullptr;
  if (const auto nothing_left = document.current_location().get(rest); !nothing_left) {
    return place.error(ErrorCode::malformed, "more text after the JSON object",
                       place.offset_of(rest));
  }
  return {};
}

}  // namespace prov::format
