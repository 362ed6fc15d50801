#include "signals/nlf.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/correlation.hpp"
#include "signals/tensor_naming.hpp"

namespace prov::signals {
namespace {

void append_statistics(std::vector<float>& out, std::span<const float> x) {
  const numeric::Moments moments = numeric::moments(x);
  const auto [smallest, largest] = std::ranges::minmax_element(x);
  out.push_back(static_cast<float>(moments.mean));
  out.push_back(static_cast<float>(moments.deviation));
  out.push_back(*largest);
  out.push_back(*smallest);
}

// The kit cuts the joined values into as many equal parts as there were tensors; a rest is dropped.
std::vector<float> to_statistics(const NlfRecord& record) {
  if (record.mode == NlfMode::statistics) return record.values;
  const std::size_t length = record.tensors == 0 ? 0 : record.values.size() / record.tensors;
  if (length == 0) return record.values;
  std::vector<float> statistics;
  for (std::size_t i = 0; i < record.tensors; ++i) {
    append_statistics(statistics, std::span(record.values).subspan(i * length, length));
  }
  return statistics;
}

}  // namespace

bool belongs_to_nlf(const model::Tensor& tensor) {
  return tensor.info.shape.size() == 1 && tensor.info.shape[0] >= 64 &&
         is_kit_norm_name(tensor.info.name);
}

NlfRecord make_nlf(std::vector<float> values, std::span<const std::size_t> lengths) {
  if (lengths.empty()) return {.missing = "no normalisation weights"};
  if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
    return {.missing = "a normalisation weight is not finite"};
  }
  const auto tensors = static_cast<std::uint32_t>(lengths.size());
  const bool equal =
      std::ranges::all_of(lengths, [&](std::size_t length) { return length == lengths[0]; });
  if (equal) return {.mode = NlfMode::direct, .tensors = tensors, .values = std::move(values)};
  NlfRecord record{.mode = NlfMode::statistics, .tensors = tensors};
  std::size_t begin = 0;
  for (const std::size_t length : lengths) {
    append_statistics(record.values, std::span<const float>(values).subspan(begin, length));
    begin += length;
  }
  return record;
}

Similarity nlf_similarity(const NlfRecord& a, const NlfRecord& b) {
  const bool both_direct = a.mode == NlfMode::direct && b.mode == NlfMode::direct;
  if (a.values.empty() || b.values.empty()) return std::nullopt;
  if (both_direct && a.values.size() == b.values.size()) {
    return clamped_cosine(std::span(a.values), std::span(b.values));
  }
  const std::vector<float> x = to_statistics(a), y = to_statistics(b);
  const std::size_t common = std::min(x.size(), y.size());
  if (common < 4) return std::nullopt;
  return clamped_cosine(std::span(x).first(common), std::span(y).first(common));
}

}  // namespace prov::signals
