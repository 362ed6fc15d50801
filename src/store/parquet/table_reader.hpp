#pragma once

#include "store/parquet_module.hpp"

namespace prov::store::parquet {

/// ParquetModule::read.
Result<void> read_tables(const std::string& folder,
                         const std::function<Result<void>(TableRow row)>& visit);

}  // namespace prov::store::parquet
