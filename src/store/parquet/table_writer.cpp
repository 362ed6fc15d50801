#include "store/parquet/table_writer.hpp"

#include <arrow/io/file.h>
#include <parquet/arrow/writer.h>

#include <algorithm>

#include "base/try.hpp"
#include "store/parquet/table_columns.hpp"

namespace prov::store::parquet {
namespace {

/// Rows and bytes of a row group: what a reader has in memory.
constexpr std::int64_t kMostModels = 1000, kMostWords = 1'000'000;
constexpr std::size_t kMostBytes = 64 * 1024 * 1024;

/// One file, filled row group by row group.
class TableFile {
 public:
  static Result<std::unique_ptr<TableFile>> open(const std::string& path,
                                                 const std::shared_ptr<arrow::Schema>& columns) {
    auto file = std::make_unique<TableFile>();
    file->path_ = path;
    const arrow::Status opened = file->start(columns);
    if (!opened.ok()) return error_of(opened, path, ErrorCode::io);
    return file;
  }

  template <class Builder>
  Builder& column(int i) {
    return *static_cast<Builder*>(builder_->GetField(i));
  }

  /// `written`: what was appended to the columns since the last call.
  Result<void> end_row(const arrow::Status& written, bool is_full) {
    arrow::Status status = written;
    if (status.ok() && is_full) status = flush();
    if (!status.ok()) return error_of(status, path_, ErrorCode::io);
    return {};
  }

  Result<void> finish() {
    arrow::Status status = flush();
    if (status.ok()) status = writer_->Close();
    if (status.ok()) status = sink_->Close();
    if (!status.ok()) return error_of(status, path_, ErrorCode::io);
    return {};
  }

 private:
  arrow::Status start(const std::shared_ptr<arrow::Schema>& columns) {
    ARROW_ASSIGN_OR_RAISE(sink_, arrow::io::FileOutputStream::Open(path_));
    const auto properties =
        ::parquet::WriterProperties::Builder().compression(arrow::Compression::ZSTD)->build();
    ARROW_ASSIGN_OR_RAISE(writer_, ::parquet::arrow::FileWriter::Open(
                                       *columns, arrow::default_memory_pool(), sink_, properties));
    ARROW_ASSIGN_OR_RAISE(builder_,
                          arrow::RecordBatchBuilder::Make(columns, arrow::default_memory_pool()));
    return arrow::Status::OK();
  }

  arrow::Status flush() {
    ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::RecordBatch> batch, builder_->Flush());
    if (batch->num_rows() == 0) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(const auto table, arrow::Table::FromRecordBatches({batch}));
    return writer_->WriteTable(*table, batch->num_rows());
  }

  std::string path_;
  std::shared_ptr<arrow::io::FileOutputStream> sink_;
  std::unique_ptr<::parquet::arrow::FileWriter> writer_;
  std::unique_ptr<arrow::RecordBatchBuilder> builder_;
};

arrow::Status append(arrow::BinaryBuilder& to, const std::vector<std::byte>& bytes) {
  return to.Append(static_cast<const std::uint8_t*>(static_cast<const void*>(bytes.data())),
                   static_cast<std::int32_t>(bytes.size()));
}

class FolderWriter : public TableWriter {
 public:
  FolderWriter(std::unique_ptr<TableFile> models, std::unique_ptr<TableFile> words)
      : models_(std::move(models)), words_(std::move(words)) {}

  Result<void> add(const TableRow& row) override {
    ++model_rows_;
    for (const auto& [name, part] : row.record.parts) bytes_ += part.size();
    const bool is_full = model_rows_ >= kMostModels || bytes_ >= kMostBytes;
    PROV_CHECK(models_->end_row(append_model(row), is_full));
    if (is_full) {
      model_rows_ = 0;
      bytes_ = 0;
    }
    for (const std::uint64_t word : row.record.words) {
      arrow::Status status = words_->column<arrow::Int64Builder>(0).Append(row.model);
      if (status.ok()) status = words_->column<arrow::UInt64Builder>(1).Append(word);
      PROV_CHECK(words_->end_row(status, ++word_rows_ % kMostWords == 0));
    }
    return {};
  }

  Result<void> finish() override {
    PROV_CHECK(models_->finish());
    return words_->finish();
  }

 private:
  arrow::Status append_model(const TableRow& row) {
    const Record& record = row.record;
    int column = 0;
    ARROW_RETURN_NOT_OK(models_->column<arrow::Int64Builder>(column++).Append(row.model));
    for (const auto text : kTexts)
      ARROW_RETURN_NOT_OK(models_->column<arrow::StringBuilder>(column++).Append(record.*text));
    ARROW_RETURN_NOT_OK(
        models_->column<arrow::BooleanBuilder>(column++).Append(record.has_weights));
    ARROW_RETURN_NOT_OK(append(models_->column<arrow::BinaryBuilder>(column++),
                               {row.sha256.begin(), row.sha256.end()}));
    for (const char* name : kNamedParts) {
      auto& builder = models_->column<arrow::BinaryBuilder>(column++);
      const auto part = record.parts.find(name);
      ARROW_RETURN_NOT_OK(part == record.parts.end() ? builder.AppendNull()
                                                     : append(builder, part->second));
    }
    auto& names = models_->column<arrow::ListBuilder>(column++);
    auto& parts = models_->column<arrow::ListBuilder>(column++);
    ARROW_RETURN_NOT_OK(names.Append());
    ARROW_RETURN_NOT_OK(parts.Append());
    for (const auto& [name, bytes] : record.parts) {
      if (std::ranges::find(kNamedParts, name) != kNamedParts.end()) continue;
      ARROW_RETURN_NOT_OK(static_cast<arrow::StringBuilder*>(names.value_builder())->Append(name));
      ARROW_RETURN_NOT_OK(
          append(*static_cast<arrow::BinaryBuilder*>(parts.value_builder()), bytes));
    }
    return arrow::Status::OK();
  }

  std::unique_ptr<TableFile> models_, words_;
  std::int64_t model_rows_ = 0, word_rows_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<TableWriter>> open_table_writer(const std::string& folder) {
  PROV_TRY(auto models, TableFile::open(folder + "/models.parquet", model_columns()));
  PROV_TRY(auto words, TableFile::open(folder + "/words.parquet", word_columns()));
  return std::unique_ptr<TableWriter>(
      std::make_unique<FolderWriter>(std::move(models), std::move(words)));
}

}  // namespace prov::store::parquet
