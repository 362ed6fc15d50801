// Arithmetic on numbers that come from files: the result, or nothing when it does not fit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace prov::base {

inline std::optional<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

inline std::optional<std::uint64_t> checked_multiply(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

/// Number of elements of a shape, multiplied from left to right; 1 for rank 0.
inline std::optional<std::uint64_t> checked_product(std::span<const std::uint64_t> shape) {
  std::uint64_t product = 1;
  for (std::uint64_t dimension : shape) {
    auto next = checked_multiply(product, dimension);
    if (!next) return std::nullopt;
    product = *next;
  }
  return product;
}

}  // namespace prov::base
