// The SIMD targets for which every file of kernels is compiled. Include it before Highway.
#pragma once

// Vectors of unknown length cannot stand for 16 fixed lanes; such CPUs have NEON or run the scalar
// kernels.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
// Has an instruction that counts bits; Highway leaves it out unless it is asked for.
#define HWY_WANT_AVX3_DL
