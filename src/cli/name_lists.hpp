#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace prov::cli {

/// The names in the values of an option that takes lists, separated by commas, and may be repeated.
/// Nothing between two commas is an empty name.
inline std::vector<std::string> names_in(const std::vector<std::string>& lists) {
  std::vector<std::string> names;
  for (const std::string& list : lists) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      names.push_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return names;
}

}  // namespace prov::cli
