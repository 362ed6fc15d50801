#include "model/tokenizer/pipeline_part.hpp"

#include <simdjson.h>

#include <algorithm>
#include <vector>

#include "model/tokenizer/serde_text.hpp"

namespace prov::model {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

void append_compact(std::string& out, const element& value);

void append_object(std::string& out, const object& members) {
  out += '{';
  bool first = true;
  for (const auto member : members) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, member.key);
    out += ':';
    append_compact(out, member.value);
  }
  out += '}';
}

template <class Append>
void append_list(std::string& out, const array& items, Append append) {
  out += '[';
  bool first = true;
  for (const element item : items) {
    if (!first) out += ',';
    first = false;
    append(out, item);
  }
  out += ']';
}

// Recursion ends at the parser's own depth limit (1024).
void append_compact(std::string& out, const element& value) {
  switch (value.type()) {
    case element_type::ARRAY:
      append_list(out, array(value), append_compact);
      return;
    case element_type::OBJECT:
      append_object(out, object(value));
      return;
    case element_type::INT64:
      out += std::to_string(std::int64_t(value));
      return;
    case element_type::UINT64:
      out += std::to_string(std::uint64_t(value));
      return;
    case element_type::DOUBLE:
      append_json_float(out, double(value));
      return;
    case element_type::STRING:
      append_json_string(out, std::string_view(value));
      return;
    case element_type::BOOL:
      out += bool(value) ? "true" : "false";
      return;
    case element_type::NULL_VALUE:
      out += "null";
      return;
  }
}

/// {"SpecialToken":{"id":...,"type_id":...}} or {"Sequence":{...}}.
void append_template_piece(std::string& out, const element& piece) {
  static constexpr PartField kKeys[] = {{"id", ""}, {"type_id", ""}};
  object kinds;
  if (piece.get(kinds) != simdjson::SUCCESS || kinds.size() != 1) return append_compact(out, piece);
  const auto kind = *kinds.begin();
  out += '{';
  append_json_string(out, kind.key);
  out += ':' + compact_members(kind.value, kKeys) + '}';
}

/// The library writes the special tokens of a template sorted by text.
void append_template_tokens(std::string& out, const element& tokens) {
  static constexpr PartField kKeys[] = {{"id", ""}, {"ids", ""}, {"tokens", ""}};
  object members;
  if (tokens.get(members) != simdjson::SUCCESS) return append_compact(out, tokens);
  std::vector<std::pair<std::string_view, std::string>> sorted;
  for (const auto member : members)
    sorted.emplace_back(member.key, compact_members(member.value, kKeys));
  std::sort(sorted.begin(), sorted.end());
  out += '{';
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0) out += ',';
    append_json_string(out, sorted[i].first);
    out += ':' + sorted[i].second;
  }
  out += '}';
}

void append_field(std::string& out, PipelineStage stage, std::string_view type,
                  std::string_view key, const element& value) {
  array items;
  if (type == "Sequence" && value.get(items) == simdjson::SUCCESS) {
    append_list(out, items, [stage](std::string& text, const element& part) {
      text += canonical_part(stage, part);
    });
  } else if (type == "TemplateProcessing" && value.get(items) == simdjson::SUCCESS) {
    append_list(out, items, append_template_piece);
  } else if (type == "TemplateProcessing" && key == "special_tokens") {
    append_template_tokens(out, value);
  } else {
    append_compact(out, value);
  }
}

}  // namespace

std::string compact_json(const element& value) {
  std::string out;
  append_compact(out, value);
  return out;
}

std::string compact_members(const element& value, std::span<const PartField> fields) {
  object members;
  if (value.get(members) != simdjson::SUCCESS) return "null";
  std::string out = "{";
  for (const PartField& field : fields) {
    if (out.size() > 1) out += ',';
    append_json_string(out, field.key);
    out += ':';
    element member;
    if (members.at_key(field.key).get(member) == simdjson::SUCCESS) {
      append_compact(out, member);
    } else {
      out += field.fallback.empty() ? "null" : field.fallback;
    }
  }
  return out + '}';
}

std::string canonical_part(PipelineStage stage, const element& part) {
  std::string_view type;
  if (part["type"].get(type) != simdjson::SUCCESS) return compact_json(part);
  const auto fields = part_fields(stage, type);
  if (!fields) return compact_json(part);
  std::string out = "{\"type\":";
  append_json_string(out, type);
  for (const PartField& field : *fields) {
    element value;
    const bool present = part[field.key].get(value) == simdjson::SUCCESS;
    if (!present && field.fallback.empty()) return compact_json(part);
    out += ',';
    append_json_string(out, field.key);
    out += ':';
    if (present) {
      append_field(out, stage, type, field.key, value);
    } else {
      out += field.fallback;
    }
  }
  return out + '}';
}

}  // namespace prov::model
