// The MLPs of a model in canonical form: units described by what they read (gate, up) and write
// (down), with the gains of the norm before them folded in, so that equal functions look equal
// however a file stores them.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <vector>

#include "model/weight_view.hpp"

namespace prov::model {

/// Where an MLP stands. A dense MLP has expert kNoIndex.
struct MlpPlace {
  Tower tower = Tower::text;
  int layer = 0;
  int expert = kNoIndex;
  friend auto operator<=>(const MlpPlace&, const MlpPlace&) = default;
};

/// Gemma 1 to 3 store the gains of their norms minus one.
struct NormConvention {
  bool gain_minus_one = false;
};

/// Points into a Checkpoint, which must outlive it.
struct Mlp {
  MlpPlace place;
  std::optional<WeightView> gate;  // absent in MLPs of two matrices
  WeightView up, down;
  const Tensor* norm = nullptr;  // gains of the norm before it; null if it has none
  bool subtracts_mean = false;   // that norm is a LayerNorm: the mean of a row reads nothing
  NormConvention convention;

  std::uint64_t hidden() const { return up.outputs; }
  std::uint64_t residual() const { return up.inputs; }
};

/// Every MLP whose matrices fit each other, by tower, layer, expert; of the experts of a mixture
/// the first `experts`.
std::vector<Mlp> mlps_of(const Checkpoint& checkpoint, NormConvention convention, int experts);

/// What hidden units read and write: one row a unit, one column a residual coordinate.
struct UnitRows {
  numeric::Matrix gate;  // empty without a gate
  numeric::Matrix up;
  numeric::Matrix down;  // column of W_down of the unit
};

/// The rows of `units` at `coordinates` (both ascending), gains folded into gate and up. Where
/// `coordinates` are all of them and the norm subtracts the mean, the mean of every row is taken
/// out. NaN and infinities count as 0. Errors: those of reading.
Result<UnitRows> read_units(const Checkpoint& checkpoint, const Mlp& mlp,
                            std::span<const std::uint64_t> units,
                            std::span<const std::uint64_t> coordinates);

/// The same without `down`.
Result<UnitRows> read_readers(const Checkpoint& checkpoint, const Mlp& mlp,
                              std::span<const std::uint64_t> units,
                              std::span<const std::uint64_t> coordinates);

/// The gains that are folded into what the MLP reads, one a residual coordinate; all ones without a
/// norm. Errors: those of reading.
Result<std::vector<float>> read_gains(const Checkpoint& checkpoint, const Mlp& mlp);

}  // namespace prov::model
