#pragma once

#include "store/parquet_module.hpp"

namespace prov::store::parquet {

/// ParquetModule::read_deep_signals.
Result<void> read_deep_signals(std::span<const std::byte> file, const std::string& name,
                               const VisitDeepSignal& visit);

}  // namespace prov::store::parquet
