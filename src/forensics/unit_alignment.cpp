#include "forensics/unit_alignment.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>

#include "base/parallel_for.hpp"
#include "forensics/residual_map.hpp"
#include "numeric/assignment.hpp"
#include "numeric/gemm.hpp"
#include "numeric/main_subspace.hpp"
#include "numeric/orthogonal_factor.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

using numeric::Matrix;

constexpr std::size_t kMostDimensions = 64;
constexpr std::size_t kBasisUnits = 32;  // of each MLP: enough to find the main directions
constexpr int kMostRounds = 8;           // relatives need 7 and less

/// Gate, up and down of one MLP, rows of unit length; without a gate the first is empty.
struct Parts {
  Matrix of[3];
};
using Layers = std::vector<Parts>;

Parts unit_parts(const model::UnitRows& rows) {
  Parts parts{{rows.gate, rows.up, rows.down}};
  for (Matrix& part : parts.of) numeric::normalise_rows(part);
  return parts;
}

double length(std::span<const float> row) { return std::sqrt(numeric::dot(row, row)); }

/// Positions of the units of largest |gate| |up| |down|.
std::vector<std::size_t> strongest(const model::UnitRows& rows) {
  std::vector<double> strengths(rows.up.rows);
  for (std::size_t i = 0; i < strengths.size(); ++i) {
    strengths[i] = length(rows.up.row(i)) * length(rows.down.row(i));
    if (rows.gate.rows > i) strengths[i] *= length(rows.gate.row(i));
  }
  std::vector<std::size_t> order(strengths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return strengths[i]; });
  order.resize(std::min(order.size(), kBasisUnits));
  return order;
}

/// Main directions of the strongest units of the MLPs `read`.
std::optional<Matrix> main_directions(const std::vector<model::UnitRows>& units,
                                      const std::vector<std::size_t>& read, const Layers& layers) {
  Matrix rows(0, layers.front().of[1].columns);
  for (std::size_t i = 0; i < read.size(); ++i) {
    for (const std::size_t unit : strongest(units[read[i]])) {
      for (const Matrix& part : layers[i].of) {
        if (part.rows <= unit) continue;
        rows.values.insert(rows.values.end(), part.row(unit).begin(), part.row(unit).end());
        ++rows.rows;
      }
    }
  }
  // One less than all: a norm that subtracts the mean leaves that direction empty.
  const std::size_t count = std::min(kMostDimensions, rows.columns - 1);
  if (count == 0 || rows.rows < count) return std::nullopt;
  auto found =
      numeric::main_subspace(rows.values, rows.rows, rows.columns, count, base::worker_count());
  if (!found) return std::nullopt;
  Matrix directions(count, rows.columns);
  directions.values = *std::move(found);
  return directions;
}

Layers seen_through(const Layers& layers, const Matrix& from) {
  Layers result(layers.size());
  base::parallel_for(layers.size(), base::worker_count(), [&](std::size_t i) {
    for (std::size_t part = 0; part < 3; ++part) {
      if (layers[i].of[part].rows == 0) continue;
      result[i].of[part] = mapped(layers[i].of[part], from);
      numeric::normalise_rows(result[i].of[part]);
    }
  });
  return result;
}

/// The MLPs `read` of one model, their units of unit length, seen in their own main directions.
std::optional<Layers> in_main_directions(const std::vector<model::UnitRows>& units,
                                         const std::vector<std::size_t>& read) {
  Layers layers;
  for (const std::size_t i : read) layers.push_back(unit_parts(units[i]));
  const std::optional<Matrix> basis = main_directions(units, read, layers);
  if (!basis) return std::nullopt;
  return seen_through(layers, *basis);
}

/// Which part keeps its sign whatever is moved between matrices: the gate, or up without one.
std::size_t signed_part(const Parts& parts) { return parts.of[0].rows > 0 ? 0 : 1; }

/// Sizes of the coordinates, their mean over the units taken out.
Matrix sizes(Matrix part) {
  for (float& value : part.values) value = std::abs(value);
  numeric::centre_columns(part);
  return part;
}

using Partners = std::vector<std::uint32_t>;  // unit of B for each unit of A; a has no more units

/// The assignment of the largest sum of `likeness` over the three parts.
template <class Likeness>
Partners assigned(const Parts& a, const Parts& b, Likeness likeness) {
  Matrix sum(a.of[1].rows, b.of[1].rows);
  for (std::size_t part = 0; part < 3; ++part) {
    if (a.of[part].rows == 0) continue;
    const Matrix scores = likeness(part);
    for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += scores.values[i];
  }
  return numeric::best_assignment(sum.values, sum.rows, sum.columns);
}

Partners guessed(const Parts& a, const Parts& b) {
  return assigned(a, b,
                  [&](std::size_t part) { return mapped(sizes(a.of[part]), sizes(b.of[part])); });
}

/// `turned` is A seen through the map so far.
Partners assigned_again(const Parts& turned, const Parts& b) {
  const std::size_t with_sign = signed_part(turned);
  return assigned(turned, b, [&](std::size_t part) {
    Matrix scores = mapped(turned.of[part], b.of[part]);
    if (part != with_sign) {
      for (float& value : scores.values) value = std::abs(value);
    }
    return scores;
  });
}

