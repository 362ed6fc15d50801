#include "forensics/unit_match.hpp"

#include <cmath>
#include <span>
#include <utility>

#include "numeric/assignment.hpp"
#include "numeric/gemm.hpp"

namespace prov::forensics {
namespace {

/// Cosines of all rows; without sign if asked.
numeric::Matrix cosines(const numeric::Matrix& a, const numeric::Matrix& b, bool with_sign) {
  numeric::Matrix result(a.rows, b.rows);
  numeric::multiply_by_transpose(a.values, a.rows, b.values, b.rows, a.columns, result.values);
  if (!with_sign) {
    for (float& value : result.values) value = std::abs(value);
  }
  return result;
}

struct Assignment {
  std::vector<std::uint32_t> partner;
  double cosine = 0;  // mean of the matched pairs
};

/// a.rows <= b.rows.
Assignment assign(const numeric::Matrix& a, const numeric::Matrix& b, bool with_sign) {
  const numeric::Matrix scores = cosines(a, b, with_sign);
  Assignment result{numeric::best_assignment(scores.values, scores.rows, scores.columns), 0};
  for (std::size_t i = 0; i < scores.rows; ++i)
    result.cosine += static_cast<double>(scores.row(i)[result.partner[i]]);
  if (scores.rows > 0) result.cosine /= static_cast<double>(scores.rows);
  return result;
}

bool comparable(const numeric::Matrix& a, const numeric::Matrix& b) {
  return a.rows > 0 && b.rows > 0 && a.columns == b.columns && a.columns > 0;
}

/// The unit that two of the assignments name.
std::uint32_t agreed(std::span<const Assignment> assignments, std::size_t unit) {
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    for (std::size_t j = i + 1; j < assignments.size(); ++j) {
      if (assignments[i].partner[unit] == assignments[j].partner[unit])
        return assignments[i].partner[unit];
    }
  }
  return kNoPartner;
}

UnitMatch turned_around(const UnitMatch& match, std::size_t units_of_a) {
  UnitMatch result = match;
  result.partner.assign(units_of_a, kNoPartner);
  for (std::size_t i = 0; i < match.partner.size(); ++i) {
    if (match.partner[i] != kNoPartner)
      result.partner[match.partner[i]] = static_cast<std::uint32_t>(i);
  }
  return result;
}

}  // namespace

model::UnitRows unit_directions(model::UnitRows rows) {
  for (numeric::Matrix* part : {&rows.gate, &rows.up, &rows.down}) numeric::normalise_rows(*part);
  return rows;
}

UnitMatch match_units(const model::UnitRows& a, const model::UnitRows& b) {
  if (!comparable(a.up, b.up) || !comparable(a.down, b.down)) return {};
  // One order of the two, whichever came first: sums and ties must not depend on it.
  if (a.up.rows != b.up.rows ? a.up.rows > b.up.rows : b.up.values < a.up.values)
    return turned_around(match_units(b, a), a.up.rows);
  const bool gated = comparable(a.gate, b.gate);
  std::vector<Assignment> assignments;
  if (gated) assignments.push_back(assign(a.gate, b.gate, true));
  assignments.push_back(assign(a.up, b.up, !gated));
  assignments.push_back(assign(a.down, b.down, false));
  UnitMatch match{
      .units = a.up.rows, .expected = gated ? 3U : 1U, .cosine = assignments.front().cosine};
  for (std::size_t unit = 0; unit < match.units; ++unit) {
    match.partner.push_back(agreed(assignments, unit));
    match.agreeing += match.partner.back() != kNoPartner;
  }
  return match;
}

}  // namespace prov::forensics
