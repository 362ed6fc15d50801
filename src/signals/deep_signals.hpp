// The weight signals of a model as the published kit's archive keeps them: one row a number.
// Source: specification of the kit, section 9.4.
//
//   eas_self_sim      row, column (none: 0): a square matrix as large as its largest row; what is
//                     not there is 0
//   nlf_vector, lep_profile, end_histogram
//                     in the order of row
//   wvc_layer_sigs    by layer, in the order of row; without a layer it does not count
//
// Other names are ignored.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "provenancekit/result.hpp"
#include "signals/deep_signal_row.hpp"
#include "signals/kit_bundle.hpp"
#include "signals/weight_signals.hpp"

namespace prov::signals {

class DeepSignals {
 public:
  /// `name` is for messages.
  explicit DeepSignals(std::string name) : name_(std::move(name)) {}

  /// Errors: malformed for a number that is not finite, a negative or too large place; too_large
  /// for more than 2^24 numbers.
  Result<void> add(const DeepSignalRow& row);

  /// What the rows and the bundle of the model say together. A signal that is not there, or cannot
  /// be one, says why. Error malformed for a column outside the matrix.
  Result<WeightSignals> finish(const KitBundle& bundle) &&;

 private:
  struct Number {
    std::int64_t place = 0;
    float value = 0;
  };
  using Numbers = std::vector<Number>;

  Result<EasRecord> eas() const;
  Error malformed(std::string message, std::string field) const;

  std::string name_;
  std::size_t count_ = 0;
  std::map<std::pair<std::int64_t, std::int64_t>, float> cells_;
  Numbers nlf_, lep_, end_;
  std::map<std::uint32_t, Numbers> layers_;
};

}  // namespace prov::signals
