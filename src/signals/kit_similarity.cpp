#include "signals/kit_similarity.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/correlation.hpp"
#include "numeric/rounding.hpp"

namespace prov::signals {
namespace {

template <class T>
Similarity map_pearson(std::span<const T> a, std::span<const T> b) {
  if (numeric::moments(a).deviation < 1e-8 || numeric::moments(b).deviation < 1e-8)
    return std::nullopt;
  return rounded((std::clamp(numeric::pearson(a, b), -1.0, 1.0) + 1) / 2);
}

template <class T>
Similarity clamp_cosine(std::span<const T> a, std::span<const T> b) {
  const numeric::Angle angle = numeric::angle(a, b);
  if (angle.norm_a * angle.norm_b < 1e-10) return std::nullopt;
  return rounded(std::clamp(angle.dot / (angle.norm_a * angle.norm_b), 0.0, 1.0));
}

}  // namespace

Similarity mapped_pearson(std::span<const float> a, std::span<const float> b) {
  return map_pearson(a, b);
}
Similarity mapped_pearson(std::span<const double> a, std::span<const double> b) {
  return map_pearson(a, b);
}
Similarity clamped_cosine(std::span<const float> a, std::span<const float> b) {
  return clamp_cosine(a, b);
}
Similarity clamped_cosine(std::span<const double> a, std::span<const double> b) {
  return clamp_cosine(a, b);
}

Similarity rounded(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  return numeric::round_half_even_decimal(value, 4);
}

}  // namespace prov::signals
