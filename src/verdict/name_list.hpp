#pragma once

#include <span>
#include <string>
#include <vector>

namespace prov::verdict {

/// The names of `models` as an English list: "a", "a and b", "a, b and c".
inline std::string listed(const std::vector<std::size_t>& models,
                          std::span<const std::string> names) {
  std::string text;
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (i > 0) text += i + 1 == models.size() ? " and " : ", ";
    text += names[models[i]];
  }
  return text;
}

}  // namespace prov::verdict
