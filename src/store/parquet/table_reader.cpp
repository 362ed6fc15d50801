#include "store/parquet/table_reader.hpp"

#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <parquet/arrow/reader.h>

#include <algorithm>
#include <optional>

#include "base/try.hpp"
#include "store/parquet/table_columns.hpp"

namespace prov::store::parquet {
namespace {

constexpr std::int64_t kMemory = std::int64_t{1} << 30;  // bytes
constexpr std::int64_t kBatch = 64;                      // rows of models; of words 1024 times more
constexpr std::int64_t kMostRows = std::int64_t{1} << 40;

/// Where a list stands does not matter, nor whether a value may be missing: other programs write
/// both otherwise. A missing value is an error where it is met.
bool same_type(const arrow::DataType& a, const arrow::DataType& b) {
  if (a.id() != b.id()) return false;
  return a.id() != arrow::Type::LIST || a.field(0)->type()->id() == b.field(0)->type()->id();
}

/// One file, batch by batch.
class TableFile {
 public:
  TableFile(std::string path, arrow::MemoryPool* pool) : path_(std::move(path)), pool_(pool) {}

  Result<void> open(const std::shared_ptr<arrow::Schema>& columns, std::int64_t batch_rows) {
    const arrow::Result<std::shared_ptr<arrow::io::ReadableFile>> file =
        arrow::io::ReadableFile::Open(path_, pool_);
    if (!file.ok()) return error_of(file.status(), path_, ErrorCode::not_found);
    return told(start(*file, *columns, batch_rows));
  }

  /// Null at the end.
  Result<std::shared_ptr<arrow::RecordBatch>> next() {
    std::shared_ptr<arrow::RecordBatch> batch;
    arrow::Status status = batches_->ReadNext(&batch);
    if (status.ok() && batch) status = batch->ValidateFull();
    PROV_CHECK(told(status));
    return batch;
  }

  Error broken(std::string message, std::string field = "") const {
    return {.code = ErrorCode::malformed,
            .message = std::move(message),
            .file = path_,
            .field = std::move(field)};
  }

 private:
  Result<void> told(const arrow::Status& status) const {
    if (status.ok()) return {};
    return error_of(status, path_, ErrorCode::malformed);
  }

  arrow::Status start(const std::shared_ptr<arrow::io::ReadableFile>& file,
                      const arrow::Schema& columns, std::int64_t batch_rows) {
    ::parquet::ReaderProperties properties(pool_);
    properties.enable_buffered_stream();
    properties.set_page_checksum_verification(true);
    ::parquet::ArrowReaderProperties arrow_properties(/*use_threads=*/false);
    arrow_properties.set_batch_size(batch_rows);
    arrow_properties.set_pre_buffer(false);
    ::parquet::arrow::FileReaderBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Open(file, properties));
    if (builder.raw_reader()->metadata()->num_rows() > kMostRows)
      return arrow::Status::CapacityError("it says that it has more rows than can be");
    ARROW_RETURN_NOT_OK(builder.memory_pool(pool_)->properties(arrow_properties)->Build(&reader_));
    std::shared_ptr<arrow::Schema> found;
    ARROW_RETURN_NOT_OK(reader_->GetSchema(&found));
    if (found->num_fields() != columns.num_fields())
      return arrow::Status::Invalid("it has ", found->num_fields(), " columns, not ",
                                    columns.num_fields());
    for (int i = 0; i < columns.num_fields(); ++i) {
      const arrow::Field &is = *found->field(i), &must = *columns.field(i);
      if (is.name() != must.name() || !same_type(*is.type(), *must.type()))
        return arrow::Status::Invalid("column ", i, " is ", is.ToString(), ", not ",
                                      must.ToString());
    }
    ARROW_ASSIGN_OR_RAISE(batches_, reader_->GetRecordBatchReader());
    return arrow::Status::OK();
  }

