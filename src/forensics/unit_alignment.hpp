// The residual stream of one model laid over that of another by the hidden units alone: for copies
// whose stream was rotated, whose units were permuted and whose embeddings are new, so that neither
// coordinates nor places nor tokens are left to compare by.
//
// The main directions of what all strong units read and write turn with the stream. The size of a
// unit's part along each of them is therefore the same before and after, whatever the turn, the
// order of the units and the signs of the directions: it gives a first guess of who is who. From
// that guess follows an orthogonal map (Procrustes), from the map a better assignment, and so on
// until nothing changes (iterative closest point; Besl and McKay 1992).
//
// A map fitted to units makes these units alike; that is no evidence. So the layers at even places
// are seen through the map of the odd ones and the odd ones through that of the even ones: what a
// layer shows (unit_match.hpp), it had no part in.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "model/mlp.hpp"

namespace prov::forensics {

struct UnitAlignment {
  std::string missing;  // why there is none; empty otherwise
  /// Rows of each MLP in at most 64 shared dimensions. Empty matrices where `missing`.
  std::vector<model::UnitRows> a, b;
};

/// a[i] and b[i] are whole rows of strong units of MLPs at one place, which are taken to answer
/// each other; the number and the order of the units within are free. Takes two MLPs of one width
/// that were read; entries without rows are passed over. Exactly symmetric. Deterministic.
/// Cancelled: `missing`.
UnitAlignment align_units(const std::vector<model::UnitRows>& a,
                          const std::vector<model::UnitRows>& b, const std::stop_token& stop);

}  // namespace prov::forensics
