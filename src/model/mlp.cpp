#include "model/mlp.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/try.hpp"
#include "model/row_reader.hpp"

namespace prov::model {
namespace {

using numeric::Matrix;

const WeightView* find_view(const ViewMap& views, ViewAddress address, RoleKind kind) {
  address.kind = kind;
  const auto found = views.find(address);
  return found == views.end() ? nullptr : &found->second;
}

struct LayerNorms {
  const Tensor* mlp = nullptr;
  const Tensor* attention = nullptr;  // also read by the MLP of a parallel block
  bool mlp_bias = false, attention_bias = false;
};

std::map<std::pair<Tower, int>, LayerNorms> norms_of(const Checkpoint& checkpoint) {
  std::map<std::pair<Tower, int>, LayerNorms> norms;
  for (const Tensor& tensor : checkpoint.tensors) {
    const Role& role = tensor.role;
    const bool weight = role.parameter == Parameter::weight;
    if (role.kind != RoleKind::mlp_norm && role.kind != RoleKind::attention_norm) continue;
    LayerNorms& layer = norms[{role.tower, role.layer}];
    if (role.kind == RoleKind::mlp_norm) {
      weight ? static_cast<void>(layer.mlp = &tensor) : static_cast<void>(layer.mlp_bias = true);
    } else {
      weight ? static_cast<void>(layer.attention = &tensor)
             : static_cast<void>(layer.attention_bias = true);
    }
  }
  return norms;
}

void add_norm(Mlp& mlp, const LayerNorms& norms) {
  const Tensor* gain = norms.mlp != nullptr ? norms.mlp : norms.attention;
  if (gain == nullptr || gain->elements() != mlp.residual()) return;
  mlp.norm = gain;
  mlp.subtracts_mean = norms.mlp != nullptr ? norms.mlp_bias : norms.attention_bias;
}

void scale_columns(Matrix& matrix, std::span<const float> factors) {
  for (std::size_t i = 0; i < matrix.rows; ++i) numeric::multiply(matrix.row(i), factors);
}

}  // namespace

std::vector<Mlp> mlps_of(const Checkpoint& checkpoint, NormConvention convention, int experts) {
  const auto norms = norms_of(checkpoint);
  std::vector<Mlp> mlps;
  const ViewMap views = weight_views(checkpoint, experts);
  for (const auto& [address, down] : views) {
    if (address.kind != RoleKind::down) continue;
    const WeightView* up = find_view(views, address, RoleKind::up);
    if (up == nullptr || up->outputs != down.inputs || up->inputs != down.outputs) continue;
    Mlp mlp{.place = {address.tower, address.layer, address.expert},
            .up = *up,
            .down = down,
            .convention = convention};
    const WeightView* gate = find_view(views, address, RoleKind::gate);
    if (gate != nullptr && gate->outputs == up->outputs && gate->inputs == up->inputs)
      mlp.gate = *gate;
    const auto found = norms.find({address.tower, address.layer});
    if (found != norms.end()) add_norm(mlp, found->second);
    mlps.push_back(mlp);
  }
  std::ranges::sort(mlps, {}, &Mlp::place);
  return mlps;
}

Result<UnitRows> read_readers(const Checkpoint& checkpoint, const Mlp& mlp,
                              std::span<const std::uint64_t> units,
                              std::span<const std::uint64_t> coordinates) {
  PROV_TRY(const std::vector<float> all_gains, read_gains(checkpoint, mlp));
  std::vector<float> gains;
  for (std::uint64_t coordinate : coordinates) gains.push_back(all_gains[coordinate]);
  UnitRows rows;
  if (mlp.gate) {
    PROV_TRY(rows.gate, read_block(checkpoint, *mlp.gate, units, coordinates));
    scale_columns(rows.gate, gains);
  }
  PROV_TRY(rows.up, read_block(checkpoint, mlp.up, units, coordinates));
  scale_columns(rows.up, gains);
  if (mlp.subtracts_mean && coordinates.size() == mlp.residual()) {
    numeric::centre_rows(rows.gate);
    numeric::centre_rows(rows.up);
  }
  return rows;
}

Result<UnitRows> read_units(const Checkpoint& checkpoint, const Mlp& mlp,
                            std::span<const std::uint64_t> units,
                            std::span<const std::uint64_t> coordinates) {
  PROV_TRY(UnitRows rows, read_readers(checkpoint, mlp, units, coordinates));
  PROV_TRY(rows.down, read_block(checkpoint, mlp.down.flipped(), units, coordinates));
  if (mlp.subtracts_mean && coordinates.size() == mlp.residual()) numeric::centre_rows(rows.down);
  return rows;
}

Result<std::vector<float>> read_gains(const Checkpoint& checkpoint, const Mlp& mlp) {
  std::vector<float> gains(mlp.residual(), 1.0F);
  if (mlp.norm == nullptr) return gains;
  PROV_CHECK(RowReader(checkpoint, *mlp.norm).read_elements(0, gains));
  numeric::clear_non_finite(gains);
  if (mlp.convention.gain_minus_one) {
    for (float& gain : gains) gain += 1.0F;
  }
  return gains;
}

}  // namespace prov::model
