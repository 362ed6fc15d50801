// The module's one symbol. Arrow throws here and there: nothing leaves the module as an exception.
#include <exception>

#include "store/parquet/deep_signal_reader.hpp"
#include "store/parquet/table_reader.hpp"
#include "store/parquet/table_writer.hpp"

namespace prov::store::parquet {
namespace {

template <class Value, class Body>
Result<Value> without_exceptions(const std::string& folder, const Body& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Error{.code = ErrorCode::too_large, .message = "out of memory", .file = folder};
  } catch (const std::exception& problem) {
    return Error{.code = ErrorCode::malformed, .message = problem.what(), .file = folder};
  }
}

class CarefulWriter : public TableWriter {
 public:
  CarefulWriter(std::string folder, std::unique_ptr<TableWriter> writer)
      : folder_(std::move(folder)), writer_(std::move(writer)) {}
  Result<void> add(const TableRow& row) override {
    return without_exceptions<void>(folder_, [&] { return writer_->add(row); });
  }
  Result<void> finish() override {
    return without_exceptions<void>(folder_, [&] { return writer_->finish(); });
  }

 private:
  std::string folder_;
  std::unique_ptr<TableWriter> writer_;
};

class Module : public ParquetModule {
 public:
  Result<std::unique_ptr<TableWriter>> write(const std::string& folder) const override {
    using Writer = std::unique_ptr<TableWriter>;
    return without_exceptions<Writer>(folder, [&]() -> Result<Writer> {
      Result<Writer> writer = open_table_writer(folder);
      if (!writer) return writer;
      return Writer(std::make_unique<CarefulWriter>(folder, *std::move(writer)));
    });
  }
  Result<void> read(const std::string& folder,
                    const std::function<Result<void>(TableRow row)>& visit) const override {
    return without_exceptions<void>(folder, [&] { return read_tables(folder, visit); });
  }
  Result<void> read_deep_signals(std::span<const std::byte> file, const std::string& name,
                                 const VisitDeepSignal& visit) const override {
    return without_exceptions<void>(name,
                                    [&] { return parquet::read_deep_signals(file, name, visit); });
  }
};

}  // namespace
}  // namespace prov::store::parquet

extern "C" __attribute__((visibility("default"))) const prov::store::ParquetModule*
provenancekit_parquet_module_2() {
  static const prov::store::parquet::Module module;
  return &module;
}
