#include "store/parquet/table_columns.hpp"

namespace prov::store::parquet {

std::shared_ptr<arrow::Schema> model_columns() {
  arrow::FieldVector fields = {arrow::field("model", arrow::int64(), false)};
  for (const char* name : {"id", "publisher", "family", "architecture", "source", "revision",
                           "licence", "metadata", "content_key"})
    fields.push_back(arrow::field(name, arrow::utf8(), false));
  fields.push_back(arrow::field("has_weights", arrow::boolean(), false));
  fields.push_back(arrow::field("sha256", arrow::binary(), false));
  for (const char* name : kNamedParts) fields.push_back(arrow::field(name, arrow::binary()));
  fields.push_back(arrow::field("other_names", arrow::list(arrow::utf8()), false));
  fields.push_back(arrow::field("other_parts", arrow::list(arrow::binary()), false));
  return arrow::schema(fields);
}

std::shared_ptr<arrow::Schema> word_columns() {
  return arrow::schema(
      {arrow::field("model", arrow::int64(), false), arrow::field("word", arrow::uint64(), false)});
}

Error error_of(const arrow::Status& status, const std::string& file, ErrorCode code) {
  if (status.IsOutOfMemory() || status.IsCapacityError()) code = ErrorCode::too_large;
  return {.code = code, .message = status.message(), .file = file};
}

}  // namespace prov::store::parquet
