#include "fingerprint/fingerprint_fields.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "fingerprint/exact_hashes.hpp"
#include "fingerprint/neuron_responses.hpp"
#include "fingerprint/neuron_words.hpp"

namespace prov::fingerprint {
namespace {

using Problem = std::optional<std::string>;

constexpr std::size_t kMostSampleRows = 64;
constexpr std::size_t kMostSampleColumns = 192;
constexpr std::size_t kMostAngles = angles_of(128);

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

bool is_set(const std::vector<std::uint64_t>& numbers) {
  return std::ranges::adjacent_find(numbers, std::ranges::greater_equal()) == numbers.end();
}

/// Hands out a vector from its beginning, never beyond its end.
template <class T>
class Taker {
 public:
  explicit Taker(const std::vector<T>& from) : from_(from) {}

  bool take(std::size_t count, std::vector<T>& to) {
    if (count > from_.size() - at_) return false;
    const auto begin = from_.begin() + static_cast<std::ptrdiff_t>(at_);
    to.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    at_ += count;
    return true;
  }
  bool done() const { return at_ == from_.size(); }

 private:
  const std::vector<T>& from_;
  std::size_t at_ = 0;
};

/// The rows of one kind of all MLPs, or samples.
class RowTaker {
 public:
  RowTaker(const std::vector<float>& scales, const std::vector<std::int8_t>& codes)
      : scales_(scales), codes_(codes) {}

  bool take(std::size_t rows, std::size_t columns, QuantisedRows& to) {
    to.columns = columns;
    const auto is_scale = [](float scale) {
      return scale == 0 ? !std::signbit(scale) : std::isnormal(scale) && scale > 0;
    };
    return scales_.take(rows, to.scales) && codes_.take(rows * columns, to.codes) &&
           std::ranges::all_of(to.scales, is_scale) &&
           std::ranges::none_of(to.codes, [](std::int8_t code) { return code == -128; });
  }
  bool done() const { return scales_.done() && codes_.done(); }

 private:
  Taker<float> scales_;
  Taker<std::int8_t> codes_;
};

constexpr std::int32_t kLastTower = static_cast<std::int32_t>(model::Tower::speculative);

Problem restore_place(std::span<const std::int32_t> numbers, model::MlpPlace& place) {
  if (numbers[0] < 0 || numbers[0] > kLastTower) return "a tower that does not exist";
  if (numbers[1] < 0 || numbers[2] < model::kAllExperts) return "a layer or expert below 0";
  place = {static_cast<model::Tower>(numbers[0]), numbers[1], numbers[2]};
  return {};
}

bool within(std::int32_t number, std::size_t most) {
  return number >= 0 && static_cast<std::size_t>(number) <= most;
}

Problem restore_mlps(const StandardFields& fields, Standard& to) {
  const std::size_t count = fields.mlps.size() / StandardFields::kMlpNumbers;
  if (count > kStandardMlps) return "more MLPs than a fingerprint has";
  Taker<std::uint32_t> units(fields.units);
  RowTaker gate(fields.gate_scales, fields.gate), up(fields.up_scales, fields.up),
      down(fields.down_scales, fields.down);
  const std::size_t tokens = fields.tokens.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto numbers = std::span(fields.mlps)
                             .subspan(i * StandardFields::kMlpNumbers, StandardFields::kMlpNumbers);
    UnitResponses mlp;
    if (Problem problem = restore_place(numbers, mlp.place)) return problem;
    if (!within(numbers[3], kStrongestUnits) || !within(numbers[4], 1) || numbers[3] == 0)
      return "numbers of units that an MLP cannot have";
    const auto rows = static_cast<std::size_t>(numbers[3]);
    const bool gated = numbers[4] == 1;
    if (!units.take(rows, mlp.units) ||
        !gate.take(gated ? rows : 0, gated ? tokens : 0, mlp.gate) ||
        !up.take(rows, tokens, mlp.up) || !down.take(rows, tokens, mlp.down))
      return "fewer or other numbers than the units need";
    to.mlps.push_back(std::move(mlp));
  }
  if (!units.done() || !gate.done() || !up.done() || !down.done())
    return "more numbers than the units need";
  const auto in_order = [](const auto& a, const auto& b) { return a.place >= b.place; };
  if (std::ranges::adjacent_find(to.mlps, in_order) != to.mlps.end())
    return "MLPs that are not in order";
  return {};
}

Problem restore_samples(const StandardFields& fields, Standard& to) {
  const std::size_t count = fields.samples.size() / StandardFields::kSampleNumbers;
  if (count > kDepths || fields.sample_sizes.size() != 2 * count)
    return "more samples than a fingerprint has, or sizes without a sample";
  RowTaker rows(fields.row_scales, fields.rows), angles(fields.angle_scales, fields.angles);
  for (std::size_t i = 0; i < count; ++i) {
    const auto numbers =
        std::span(fields.samples)
            .subspan(i * StandardFields::kSampleNumbers, StandardFields::kSampleNumbers);
    UnitSample sample;
    if (Problem problem = restore_place(numbers, sample.place)) return problem;
    sample.hidden = fields.sample_sizes[2 * i];
    sample.residual = fields.sample_sizes[2 * i + 1];
    if (!within(numbers[3], kMostSampleRows) || !within(numbers[4], kMostSampleColumns) ||
        !within(numbers[5], kMostAngles) || !within(numbers[6], 1))
      return "sizes that a sample cannot have";
    const auto measured = static_cast<std::size_t>(numbers[5]);
    sample.gated = numbers[6] == 1;
    if ((measured > 0 && units_of_angles(measured) == 0) ||
        !rows.take(static_cast<std::size_t>(numbers[3]), static_cast<std::size_t>(numbers[4]),
                   sample.rows) ||
        !angles.take(1, measured, sample.angles))
      return "fewer or other numbers than the samples need";
    to.samples.push_back(std::move(sample));
  }
  if (!rows.done() || !angles.done()) return "more numbers than the samples need";
  const auto in_order = [](const auto& a, const auto& b) { return a.place >= b.place; };
  if (std::ranges::adjacent_find(to.samples, in_order) != to.samples.end())
    return "samples that are not in order";
  return {};
}

void add_place(std::vector<std::int32_t>& to, const model::MlpPlace& place) {
  append(to, {static_cast<std::int32_t>(place.tower), place.layer, place.expert});
}

}  // namespace

