// The orthogonal matrix nearest to a square one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace prov::numeric {

/// The orthogonal Q (size x size, row-major) with the largest trace of Q^T C: U V^T for C = U S V^T
/// (Schoenemann 1966). With C = A^T B, Q turns the rows of A onto those of B best: A Q ~ B. C is
/// row-major, c.size() == size * size, any scale. Where C lacks rank the choice is not unique;
/// this gives some orthogonal completion, always the same. std::nullopt if a value is not finite.
/// O(size^3) for each of about ten Jacobi sweeps: 256 takes a fraction of a second. One thread.
/// Thread-safe.
std::optional<std::vector<float>> orthogonal_factor(std::span<const float> c, std::size_t size);

}  // namespace prov::numeric
