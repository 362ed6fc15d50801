// The two shapes in which the published kit's similarities come. Source: specification of the kit,
// section 7.1.
#pragma once

#include <optional>
#include <span>

namespace prov::signals {

/// A similarity in [0, 1], rounded to 4 decimals; absent if it cannot be computed.
using Similarity = std::optional<double>;

/// (r + 1) / 2 for Pearson's r: 0.5 means nothing in common. Absent if either population deviation
/// is below 1e-8 or a value is not finite. a.size() == b.size().
Similarity mapped_pearson(std::span<const float> a, std::span<const float> b);
Similarity mapped_pearson(std::span<const double> a, std::span<const double> b);

/// The cosine, negative ones as 0. Absent if the product of the lengths is below 1e-10 or a value
/// is not finite. a.size() == b.size().
Similarity clamped_cosine(std::span<const float> a, std::span<const float> b);
Similarity clamped_cosine(std::span<const double> a, std::span<const double> b);

/// Python's round(value, 4); absent for a value that is not finite.
Similarity rounded(double value);

}  // namespace prov::signals