SketchFields fields_of(const Sketch& sketch) {
  return {.weights = {sketch.weights.high, sketch.weights.low},
          .words = sketch.words,
          .tensor_hashes = sketch.tensor_hashes,
          .positional = {sketch.positional.begin(), sketch.positional.end()},
          .hidden_axis = {sketch.hidden_axis.begin(), sketch.hidden_axis.end()}};
}

StandardFields fields_of(const Standard& standard) {
  StandardFields fields;
  fields.tokens = standard.tokens;
  for (const UnitResponses& mlp : standard.mlps) {
    add_place(fields.mlps, mlp.place);
    append(fields.mlps, {static_cast<std::int32_t>(mlp.units.size()), mlp.gate.rows() > 0});
    append(fields.units, mlp.units);
    append(fields.gate_scales, mlp.gate.scales);
    append(fields.up_scales, mlp.up.scales);
    append(fields.down_scales, mlp.down.scales);
    append(fields.gate, mlp.gate.codes);
    append(fields.up, mlp.up.codes);
    append(fields.down, mlp.down.codes);
  }
  for (const UnitSample& sample : standard.samples) {
    add_place(fields.samples, sample.place);
    append(fields.samples, {static_cast<std::int32_t>(sample.rows.rows()),
                            static_cast<std::int32_t>(sample.rows.columns),
                            static_cast<std::int32_t>(sample.angles.columns), sample.gated});
    append(fields.sample_sizes, {sample.hidden, sample.residual});
    append(fields.row_scales, sample.rows.scales);
    append(fields.rows, sample.rows.codes);
    append(fields.angle_scales, sample.angles.scales);
    append(fields.angles, sample.angles.codes);
  }
  return fields;
}

std::optional<std::string> restore(const SketchFields& fields, Sketch& to) {
  if (fields.weights.size() != 2 || fields.positional.size() != kCodeWords ||
      fields.hidden_axis.size() != kCodeWords)
    return "a code or a hash of another length";
  if (fields.words.size() > kMostWords || !is_set(fields.words))
    return "words that are no set, or too many";
  if (fields.tensor_hashes.size() > kMostTensorHashes || !is_set(fields.tensor_hashes))
    return "tensor hashes that are no set, or too many";
  to.weights = {fields.weights[0], fields.weights[1]};
  to.words = fields.words;
  to.tensor_hashes = fields.tensor_hashes;
  std::ranges::copy(fields.positional, to.positional.begin());
  std::ranges::copy(fields.hidden_axis, to.hidden_axis.begin());
  return {};
}

std::optional<std::string> restore(const StandardFields& fields, Standard& to) {
  if (fields.tokens.size() > kStandardTokens || !is_set(fields.tokens))
    return "tokens that are no set, or too many";
  if (fields.tokens.empty() != fields.mlps.empty()) return "tokens without MLPs, or the reverse";
  to.tokens = fields.tokens;
  if (Problem problem = restore_mlps(fields, to)) return problem;
  return restore_samples(fields, to);
}

}  // namespace prov::fingerprint
