// Short names for the pieces of a DataValue.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "numeric/rounding.hpp"
#include "provenancekit/verdict.hpp"
#include "report/data_value.hpp"

namespace prov::report {

inline DataValue data_text(std::string_view value) { return {std::string(value)}; }
/// Null for an empty text.
inline DataValue data_text_or_null(std::string_view value) {
  return value.empty() ? DataValue{} : data_text(value);
}
inline DataValue data_real(double value) { return {value}; }
inline DataValue data_real_or_null(std::optional<double> value) {
  return value ? data_real(*value) : DataValue{};
}
/// A duration, to the millisecond.
inline DataValue data_seconds(double value) { return {numeric::round_half_even_decimal(value, 3)}; }
inline DataValue data_count(std::uint64_t value) { return {value}; }
inline DataValue data_integer(std::int64_t value) { return {value}; }
inline DataValue data_truth(bool value) { return {value}; }

template <class Items, class Convert>
DataValue data_list(const Items& items, Convert convert) {
  DataValue::List values;
  values.reserve(items.size());
  for (const auto& item : items) values.push_back(convert(item));
  return {std::move(values)};
}

inline DataValue data_texts(const std::vector<std::string>& items) {
  return data_list(items, [](const std::string& item) { return data_text(item); });
}

/// Numbers by name, null where one is absent.
inline DataValue data_measures(const std::vector<Measure>& measures) {
  DataValue::Object numbers;
  for (const Measure& measure : measures)
    numbers.emplace_back(measure.name, data_real_or_null(measure.value));
  return {std::move(numbers)};
}

}  // namespace prov::report
