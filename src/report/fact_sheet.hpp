// A result that is a list of facts, with tables below: said once, shown in every format.
#pragma once

#include <string>
#include <vector>

#include "report/document.hpp"

namespace prov::report {

struct Fact {
  std::string key;    // for programs and scripts: snake_case
  std::string label;  // for people
  DataValue value;    // null: not known, or does not apply
  std::string shown;  // for people, in place of the value; empty: the value itself
};

struct FactColumn {
  std::string key, title;
  bool right_aligned = false;
};

/// In JSON a list of objects, in plain text `<row_key>_<number>_<column key>`.
struct FactTable {
  std::string key, row_key, title;
  std::vector<FactColumn> columns;
  std::vector<std::vector<DataValue>> rows;  // as many values as there are columns
};

struct FactSheet {
  std::string title;  // for people
  std::vector<Headline> headlines;
  std::vector<Fact> facts;
  std::vector<FactTable> tables;
};

/// `schema_version` and the version of the tool are added to the data.
Document fact_document(const FactSheet& sheet, int schema_version);

/// One value as text: "yes", "N/A", "12", "a". Control characters are escaped; objects and lists
/// are JSON on one line.
std::string value_text(const DataValue& value);

}  // namespace prov::report
