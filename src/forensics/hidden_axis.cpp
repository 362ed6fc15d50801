#include "forensics/hidden_axis.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/sampling.hpp"
#include "model/row_reader.hpp"

namespace prov::forensics {
namespace {

using model::RoleKind;

constexpr AxisSample kHiddenUnits{384, 32};
constexpr AxisSample kResidualCoordinates{128, 16};
constexpr int kExperts = 2;  // of a mixture; each is a test of its own
constexpr double kGeometryBelow =
    12;  // the order of the units already shows what the geometry could

using Place = std::tuple<model::Tower, int, int>;  // tower, layer, expert

struct Mlp {
  std::optional<WeightView> gate;
  WeightView up, down;
  const model::Tensor* norm = nullptr;

  std::uint64_t hidden() const { return up.outputs; }
  std::uint64_t residual() const { return up.inputs; }
};

const WeightView* find_view(const ViewMap& views, ViewAddress address, RoleKind kind) {
  address.kind = kind;
  const auto found = views.find(address);
  return found == views.end() ? nullptr : &found->second;
}

std::map<Place, Mlp> mlps_of(const model::Checkpoint& checkpoint) {
  std::map<std::pair<model::Tower, int>, const model::Tensor*> norms;
  for (const model::Tensor& tensor : checkpoint.tensors) {
    const model::Role& role = tensor.role;
    if (role.kind == RoleKind::mlp_norm && role.parameter == model::Parameter::weight)
      norms[{role.tower, role.layer}] = &tensor;
  }
  std::map<Place, Mlp> mlps;
  const ViewMap views = weight_views(checkpoint, kExperts);
  for (const auto& [address, down] : views) {
    if (address.kind != RoleKind::down) continue;
    const WeightView* up = find_view(views, address, RoleKind::up);
    if (up == nullptr || up->outputs != down.inputs || up->inputs != down.outputs) continue;
    Mlp mlp{std::nullopt, *up, down, nullptr};
    const WeightView* gate = find_view(views, address, RoleKind::gate);
    if (gate != nullptr && gate->outputs == up->outputs && gate->inputs == up->inputs)
      mlp.gate = *gate;
    const auto norm = norms.find({address.tower, address.layer});
    if (norm != norms.end() && norm->second->elements() == up->inputs) mlp.norm = norm->second;
    mlps.emplace(Place{address.tower, address.layer, address.expert}, mlp);
  }
  return mlps;
}

/// The gain at each sampled residual coordinate; all ones without a norm.
Result<std::vector<float>> read_gains(const model::Checkpoint& checkpoint, const Mlp& mlp,
                                      NormConvention convention,
                                      const std::vector<std::uint64_t>& coordinates) {
  std::vector<float> gains(coordinates.size(), 1.0F);
  if (mlp.norm == nullptr) return gains;
  std::vector<float> stored(mlp.residual());
  PROV_CHECK(model::RowReader(checkpoint, *mlp.norm).read_elements(0, stored));
  clear_non_finite(stored);
  for (std::size_t i = 0; i < gains.size(); ++i)
    gains[i] = stored[coordinates[i]] + (convention.gain_minus_one ? 1.0F : 0.0F);
  return gains;
}

/// Rows [gate | up | down^T] of the sampled hidden units, each part of a row of unit length.
Result<Matrix> read_units(const model::Checkpoint& checkpoint, const Mlp& mlp,
                          NormConvention convention, bool with_gate) {
  const auto units = sampled_positions(mlp.hidden(), kHiddenUnits);
  const auto coordinates = sampled_positions(mlp.residual(), kResidualCoordinates);
  PROV_TRY(const std::vector<float> gains, read_gains(checkpoint, mlp, convention, coordinates));
  std::vector<Matrix> blocks;
  const auto add_reader = [&](const WeightView& view) -> Result<void> {
    PROV_TRY(Matrix block, read_block(checkpoint, view, units, coordinates));
    for (std::size_t i = 0; i < block.rows; ++i) {
      for (std::size_t j = 0; j < block.columns; ++j) block.row(i)[j] *= gains[j];
    }
    blocks.push_back(std::move(block));
    return {};
  };
  if (with_gate) PROV_CHECK(add_reader(*mlp.gate));
  PROV_CHECK(add_reader(mlp.up));
  PROV_TRY(const Matrix writer, read_block(checkpoint, mlp.down, coordinates, units));
  blocks.push_back(transposed(writer));
  for (Matrix& block : blocks) normalise_rows(block);
  return side_by_side(blocks);
}

struct Candidate {
  Place place;
  Mlp a, b;
};

/// MLPs at equal places; where only one model has experts, its expert 0 meets the other's dense
/// MLP.
std::vector<Candidate> candidates(const std::map<Place, Mlp>& in_a,
                                  const std::map<Place, Mlp>& in_b) {
  std::vector<Candidate> pairs;
  for (const auto& [place, mlp] : in_a) {
    const auto& [tower, layer, expert] = place;
    auto partner = in_b.find(place);
    if (partner == in_b.end() && expert == model::kNoIndex) partner = in_b.find({tower, layer, 0});
    if (partner == in_b.end() && expert == 0) partner = in_b.find({tower, layer, model::kNoIndex});
    if (partner != in_b.end()) pairs.push_back({place, mlp, partner->second});
  }
  return pairs;
}

}  // namespace

std::vector<const MlpComparison*> HiddenAxis::ordered() const {
  std::vector<const MlpComparison*> result;
  for (const MlpComparison& mlp : mlps) {
    if (mlp.order) result.push_back(&mlp);
  }
  return result;
}

std::vector<const MlpComparison*> HiddenAxis::measured() const {
  std::vector<const MlpComparison*> result;
  for (const MlpComparison& mlp : mlps) {
    if (mlp.geometry) result.push_back(&mlp);
  }
  return result;
}

Result<HiddenAxis> compare_hidden_axis(const model::Checkpoint& a, NormConvention norm_a,
                                       const model::Checkpoint& b, NormConvention norm_b,
                                       const std::stop_token& stop) {
  const auto in_a = mlps_of(a), in_b = mlps_of(b);
  const std::vector<Candidate> pairs = candidates(in_a, in_b);
  std::vector<MlpComparison> compared(pairs.size());
  std::vector<std::optional<Error>> errors(pairs.size());
  const auto compare = [&](std::size_t i) -> Result<void> {
    const Candidate& pair = pairs[i];
    const auto [tower, layer, expert] = pair.place;
    compared[i] = {tower, layer, expert, std::nullopt, std::nullopt};
    if (stop.stop_requested())
      return Error{.code = ErrorCode::cancelled, .message = "stopped while comparing MLPs"};
    if (pair.a.hidden() != pair.b.hidden()) return {};
    const bool with_gate = pair.a.gate.has_value() && pair.b.gate.has_value();
    PROV_TRY(const Matrix units_a, read_units(a, pair.a, norm_a, with_gate));
    PROV_TRY(const Matrix units_b, read_units(b, pair.b, norm_b, with_gate));
    if (pair.a.residual() == pair.b.residual())
      compared[i].order = permutation_test(units_a, units_b);
    if (!compared[i].order || compared[i].order->z < kGeometryBelow)
      compared[i].geometry = gram_agreement(units_a, units_b);
    return {};
  };
  base::parallel_for(pairs.size(), base::worker_count(), [&](std::size_t i) {
    if (auto status = compare(i); !status) errors[i] = std::move(status).error();
  });
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  HiddenAxis axis{std::move(compared), in_a.size(), in_b.size(), 0};
  for (const Candidate& pair : pairs) {
    axis.different_widths +=
        pair.a.hidden() != pair.b.hidden() || pair.a.residual() != pair.b.residual();
  }
  return axis;
}

}  // namespace prov::forensics
