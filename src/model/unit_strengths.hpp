// The strength of a hidden unit: ||gate|| * ||up|| * ||down||, gains folded in. A permutation or
// rotation of the residual stream does not change it, nor does moving scale between up and down;
// a permutation of the units carries it along.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/mlp.hpp"
#include "model/output_norms.hpp"

namespace prov::model {

/// The strengths of the units of many MLPs, from one reading of their tensors by somebody else.
/// Different tensors may be shown by different threads.
class UnitStrengths {
 public:
  /// `checkpoint` and what `mlps` point to must outlive it. Reads the gains of their norms. Memory:
  /// 24 bytes a unit. Errors: those of reading.
  static Result<UnitStrengths> prepare(const Checkpoint& checkpoint, std::span<const Mlp> mlps);

  /// Who must see the elements of `tensor`; null if nobody.
  ElementVisitor* visitor_of(const Tensor& tensor) const;
  /// What of `tensor` the MLPs are made of: nothing else need be shown.
  ElementRange range_in(const Tensor& tensor) const;

  /// ||gate|| * ||up|| of each unit of MLP `index`, in double; ||up|| without a gate.
  std::vector<double> of_readers(std::size_t index) const;
  /// The strength of each; empty where not all elements were shown.
  std::vector<double> of(std::size_t index) const;

 private:
  struct Parts {
    std::optional<OutputNorms> gate, up, down;
  };
  /// Shows a tensor to all that is made of it.
  class TensorVisitor final : public ElementVisitor {
   public:
    void visit(std::uint64_t begin, std::span<const float> elements) override;
    std::vector<OutputNorms*> views;
  };

  void add(std::optional<OutputNorms>& norms, const WeightView& view, std::span<const float> gains,
           bool subtract_mean);

  std::vector<std::unique_ptr<Parts>> parts_;  // one an MLP; visitors point into them
  std::map<const Tensor*, std::unique_ptr<TensorVisitor>> visitors_;
  std::map<const Tensor*, std::vector<float>> gains_;  // by norm; layers of experts share theirs
};

/// The units of largest strength.
struct StrongestUnits {
  std::vector<std::uint64_t> units;  // positions, ascending
  std::vector<double> strengths;     // theirs
  UnitRows rows;                     // theirs, at all residual coordinates
};

/// Elements of W_down that are kept while it goes by: which of its columns belong to the strongest
/// units is known at its end.
inline constexpr std::size_t kKeptElements = std::size_t{1} << 21;

/// At most `count`, the lower position on ties. `strengths` of all units, if they are known (else
/// empty: then the whole MLP is read, and W_down once more where the columns of the strongest units
/// are not among the `kept` elements). Errors: those of reading.
Result<StrongestUnits> read_strongest_units(const Checkpoint& checkpoint, const Mlp& mlp,
                                            std::size_t count,
                                            std::span<const double> strengths = {},
                                            std::size_t kept = kKeptElements);

}  // namespace prov::model
