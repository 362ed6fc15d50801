#include "store/parquet/deep_signal_reader.hpp"

#include <arrow/io/memory.h>
#include <arrow/memory_pool.h>
#include <parquet/arrow/reader.h>

#include <array>
#include <cmath>
#include <optional>

#include "base/try.hpp"
#include "store/parquet/table_columns.hpp"

namespace prov::store::parquet {
namespace {

constexpr std::int64_t kMemory = std::int64_t{1} << 30;    // bytes
constexpr std::int64_t kMostRows = std::int64_t{1} << 26;  // one number each
constexpr std::int64_t kBatch = 64 * 1024;                 // rows

/// A number, whatever its type: the kit does not look at types either. Absent where it is missing.
Result<std::optional<double>> number_at(const arrow::Array& array, std::int64_t at) {
  using Found = std::optional<double>;
  if (array.IsNull(at)) return Found();
  switch (array.type_id()) {
    case arrow::Type::INT32:
      return Found(static_cast<const arrow::Int32Array&>(array).Value(at));
    case arrow::Type::INT64:
      return Found(static_cast<double>(static_cast<const arrow::Int64Array&>(array).Value(at)));
    case arrow::Type::FLOAT:
      return Found(static_cast<const arrow::FloatArray&>(array).Value(at));
    case arrow::Type::DOUBLE:
      return Found(static_cast<const arrow::DoubleArray&>(array).Value(at));
    default:
      return Error{.code = ErrorCode::malformed,
                   .message = "a column of " + array.type()->ToString() + ", not of numbers"};
  }
}

Result<std::string_view> text_at(const arrow::Array& array, std::int64_t at) {
  if (array.IsNull(at)) return Error{.code = ErrorCode::malformed, .message = "a value is missing"};
  switch (array.type_id()) {
    case arrow::Type::STRING:
      return std::string_view(static_cast<const arrow::StringArray&>(array).GetView(at));
    case arrow::Type::LARGE_STRING:
      return std::string_view(static_cast<const arrow::LargeStringArray&>(array).GetView(at));
    case arrow::Type::DICTIONARY: {
      const auto& packed = static_cast<const arrow::DictionaryArray&>(array);
      return text_at(*packed.dictionary(), packed.GetValueIndex(at));
    }
    default:
      return Error{.code = ErrorCode::malformed,
                   .message = "a column of " + array.type()->ToString() + ", not of texts"};
  }
}

/// The columns of one batch by their names.
class Columns {
 public:
  Columns(const arrow::RecordBatch& batch, std::string name) : name_(std::move(name)) {
    for (std::size_t i = 0; i < kNames.size(); ++i) columns_[i] = batch.GetColumnByName(kNames[i]);
  }

  Result<void> visit_row(std::int64_t at, const VisitDeepSignal& visit) const {
    PROV_TRY(const std::string_view signal, named(0, text_at(*columns_[0], at)));
    signals::DeepSignalRow row{.signal = signal};
    PROV_TRY(row.layer, place(1, at));
    PROV_TRY(const std::optional<std::int64_t> number, place(2, at));
    PROV_TRY(row.column, place(3, at));
    PROV_TRY(const std::optional<double> value, named(4, number_at(*columns_[4], at)));
    if (!number || !value) return broken("a value is missing", number ? 4 : 2);
    row.row = *number;
    row.value = *value;
    return visit(row);
  }

  Result<void> check() const {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (columns_[i] == nullptr) return broken("the column is not there", i);
    }
    return {};
  }

 private:
  static constexpr std::array kNames = {"signal", "layer", "row", "col", "value"};

  Result<std::optional<std::int64_t>> place(std::size_t i, std::int64_t at) const {
    PROV_TRY(const std::optional<double> number, named(i, number_at(*columns_[i], at)));
    // Pandas writes a column with missing integers as floats, and NaN for what is missing.
    if (!number || std::isnan(*number)) return std::optional<std::int64_t>();
    if (*number != std::floor(*number) || std::abs(*number) > 1e15)
      return broken("a place is no whole number", i);
    return std::optional(static_cast<std::int64_t>(*number));
  }

  Error broken(std::string message, std::size_t i) const {
    return {.code = ErrorCode::malformed,
            .message = std::move(message),
            .file = name_,
            .field = kNames[i]};
  }

  template <class T>
  Result<T> named(std::size_t i, Result<T> result) const {
    return result ? std::move(result) : Result<T>(broken(result.error().message, i));
  }

  std::string name_;
  std::array<std::shared_ptr<arrow::Array>, kNames.size()> columns_;
};

arrow::Result<std::unique_ptr<::parquet::arrow::FileReader>> open_reader(
    std::span<const std::byte> file, arrow::MemoryPool* pool) {
  const void* const bytes = file.data();
  const auto source = std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(
      static_cast<const std::uint8_t*>(bytes), static_cast<std::int64_t>(file.size())));
  ::parquet::ReaderProperties properties(pool);
  properties.set_page_checksum_verification(true);
  ::parquet::ArrowReaderProperties arrow_properties(/*use_threads=*/false);
  arrow_properties.set_batch_size(kBatch);
  arrow_properties.set_pre_buffer(false);
  ::parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(source, properties));
  if (builder.raw_reader()->metadata()->num_rows() > kMostRows)
    return arrow::Status::CapacityError("it says that it has more rows than are read");
  return builder.memory_pool(pool)->properties(arrow_properties)->Build();
}

}  // namespace

Result<void> read_deep_signals(std::span<const std::byte> file, const std::string& name,
                               const VisitDeepSignal& visit) {
  arrow::CappedMemoryPool pool(arrow::default_memory_pool(), kMemory);
  const auto told = [&](const arrow::Status& status) {
    return status.ok() ? Result<void>()
                       : Result<void>(error_of(status, name, ErrorCode::malformed));
  };
  auto reader = open_reader(file, &pool);
  PROV_CHECK(told(reader.status()));
  auto batches = (*reader)->GetRecordBatchReader();
  PROV_CHECK(told(batches.status()));
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    arrow::Status status = (*batches)->ReadNext(&batch);
    if (status.ok() && batch) status = batch->ValidateFull();
    PROV_CHECK(told(status));
    if (!batch) return {};
    const Columns columns(*batch, name);
    PROV_CHECK(columns.check());
    for (std::int64_t at = 0; at < batch->num_rows(); ++at)
      PROV_CHECK(columns.visit_row(at, visit));
  }
}

}  // namespace prov::store::parquet
