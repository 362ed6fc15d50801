// A tree of values as JSON knows them, with members in a fixed order.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace prov::report {

struct DataMember;

/// Null, truth value, number, text, list or object. Text may hold any bytes: a renderer makes it
/// valid. An integer and a real number stay apart, because 1 and 1.0 are written differently.
struct DataValue {
  using List = std::vector<DataValue>;
  using Object = std::vector<DataMember>;
  std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, List, Object>
      content;
};

struct DataMember {
  std::string key;
  DataValue value;
};

}  // namespace prov::report
