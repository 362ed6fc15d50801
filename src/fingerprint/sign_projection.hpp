// A long vector as a few bits that tell the angle to another one: signs of random projections
// (Charikar 2002, "Similarity estimation techniques from rounding algorithms").
//
//   P(a bit differs) = angle / pi, so the cosine is about cos(pi * differing / bits), with a
//   standard deviation of about 1.57 / sqrt(bits) near 0.
//
// The vector is folded into as many sums as bits are wanted, with random signs, and these are mixed
// by a Hadamard transform: each bit sees every element.
#pragma once

#include <cstdint>
#include <span>

namespace prov::fingerprint {

/// Fills `bits` (1, 2, 4, 8, ... words of 64 bits); a projection of 0 or more is a 1. `seed` makes
/// projections of different things independent. False, and nothing written, if the values are all
/// zero or not all finite. Equal bits on every CPU. Thread-safe.
bool project_signs(std::span<const float> values, std::uint64_t seed,
                   std::span<std::uint64_t> bits);

/// Bits that are random, but the same for the same two numbers: they say nothing of any angle.
void fill_at_random(std::uint64_t seed, std::uint64_t identity, std::span<std::uint64_t> bits);

/// Bits in which two codes of one length differ.
std::size_t differing_bits(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);

/// The cosine that so many differing bits speak for, [-1, 1].
double cosine_of_bits(std::size_t differing, std::size_t bits);

}  // namespace prov::fingerprint
