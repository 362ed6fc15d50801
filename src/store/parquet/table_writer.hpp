#pragma once

#include <memory>

#include "store/parquet_module.hpp"

namespace prov::store::parquet {

Result<std::unique_ptr<TableWriter>> open_table_writer(const std::string& folder);

}  // namespace prov::store::parquet
