// Exact decoding of ggml's block-quantised numbers: what its own C code and the gguf package make
// of them, bit for bit.
//
// Source: ggml-quants.c and ggml-common.h (MIT, copyright the ggml authors), gguf 0.19 quants.py.
// Sums and products are rounded to f32 one by one, in the order of the formula. A NaN, which only a
// damaged scale can give, is always the same one.
#pragma once

#include "numeric/decode.hpp"

namespace prov::numeric {

// Decoder's `first` and `out` count numbers; they may begin and end inside a block. `bytes` holds
// whole blocks.

// 32 numbers: a scale, or a scale and a least value, and 4, 5 or 8 bits each. q_blocks.cpp
Decoder decode_q4_0, decode_q4_1, decode_q5_0, decode_q5_1, decode_q8_0, decode_q8_1;
// 256 numbers: scales of sub-blocks that are quantised themselves. k_blocks.cpp
Decoder decode_q2_k, decode_q3_k, decode_q4_k, decode_q5_k, decode_q6_k, decode_q8_k;
// 256 numbers (IQ4_NL: 32): entries of a code-book. iq_blocks.cpp, iq_low_blocks.cpp
Decoder decode_iq1_s, decode_iq1_m, decode_iq2_xxs, decode_iq2_xs, decode_iq2_s, decode_iq3_xxs,
    decode_iq3_s, decode_iq4_nl, decode_iq4_xs;
// 256 numbers: -1, 0 or 1 times a scale. ternary_blocks.cpp
Decoder decode_tq1_0, decode_tq2_0;
// 32 and 64 numbers: E2M1 times a power of two, or times an 8-bit float each 16. fp4_blocks.cpp
Decoder decode_mxfp4, decode_nvfp4;

}  // namespace prov::numeric
