// Records as Parquet tables. Arrow, which reads and writes them, is large: it is in a module of its
// own, `provenancekit-parquet.so`, that is loaded when it is asked for, and may be missing.
//
//   models.parquet  a row a record, ascending by `model`: model (int64), id, publisher, family,
//                   architecture, source, revision, licence, metadata, content_key (utf8),
//                   has_weights (bool), sha256 (binary, 32 bytes), sketch, code, standard, signals
//                   (binary, null where the record has no such part), other_names (list of utf8)
//                   and other_parts (list of binary)
//   words.parquet   a row a neuron word of a record, ascending by model: model (int64), word
//                   (uint64)
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/sha256.hpp"
#include "provenancekit/result.hpp"
#include "signals/deep_signal_row.hpp"
#include "store/record.hpp"

namespace prov::store {

struct TableRow {
  std::int64_t model = 0;  // joins the two tables, means nothing else
  Record record;           // words ascend
  base::Sha256Digest sha256{};
};

class TableWriter {
 public:
  virtual ~TableWriter() = default;
  virtual Result<void> add(const TableRow& row) = 0;
  virtual Result<void> finish() = 0;
};

using VisitDeepSignal = std::function<Result<void>(const signals::DeepSignalRow& row)>;

/// What the module gives. Only the types of this header pass between it and the program.
class ParquetModule {
 public:
  virtual ~ParquetModule() = default;
  /// New files in an existing folder. Error io.
  virtual Result<std::unique_ptr<TableWriter>> write(const std::string& folder) const = 0;
  /// Rows in their order, in at most 1 GiB of memory whatever the files say. Nothing about the
  /// records is believed: that is for the caller to check. Errors: not_found, io; malformed (not
  /// Parquet, damaged, other columns or types, an order broken), too_large.
  virtual Result<void> read(const std::string& folder,
                            const std::function<Result<void>(TableRow row)>& visit) const = 0;
  /// The numbers of a deep-signal file of the published kit (signals/deep_signals.hpp) in their
  /// order: columns signal, layer, row, col, value, found by name. `file`: its bytes; `name`: for
  /// messages. Errors: as read(), and those of `visit`.
  virtual Result<void> read_deep_signals(std::span<const std::byte> file, const std::string& name,
                                         const VisitDeepSignal& visit) const = 0;
};

inline constexpr const char* kParquetModuleFile = "provenancekit-parquet.so";
/// The module's one symbol; its number changes with this header.
inline constexpr const char* kParquetModuleSymbol = "provenancekit_parquet_module_2";

/// Loads it from the folder of the program, or lib/provenancekit beside that folder. Error
/// unsupported where it is not there or cannot be loaded.
Result<const ParquetModule*> parquet_module();

/// True where its file is there; it is not loaded.
bool has_parquet_module();

}  // namespace prov::store
