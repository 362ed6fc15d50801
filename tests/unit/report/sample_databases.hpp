// Documents of `db` for the golden files.
#pragma once

#include "report/document.hpp"

namespace prov::test {

report::Document damaged_database();
report::Document hostile_transfer();
report::Document hostile_record();

}  // namespace prov::test
