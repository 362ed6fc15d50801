#include "model/unit_strengths.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/try.hpp"

namespace prov::model {
namespace {

void multiply(std::vector<double>& values, const std::vector<double>& factors) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] *= factors[i];
}

/// Ascending positions of the `count` largest values; of equal ones the first.
std::vector<std::uint64_t> largest(std::span<const double> values, std::size_t count) {
  std::vector<std::uint64_t> order(values.size());
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  const std::size_t kept = std::min(count, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(kept),
                            [&](std::uint64_t i, std::uint64_t j) {
                              return values[i] != values[j] ? values[i] > values[j] : i < j;
                            });
  order.resize(kept);
  std::ranges::sort(order);
  return order;
}

/// W_down, [coordinates, units], on its way past: shows it to another visitor and keeps the columns
/// of some units.
class KeptColumns final : public ElementVisitor {
 public:
  KeptColumns(const WeightView& down, std::vector<std::uint64_t> units, ElementVisitor& other)
      : down_(down), units_(std::move(units)), rows_(units_.size(), down.outputs), other_(other) {}

  void visit(std::uint64_t begin, std::span<const float> elements) override {
    other_.visit(begin, elements);
    const std::uint64_t end = begin + elements.size();
    const std::uint64_t first = (std::max(begin, down_.origin) - down_.origin) / down_.stride;
    for (std::uint64_t i = first; i < down_.outputs; ++i) {
      const std::uint64_t line = down_.origin + i * down_.stride;
      if (line >= end) return;
      for (std::size_t u = 0; u < units_.size(); ++u) {
        const std::uint64_t at = line + units_[u];
        if (at >= begin && at < end)
          rows_.row(u)[i] = elements[static_cast<std::size_t>(at - begin)];
      }
    }
  }

  /// The columns of `units` (ascending) as rows; nothing where one was not kept.
  std::optional<numeric::Matrix> rows_of(const std::vector<std::uint64_t>& units) const {
    if (!std::ranges::includes(units_, units)) return std::nullopt;
    numeric::Matrix rows(units.size(), rows_.columns);
    for (std::size_t i = 0; i < units.size(); ++i) {
      const auto place = std::ranges::lower_bound(units_, units[i]) - units_.begin();
      std::ranges::copy(rows_.row(static_cast<std::size_t>(place)), rows.row(i).begin());
    }
    return rows;
  }

 private:
  const WeightView& down_;
  std::vector<std::uint64_t> units_;  // ascending
  numeric::Matrix rows_;
  ElementVisitor& other_;
};

std::vector<double> at(std::span<const double> values, const std::vector<std::uint64_t>& places) {
  std::vector<double> result;
  for (const std::uint64_t place : places) result.push_back(values[place]);
  return result;
}

std::vector<std::uint64_t> all_coordinates(const Mlp& mlp) {
  std::vector<std::uint64_t> coordinates(mlp.residual());
  std::iota(coordinates.begin(), coordinates.end(), std::uint64_t{0});
  return coordinates;
}

/// Reads the MLP once, but for the rows of the chosen units.
Result<StrongestUnits> find_strongest(const Checkpoint& checkpoint, const Mlp& mlp,
                                      std::size_t count, std::size_t kept_elements) {
  PROV_TRY(const UnitStrengths strengths, UnitStrengths::prepare(checkpoint, std::span(&mlp, 1)));
  const auto show = [&](const Tensor& tensor, ElementVisitor& visitor) {
    return visit_elements(checkpoint, tensor, strengths.range_in(tensor), visitor);
  };
  const Tensor& up = *mlp.up.tensor;
  const Tensor& down = *mlp.down.tensor;
  PROV_CHECK(show(up, *strengths.visitor_of(up)));
  if (mlp.gate && mlp.gate->tensor != &up)
    PROV_CHECK(show(*mlp.gate->tensor, *strengths.visitor_of(*mlp.gate->tensor)));
  std::optional<KeptColumns> kept;
  if (!mlp.down.transposed && mlp.down.block == 0 && &down != &up) {
    kept.emplace(mlp.down, largest(strengths.of_readers(0), kept_elements / mlp.residual()),
                 *strengths.visitor_of(down));
    PROV_CHECK(show(down, *kept));
  } else if (&down != &up) {
    PROV_CHECK(show(down, *strengths.visitor_of(down)));
  }
  const std::vector<double> all = strengths.of(0);
  StrongestUnits result{.units = largest(all, count), .strengths = {}, .rows = {}};
  result.strengths = at(all, result.units);
  const std::vector<std::uint64_t> coordinates = all_coordinates(mlp);
  std::optional<numeric::Matrix> down_rows = kept ? kept->rows_of(result.units) : std::nullopt;
  if (!down_rows) {
    PROV_TRY(result.rows, read_units(checkpoint, mlp, result.units, coordinates));
    return result;
  }
  PROV_TRY(result.rows, read_readers(checkpoint, mlp, result.units, coordinates));
  if (mlp.subtracts_mean) numeric::centre_rows(*down_rows);
  result.rows.down = *std::move(down_rows);
  return result;
}

}  // namespace

