#include "forensics/residual_axis.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/sampling.hpp"
#include "model/weight_view.hpp"

namespace prov::forensics {
namespace {

using model::RoleKind;

constexpr AxisSample kCoordinates{384, 16};
constexpr std::uint64_t kFeatures = 1024;
constexpr std::uint64_t kFeatureRun = 4;
constexpr int kExperts = 1;

bool reads_stream(RoleKind kind) {
  return kind == RoleKind::query || kind == RoleKind::key || kind == RoleKind::value ||
         kind == RoleKind::qkv || kind == RoleKind::gate || kind == RoleKind::up;
}

using ViewPair = std::pair<model::WeightView, model::WeightView>;

/// Matrices of one shape and place in both models, of the input width that most of them have.
std::vector<ViewPair> comparable_views(const model::ViewMap& in_a, const model::ViewMap& in_b) {
  std::map<std::uint64_t, std::vector<ViewPair>> by_width;
  for (const auto& [address, view] : in_a) {
    if (!reads_stream(address.kind)) continue;
    const auto partner = in_b.find(address);
    if (partner == in_b.end()) continue;
    const model::WeightView& other = partner->second;
    const bool same_parts =
        (address.kind != RoleKind::qkv) || view.tensor->role.layout == other.tensor->role.layout;
    if (same_parts && view.outputs == other.outputs && view.inputs == other.inputs)
      by_width[view.inputs].emplace_back(view, other);
  }
  const auto most =
      std::ranges::max_element(by_width, {}, [](const auto& entry) { return entry.second.size(); });
  return most == by_width.end() ? std::vector<ViewPair>{} : std::move(most->second);
}

/// Sampled rows of one matrix as columns of unit length over the sampled coordinates.
Result<numeric::Matrix> read_features(const model::Checkpoint& checkpoint,
                                      const model::WeightView& view, std::uint64_t rows) {
  const auto outputs = sampled_positions(view.outputs, {rows, kFeatureRun});
  const auto coordinates = sampled_positions(view.inputs, kCoordinates);
  PROV_TRY(numeric::Matrix block, model::read_block(checkpoint, view, outputs, coordinates));
  numeric::normalise_rows(block);
  return numeric::transposed(block);
}

}  // namespace

Result<ResidualAxis> compare_residual_axis(const model::Checkpoint& a, const model::Checkpoint& b,
                                           const std::stop_token& stop, const HeadCounts& heads) {
  const std::vector<ViewPair> pairs = comparable_views(model::weight_views(a, kExperts, heads.a),
                                                       model::weight_views(b, kExperts, heads.b));
  ResidualAxis axis;
  axis.matrices = pairs.size();
  if (pairs.empty()) return axis;
  const std::uint64_t rows = std::max<std::uint64_t>(1, kFeatures / pairs.size());
  std::vector<numeric::Matrix> features_a(pairs.size()), features_b(pairs.size());
  std::vector<std::optional<Error>> errors(pairs.size());
  const auto read = [&](std::size_t i) -> Result<void> {
    if (stop.stop_requested())
      return Error{.code = ErrorCode::cancelled, .message = "stopped while comparing coordinates"};
    PROV_TRY(features_a[i], read_features(a, pairs[i].first, rows));
    PROV_TRY(features_b[i], read_features(b, pairs[i].second, rows));
    return {};
  };
  base::parallel_for(pairs.size(), base::worker_count(), [&](std::size_t i) {
    if (auto status = read(i); !status) errors[i] = std::move(status).error();
  });
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  numeric::Matrix units_a = numeric::side_by_side(features_a),
                  units_b = numeric::side_by_side(features_b);
  numeric::normalise_rows(units_a);
  numeric::normalise_rows(units_b);
  axis.test = permutation_test(std::move(units_a), std::move(units_b));
  return axis;
}

}  // namespace prov::forensics
