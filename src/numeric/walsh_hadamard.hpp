#pragma once

#include <span>

namespace prov::numeric {

/// values = H values with H the Hadamard matrix in natural order (entries +-1, H H = n I). The size
/// n must be a power of two (or 0). n log2 n additions in a fixed order: the same bits on every
/// CPU. Thread-safe.
void walsh_hadamard(std::span<double> values);

}  // namespace prov::numeric