  std::string path_;
  arrow::MemoryPool* pool_;
  std::unique_ptr<::parquet::arrow::FileReader> reader_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
};

template <class Array>
const Array& column(const arrow::RecordBatch& batch, int i) {
  return static_cast<const Array&>(*batch.column(i));
}

std::vector<std::byte> bytes_of(std::string_view view) {
  std::vector<std::byte> bytes(view.size());
  std::ranges::transform(view, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

/// The words of one record after the other, beside the models.
class WordReader {
 public:
  explicit WordReader(TableFile file) : file_(std::move(file)) {}
  Result<void> open() { return file_.open(word_columns(), kBatch * 1024); }

  Result<void> take(std::int64_t model, std::vector<std::uint64_t>& words) {
    for (;;) {
      PROV_CHECK(fill());
      if (!batch_) return {};
      const std::int64_t at = column<arrow::Int64Array>(*batch_, 0).Value(row_);
      if (at > model) return {};
      if (at < model) return file_.broken("words of no record, or not in the order of the models");
      if (words.size() >= kMostWords) return file_.broken("a record has too many words");
      words.push_back(column<arrow::UInt64Array>(*batch_, 1).Value(row_));
      ++row_;
    }
  }

  Result<void> finish() {
    PROV_CHECK(fill());
    return batch_ ? Result<void>(file_.broken("words of no record")) : Result<void>();
  }

 private:
  Result<void> fill() {
    while (!ended_ && (!batch_ || row_ == batch_->num_rows())) {
      PROV_TRY(batch_, file_.next());
      row_ = 0;
      ended_ = !batch_;
      if (!batch_) break;
      for (const auto& one : batch_->columns()) {
        if (one->null_count() > 0) return file_.broken("a value is missing");
      }
    }
    return {};
  }

  TableFile file_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  std::int64_t row_ = 0;
  bool ended_ = false;
};

/// Columns that may have missing values: the named parts.
bool may_be_missing(const std::string& name) {
  return std::ranges::find(kNamedParts, name) != kNamedParts.end();
}

Result<void> check_values(const TableFile& file, const arrow::RecordBatch& batch) {
  for (int i = 0; i < batch.num_columns(); ++i) {
    const std::string& name = batch.column_name(i);
    if (!may_be_missing(name) && batch.column(i)->null_count() > 0)
      return file.broken("a value is missing", name);
    if (batch.column(i)->type_id() != arrow::Type::LIST) continue;
    if (column<arrow::ListArray>(batch, i).values()->null_count() > 0)
      return file.broken("a value is missing", name);
  }
  return {};
}

Result<TableRow> row_of(const TableFile& file, const arrow::RecordBatch& batch, std::int64_t at) {
  TableRow row;
  int i = 0;
  row.model = column<arrow::Int64Array>(batch, i++).Value(at);
  for (const auto text : kTexts)
    row.record.*text = column<arrow::StringArray>(batch, i++).GetString(at);
  row.record.has_weights = column<arrow::BooleanArray>(batch, i++).Value(at);
  const std::vector<std::byte> digest =
      bytes_of(column<arrow::BinaryArray>(batch, i++).GetView(at));
  if (digest.size() != row.sha256.size()) return file.broken("no digest", "sha256");
  std::ranges::copy(digest, row.sha256.begin());
  for (const char* name : kNamedParts) {
    const auto& parts = column<arrow::BinaryArray>(batch, i++);
    if (!parts.IsNull(at)) row.record.parts.emplace(name, bytes_of(parts.GetView(at)));
  }
  const auto& names = column<arrow::ListArray>(batch, i++);
  const auto& others = column<arrow::ListArray>(batch, i++);
  if (names.value_length(at) != others.value_length(at))
    return file.broken("not as many names as parts", "other_names");
  const auto& all_names = static_cast<const arrow::StringArray&>(*names.values());
  const auto& all_others = static_cast<const arrow::BinaryArray&>(*others.values());
  for (std::int32_t k = 0; k < names.value_length(at); ++k) {
    row.record.parts.emplace(all_names.GetString(names.value_offset(at) + k),
                             bytes_of(all_others.GetView(others.value_offset(at) + k)));
  }
  return row;
}

}  // namespace

Result<void> read_tables(const std::string& folder,
                         const std::function<Result<void>(TableRow row)>& visit) {
  arrow::CappedMemoryPool pool(arrow::default_memory_pool(), kMemory);
  TableFile models(folder + "/models.parquet", &pool);
  WordReader words(TableFile(folder + "/words.parquet", &pool));
  PROV_CHECK(models.open(model_columns(), kBatch));
  PROV_CHECK(words.open());
  std::int64_t last = 0;
  for (;;) {
    PROV_TRY(const std::shared_ptr<arrow::RecordBatch> batch, models.next());
    if (!batch) return words.finish();
    PROV_CHECK(check_values(models, *batch));
    for (std::int64_t at = 0; at < batch->num_rows(); ++at) {
      PROV_TRY(TableRow row, row_of(models, *batch, at));
      if (row.model <= last) return models.broken("the models do not ascend", "model");
      last = row.model;
      PROV_CHECK(words.take(row.model, row.record.words));
      PROV_CHECK(visit(std::move(row)));
    }
  }
}

}  // namespace prov::store::parquet
