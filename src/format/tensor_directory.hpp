#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "format/dtype.hpp"

namespace prov::format {

/// A container's claim about one tensor, already checked against the container's size. Row-major,
/// little-endian.
struct TensorInfo {
  std::string name;
  Dtype dtype = Dtype::f32;
  std::vector<std::uint64_t> shape;
  std::uint64_t offset = 0;  // bytes from the beginning of the file
  std::uint64_t bytes = 0;
};

/// Everything a container says. Tensors are in file order.
struct TensorDirectory {
  std::vector<TensorInfo> tensors;
  std::map<std::string, std::string> metadata;
};

}  // namespace prov::format
