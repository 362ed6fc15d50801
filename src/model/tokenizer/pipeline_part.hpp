#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simdjson::dom {
class element;  // NOLINT(readability-identifier-naming)
}

namespace prov::model {

enum class PipelineStage { normalizer, pre_tokenizer, post_processor, decoder };

/// One key of a pipeline part as the `tokenizers` library writes it. `fallback` is the compact JSON
/// used where the file has no such key; empty: the key is needed.
struct PartField {
  std::string_view key, fallback;
};

/// The keys of a part type after "type", in the order they are written. std::nullopt for an unknown
/// type. Data: pipeline_part_table.cpp.
std::optional<std::span<const PartField>> part_fields(PipelineStage stage, std::string_view type);

/// The part as the `tokenizers` library 0.22 serialises it: its key order, defaults filled in, no
/// white space. A part that the library does not know is kept as it is written. Nesting is capped
/// by the JSON parser.
std::string canonical_part(PipelineStage stage, const simdjson::dom::element& part);

/// Any JSON value, compact, keys in the order of the file.
std::string compact_json(const simdjson::dom::element& value);

/// The members `fields` of an object, in this order; an absent one becomes its fallback, or null.
/// "null" if `value` is no object.
std::string compact_members(const simdjson::dom::element& value, std::span<const PartField> fields);

}  // namespace prov::model
