// The code-books of ggml's IQ types: vectors of 8 or 4 magnitudes (IQ1: -1, 0, 1), chosen by its
// authors to lie where weights lie.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace prov::numeric {

template <std::size_t kEntries, std::size_t kLength>
using Codebook = std::array<std::array<std::int8_t, kLength>, kEntries>;

extern const Codebook<256, 8> kIq2xxsCodebook;
extern const Codebook<512, 8> kIq2xsCodebook;
extern const Codebook<1024, 8> kIq2sCodebook;
extern const Codebook<256, 4> kIq3xxsCodebook;
extern const Codebook<512, 4> kIq3sCodebook;
extern const Codebook<2048, 8> kIq1Codebook;  // IQ1_S and IQ1_M

}  // namespace prov::numeric
