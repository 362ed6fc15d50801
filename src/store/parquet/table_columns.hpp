// The columns of both tables, as Arrow names them (store/parquet_module.hpp).
#pragma once

#include <arrow/api.h>

#include <array>
#include <string>

#include "provenancekit/result.hpp"
#include "store/parquet_module.hpp"

namespace prov::store::parquet {

/// Texts of a record in the order of the columns id ... content_key.
inline constexpr std::array kTexts = {
    &Record::id,           &Record::publisher,     &Record::family,
    &Record::architecture, &Record::source,        &Record::revision,
    &Record::licence,      &Record::metadata_json, &Record::content_key};
/// Parts that have a column.
inline constexpr std::array kNamedParts = {"sketch", "code", "standard", "signals"};

std::shared_ptr<arrow::Schema> model_columns();
std::shared_ptr<arrow::Schema> word_columns();

/// What Arrow says, in our words. `code`: for what is not about memory or the disk.
Error error_of(const arrow::Status& status, const std::string& file, ErrorCode code);

}  // namespace prov::store::parquet
