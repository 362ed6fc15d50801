// Parts that the data of several reports have in common. schema/compare-1.schema.json describes
// each key.
#pragma once

#include "provenancekit/compare.hpp"
#include "report/data_value.hpp"

namespace prov::report {

DataValue lineage_data(const Lineage& lineage);
DataValue model_data(const ModelSummary& model);

}  // namespace prov::report
