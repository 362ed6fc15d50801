#include "model/mlp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "base/try.hpp"
#include "model/row_reader.hpp"
#include "numeric/sums.hpp"

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

/// One a residual coordinate; all ones without a norm.
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

void scale_columns(Matrix& matrix, std::span<const float> factors) {
  for (std::size_t i = 0; i < matrix.rows; ++i) numeric::multiply(matrix.row(i), factors);
}

/// ||row|| of every output, inputs weighted by `gains` (empty: ones), row means taken out if asked.
/// Streams the stored rows in their order.
Result<std::vector<double>> output_norms(const Checkpoint& checkpoint, const WeightView& view,
                                         std::span<const float> gains, bool subtract_mean) {
  constexpr std::uint64_t kBufferElements = std::uint64_t{1} << 16;  // stays in the cache
  const std::uint64_t lines = view.transposed ? view.inputs : view.outputs;
  const std::uint64_t width = view.transposed ? view.stored_row(view.outputs - 1) + 1 : view.inputs;
  std::vector<double> squares(view.outputs, 0), sums(subtract_mean ? view.outputs : 0, 0);
  std::vector<float> buffer;
  RowReader reader(checkpoint, *view.tensor);
  const auto square_of = [&](std::span<const float> row) {
    return gains.empty() ? numeric::dot(row, row) : numeric::scaled_square_sum(row, gains);
  };
  const auto add_output = [&](std::uint64_t output, std::span<float> row) {
    squares[output] = square_of(row);
    if (!std::isfinite(squares[output]) && numeric::clear_non_finite(row) > 0)
      squares[output] = square_of(row);
    if (!subtract_mean) return;
    if (!gains.empty()) numeric::multiply(row, gains);
    sums[output] = std::accumulate(row.begin(), row.end(), 0.0, [](double sum, float value) {
      return sum + static_cast<double>(value);
    });
  };
  const auto add_input = [&](std::uint64_t input, std::span<const float> line) {
    const double gain = gains.empty() ? 1.0 : static_cast<double>(gains[input]);
    numeric::add_each_square(line, gain, squares);
    if (!subtract_mean) return;
    for (std::size_t o = 0; o < line.size(); ++o) sums[o] += gain * static_cast<double>(line[o]);
  };
  const std::uint64_t batch = std::max<std::uint64_t>(1, kBufferElements / view.stride);
  constexpr std::uint64_t kAskedAhead = std::uint64_t{1} << 20;  // elements; of a remote file
  const std::uint64_t ahead =
      batch * std::max<std::uint64_t>(1, kAskedAhead / (batch * view.stride));
  for (std::uint64_t begin = 0; begin < lines; begin += batch) {
    if (begin % ahead == 0) {
      const std::uint64_t asked = std::min(ahead, lines - begin);
      reader.expect(std::array{
          ElementRange{view.origin + begin * view.stride, (asked - 1) * view.stride + width}});
    }
    const std::uint64_t count = std::min(batch, lines - begin);
    buffer.resize((count - 1) * view.stride + width);
    PROV_CHECK(reader.read_elements(view.origin + begin * view.stride, buffer));
    numeric::clear_non_finite(buffer);
    for (std::uint64_t i = 0; i < count; ++i) {
      std::span<float> line = std::span(buffer).subspan(i * view.stride, width);
      if (view.transposed && view.block > 0) {  // what stands between the outputs is another part
        for (std::uint64_t o = 0; o < view.outputs; ++o) line[o] = line[view.stored_row(o)];
        line = line.first(static_cast<std::size_t>(view.outputs));
      }
      view.transposed ? add_input(begin + i, line) : add_output(begin + i, line);
    }
  }
  for (std::size_t o = 0; o < squares.size(); ++o) {
    double square = squares[o];
    if (subtract_mean) square -= sums[o] * sums[o] / static_cast<double>(view.inputs);
    squares[o] = std::sqrt(std::max(square, 0.0));
  }
  return squares;
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

Result<std::vector<double>> unit_strengths(const Checkpoint& checkpoint, const Mlp& mlp) {
  PROV_TRY(const std::vector<float> gains, read_gains(checkpoint, mlp));
  PROV_TRY(std::vector<double> strengths,
           output_norms(checkpoint, mlp.up, gains, mlp.subtracts_mean));
  const auto multiply_by = [&](const std::vector<double>& norms) {
    for (std::size_t i = 0; i < strengths.size(); ++i) strengths[i] *= norms[i];
  };
  PROV_TRY(const std::vector<double> down,
           output_norms(checkpoint, mlp.down.flipped(), {}, mlp.subtracts_mean));
  multiply_by(down);
  if (mlp.gate) {
    PROV_TRY(const std::vector<double> gate,
             output_norms(checkpoint, *mlp.gate, gains, mlp.subtracts_mean));
    multiply_by(gate);
  }
  return strengths;
}

}  // namespace prov::model
