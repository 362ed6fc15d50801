#include "fingerprint/unit_geometry.hpp"

#include <numeric>
#include <utility>

#include "base/try.hpp"
#include "forensics/sampling.hpp"
#include "numeric/sums.hpp"

namespace prov::fingerprint {
namespace {

using numeric::Matrix;

constexpr forensics::AxisSample kOrderUnits{64, 16};
constexpr forensics::AxisSample kOrderCoordinates{64, 16};
constexpr forensics::AxisSample kGeometryUnits{128, 32};

Matrix joined(std::vector<Matrix> blocks) {
  for (Matrix& block : blocks) numeric::normalise_rows(block);
  return numeric::side_by_side(blocks);
}

QuantisedRows upper_triangle(const forensics::CentredGram& gram) {
  Matrix row(1, gram.units < 2 ? 0 : angles_of(gram.units));
  std::size_t at = 0;
  for (std::size_t i = 0; i < gram.units; ++i) {
    for (std::size_t j = i + 1; j < gram.units; ++j)
      row.values[at++] = gram.values[i * gram.units + j];
  }
  return quantise_rows(row);
}

}  // namespace

Result<UnitSample> read_unit_sample(const model::Checkpoint& checkpoint, const model::Mlp& mlp) {
  UnitSample sample{.place = mlp.place,
                    .hidden = mlp.hidden(),
                    .residual = mlp.residual(),
                    .gated = mlp.gate.has_value(),
                    .rows = {},
                    .angles = {}};
  const auto units = forensics::sampled_positions(mlp.hidden(), kOrderUnits);
  const auto coordinates = forensics::sampled_positions(mlp.residual(), kOrderCoordinates);
  PROV_TRY(model::UnitRows ordered, model::read_units(checkpoint, mlp, units, coordinates));
  std::vector<Matrix> blocks;
  if (sample.gated) blocks.push_back(std::move(ordered.gate));
  blocks.push_back(std::move(ordered.up));
  blocks.push_back(std::move(ordered.down));
  sample.rows = quantise_rows(joined(std::move(blocks)));

  const auto measured = forensics::sampled_positions(mlp.hidden(), kGeometryUnits);
  std::vector<std::uint64_t> whole(mlp.residual());
  std::iota(whole.begin(), whole.end(), std::uint64_t{0});
  PROV_TRY(model::UnitRows readers, model::read_readers(checkpoint, mlp, measured, whole));
  blocks.clear();
  if (sample.gated) blocks.push_back(std::move(readers.gate));
  blocks.push_back(std::move(readers.up));
  sample.angles = upper_triangle(forensics::centred_gram(joined(std::move(blocks))));
  return sample;
}

std::size_t units_of_angles(std::size_t angles) {
  std::size_t units = 2;
  while (angles_of(units) < angles) ++units;
  return angles_of(units) == angles ? units : 0;
}

forensics::CentredGram gram_of(const UnitSample& sample) {
  forensics::CentredGram gram;
  if (sample.angles.rows() != 1) return gram;
  const std::size_t n = units_of_angles(sample.angles.columns);
  const Matrix row = restore_rows(sample.angles);
  gram.units = n;
  gram.values.resize(n * n);
  std::size_t at = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j)
      gram.values[i * n + j] = gram.values[j * n + i] = row.values[at++];
  }
  gram.norm2 = numeric::dot(gram.values, gram.values);
  return gram;
}

}  // namespace prov::fingerprint