void UnitStrengths::TensorVisitor::visit(std::uint64_t begin, std::span<const float> elements) {
  for (OutputNorms* view : views) view->visit(begin, elements);
}

void UnitStrengths::add(std::optional<OutputNorms>& norms, const WeightView& view,
                        std::span<const float> gains, bool subtract_mean) {
  norms.emplace(view, gains, subtract_mean);
  std::unique_ptr<TensorVisitor>& visitor = visitors_[view.tensor];
  if (visitor == nullptr) visitor = std::make_unique<TensorVisitor>();
  visitor->views.push_back(&*norms);
}

Result<UnitStrengths> UnitStrengths::prepare(const Checkpoint& checkpoint,
                                             std::span<const Mlp> mlps) {
  UnitStrengths result;
  for (const Mlp& mlp : mlps) {
    if (mlp.norm != nullptr && !result.gains_.contains(mlp.norm)) {
      PROV_TRY(result.gains_[mlp.norm], read_gains(checkpoint, mlp));
    }
    const std::span<const float> gains =
        mlp.norm == nullptr ? std::span<const float>() : result.gains_.at(mlp.norm);
    Parts& parts = *result.parts_.emplace_back(std::make_unique<Parts>());
    if (mlp.gate) result.add(parts.gate, *mlp.gate, gains, mlp.subtracts_mean);
    result.add(parts.up, mlp.up, gains, mlp.subtracts_mean);
    result.add(parts.down, mlp.down.flipped(), {}, mlp.subtracts_mean);
  }
  return result;
}

ElementVisitor* UnitStrengths::visitor_of(const Tensor& tensor) const {
  const auto found = visitors_.find(&tensor);
  return found == visitors_.end() ? nullptr : found->second.get();
}

ElementRange UnitStrengths::range_in(const Tensor& tensor) const {
  const auto found = visitors_.find(&tensor);
  if (found == visitors_.end()) return {};
  std::uint64_t begin = tensor.elements(), end = 0;
  for (const OutputNorms* view : found->second->views) {
    const ElementRange range = view->range();
    begin = std::min(begin, range.begin);
    end = std::max(end, range.begin + range.count);
  }
  return end > begin ? ElementRange{begin, end - begin} : ElementRange{};
}

std::vector<double> UnitStrengths::of_readers(std::size_t index) const {
  const Parts& parts = *parts_[index];
  if (!parts.up->is_complete() || (parts.gate && !parts.gate->is_complete())) return {};
  std::vector<double> strengths = parts.up->norms();
  if (parts.gate) multiply(strengths, parts.gate->norms());
  return strengths;
}

std::vector<double> UnitStrengths::of(std::size_t index) const {
  const Parts& parts = *parts_[index];
  std::vector<double> strengths = of_readers(index);
  if (!parts.down->is_complete()) return {};
  multiply(strengths, parts.down->norms());
  return strengths;
}

Result<StrongestUnits> read_strongest_units(const Checkpoint& checkpoint, const Mlp& mlp,
                                            std::size_t count, std::span<const double> strengths,
                                            std::size_t kept) {
  if (strengths.empty()) return find_strongest(checkpoint, mlp, count, kept);
  StrongestUnits result{.units = largest(strengths, count), .strengths = {}, .rows = {}};
  result.strengths = at(strengths, result.units);
  PROV_TRY(result.rows, read_units(checkpoint, mlp, result.units, all_coordinates(mlp)));
  return result;
}

}  // namespace prov::model
