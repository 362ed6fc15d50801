#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "format/dtype.hpp"

namespace prov::format {

/// A container's claim about one tensor, already checked against the container's size.
/// Little-endian.
struct TensorInfo {
  std::string name;
  Dtype dtype = Dtype::f32;
  std::vector<std::uint64_t> shape;
  /// Elements from one index of each dimension to the next; empty: row-major without gaps. Only
  /// PyTorch's files have others.
  std::vector<std::uint64_t> strides = {};
  std::uint64_t offset = 0;  // of the first element, bytes from the beginning of the file
  std::uint64_t bytes = 0;   // of all elements
};

/// Everything a container says. Tensors are in file order (PyTorch: in that of the pickle).
struct TensorDirectory {
  std::vector<TensorInfo> tensors;
  std::map<std::string, std::string> metadata;
};

}  // namespace prov::format