/// Matched rows of one layer, appended; `turned` (empty in the first round) tells the signs of the
/// parts that have none of their own, which wait until it is there.
void add_matched(const Parts& a, const Parts& b, const Parts* turned, const Partners& partners,
                 Matrix& rows_a, Matrix& rows_b) {
  const std::size_t with_sign = signed_part(a);
  for (std::size_t part = 0; part < 3; ++part) {
    if (a.of[part].rows == 0 || (part != with_sign && turned == nullptr)) continue;
    for (std::size_t unit = 0; unit < partners.size(); ++unit) {
      const auto row = a.of[part].row(unit), partner = b.of[part].row(partners[unit]);
      const bool mirrored =
          part != with_sign && numeric::dot(turned->of[part].row(unit), partner) < 0;
      for (const float value : row) rows_a.values.push_back(mirrored ? -value : value);
      rows_b.values.insert(rows_b.values.end(), partner.begin(), partner.end());
      ++rows_a.rows;
      ++rows_b.rows;
    }
  }
}

/// The orthogonal map of rows of A onto those of B, as `mapped` takes it.
std::optional<Matrix> procrustes(const Matrix& a, const Matrix& b) {
  const Matrix cross = mapped(numeric::transposed(a), numeric::transposed(b));
  auto factor = numeric::orthogonal_factor(cross.values, a.columns);
  if (!factor) return std::nullopt;
  Matrix turn(a.columns, a.columns);
  turn.values = *std::move(factor);
  return numeric::transposed(turn);
}

/// The map of the layers at places first, first + 2, ...
std::optional<Matrix> fit(const Layers& a, const Layers& b, std::size_t first,
                          const std::stop_token& stop) {
  Layers own, other;
  for (std::size_t i = first; i < a.size(); i += 2) {
    own.push_back(a[i]);
    other.push_back(b[i]);
  }
  std::vector<Partners> partners(own.size());
  base::parallel_for(own.size(), base::worker_count(),
                     [&](std::size_t i) { partners[i] = guessed(own[i], other[i]); });
  std::optional<Matrix> map;
  Layers turned;
  for (int round = 0; round < kMostRounds && !stop.stop_requested(); ++round) {
    const std::size_t dimensions = own.front().of[1].columns;
    Matrix rows_a(0, dimensions), rows_b(0, dimensions);
    for (std::size_t i = 0; i < own.size(); ++i)
      add_matched(own[i], other[i], map ? &turned[i] : nullptr, partners[i], rows_a, rows_b);
    map = procrustes(rows_a, rows_b);
    if (!map) return std::nullopt;
    turned = seen_through(own, *map);
    const std::vector<Partners> before = partners;
    base::parallel_for(own.size(), base::worker_count(),
                       [&](std::size_t i) { partners[i] = assigned_again(turned[i], other[i]); });
    if (round > 0 && partners == before) break;
  }
  return map;
}

bool comparable(const model::UnitRows& a, const model::UnitRows& b) {
  return a.up.rows > 0 && a.up.rows <= b.up.rows && a.up.columns == b.up.columns &&
         a.down.rows == a.up.rows && b.down.rows == b.up.rows && a.down.columns == a.up.columns &&
         b.down.columns == b.up.columns && (a.gate.rows > 0) == (b.gate.rows > 0);
}

UnitAlignment without(std::string why, std::size_t size) {
  return {std::move(why), std::vector<model::UnitRows>(size), std::vector<model::UnitRows>(size)};
}

/// The smaller MLPs first, so that each of their units has a partner; then by values.
bool in_order(const model::UnitRows& a, const model::UnitRows& b) {
  return a.up.rows != b.up.rows ? a.up.rows < b.up.rows : a.up.values <= b.up.values;
}

void put(const Parts& parts, model::UnitRows& rows) {
  rows = {parts.of[0], parts.of[1], parts.of[2]};
}

}  // namespace

UnitAlignment align_units(const std::vector<model::UnitRows>& a,
                          const std::vector<model::UnitRows>& b, const std::stop_token& stop) {
  if (a.size() != b.size()) return without("the models have different numbers of MLPs", 0);
  std::vector<std::size_t> read;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].up.rows > 0 && b[i].up.rows > 0) read.push_back(i);
  }
  if (read.size() < 2) return without("fewer than two MLPs stand at one place", a.size());
  if (!in_order(a[read.front()], b[read.front()])) {
    UnitAlignment alignment = align_units(b, a, stop);  // one order, whichever came first
    std::swap(alignment.a, alignment.b);
    return alignment;
  }
  for (const std::size_t i : read) {
    if (!comparable(a[i], b[i]) || a[i].up.columns != a[read.front()].up.columns)
      return without("the MLPs differ in width or form", a.size());
  }
  std::optional<Layers> seen[2];
  base::parallel_for(2, base::worker_count(), [&](std::size_t side) {
    seen[side] = in_main_directions(side == 0 ? a : b, read);
  });
  if (!seen[0] || !seen[1]) return without("the units have too few main directions", a.size());
  const Layers &seen_a = *seen[0], &seen_b = *seen[1];
  std::optional<Matrix> maps[2];  // of the layers at even places, of those at odd ones
  base::parallel_for(2, base::worker_count(),
                     [&](std::size_t first) { maps[first] = fit(seen_a, seen_b, first, stop); });
  if (!maps[0] || !maps[1])
    return without("no map of the residual stream fits the units", a.size());

  UnitAlignment alignment = without("", a.size());
  const Layers by_even = seen_through(seen_a, *maps[0]), by_odd = seen_through(seen_a, *maps[1]);
  for (std::size_t i = 0; i < read.size(); ++i) {
    put(i % 2 == 0 ? by_odd[i] : by_even[i], alignment.a[read[i]]);
    put(seen_b[i], alignment.b[read[i]]);
  }
  return alignment;
}

}  // namespace prov::forensics
