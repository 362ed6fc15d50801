#include "signals/deep_signals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/try.hpp"

namespace prov::signals {
namespace {

constexpr std::size_t kMostNumbers = std::size_t{1} << 24U;
constexpr std::int64_t kMostAnchors = 1024, kMostLayers = 10'000;
constexpr const char* kMissing = "not in the archive of the published kit";

/// The values in the order of their places; of equal places in that of the file.
template <class Value, class Numbers>
std::vector<Value> in_order(Numbers numbers) {
  std::ranges::stable_sort(numbers, {}, &Numbers::value_type::place);
  std::vector<Value> values;
  values.reserve(numbers.size());
  for (const auto& number : numbers) values.push_back(number.value);
  return values;
}

std::string missing_unless(bool there) { return there ? "" : kMissing; }

}  // namespace

Error DeepSignals::malformed(std::string message, std::string field) const {
  return {.code = ErrorCode::malformed,
          .message = std::move(message),
          .file = name_,
          .field = std::move(field)};
}

Result<void> DeepSignals::add(const DeepSignalRow& row) {
  const std::string_view signal = row.signal;
  const bool is_eas = signal == "eas_self_sim", is_wvc = signal == "wvc_layer_sigs";
  Numbers* list = signal == "nlf_vector"      ? &nlf_
                  : signal == "lep_profile"   ? &lep_
                  : signal == "end_histogram" ? &end_
                                              : nullptr;
  if (list == nullptr && !is_eas && (!is_wvc || !row.layer)) return {};
  if (++count_ > kMostNumbers) {
    return Error{.code = ErrorCode::too_large,
                 .message = fmt::format("more than {} numbers", kMostNumbers),
                 .file = name_};
  }
  const auto value = static_cast<float>(row.value);
  if (!std::isfinite(value)) return malformed("the number is not finite", std::string(signal));
  if (row.row < 0) return malformed("the row is negative", std::string(signal));
  if (is_eas) {
    const std::int64_t column = row.column.value_or(0);
    if (row.row >= kMostAnchors || column < 0 || column >= kMostAnchors)
      return malformed("the place is outside any matrix of anchors", std::string(signal));
    cells_[{row.row, column}] = value;
    return {};
  }
  if (is_wvc) {
    if (*row.layer < 0 || *row.layer >= kMostLayers)
      return malformed("the layer is no layer", std::string(signal));
    list = &layers_[static_cast<std::uint32_t>(*row.layer)];
  }
  list->push_back({row.row, value});
  return {};
}

Result<EasRecord> DeepSignals::eas() const {
  EasRecord record;
  record.missing = missing_unless(!cells_.empty());
  if (cells_.empty()) return record;
  const std::int64_t anchors = cells_.rbegin()->first.first + 1;
  record.anchors = static_cast<std::uint32_t>(anchors);
  record.cosines.resize(static_cast<std::size_t>(anchors * anchors));
  for (const auto& [place, value] : cells_) {
    if (place.second >= anchors)
      return malformed(fmt::format("column {} of a matrix of {}", place.second, anchors),
                       "eas_self_sim");
    record.cosines[static_cast<std::size_t>(place.first * anchors + place.second)] = value;
  }
  return record;
}

Result<WeightSignals> DeepSignals::finish(const KitBundle& bundle) && {
  WeightSignals signals;
  PROV_TRY(signals.eas, eas());
  signals.nlf.mode = bundle.nlf_is_direct ? NlfMode::direct : NlfMode::statistics;
  signals.nlf.tensors = bundle.nlf_tensors;
  signals.nlf.values = in_order<float>(std::move(nlf_));
  signals.nlf.missing = missing_unless(!signals.nlf.values.empty());
  signals.lep.profile = in_order<double>(std::move(lep_));
  signals.lep.missing = missing_unless(!signals.lep.profile.empty());
  const std::vector<double> histogram = in_order<double>(std::move(end_));
  signals.end.missing = missing_unless(!histogram.empty());
  if (!histogram.empty()) {
    auto& bins = signals.end.histogram.emplace();
    if (histogram.size() != bins.size())
      return malformed(fmt::format("{} bins, not {}", histogram.size(), bins.size()),
                       "end_histogram");
    std::ranges::copy(histogram, bins.begin());
  }
  for (auto& [layer, numbers] : layers_)
    signals.wvc.layers.emplace(layer, in_order<float>(std::move(numbers)));
  signals.wvc.missing = missing_unless(!signals.wvc.layers.empty());
  return signals;
}

}  // namespace prov::signals
