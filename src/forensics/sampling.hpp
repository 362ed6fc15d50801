// Which rows of a matrix stand for all of it.
#pragma once

#include <cstdint>
#include <vector>

namespace prov::forensics {

/// Positions of an axis, ascending: contiguous runs, so that few reads fetch them, spread evenly
/// from the first position to the last, so that no part of the axis goes unseen.
struct AxisSample {
  std::uint64_t wanted;      // how many positions
  std::uint64_t run_length;  // positions in a run, >= 1
};

/// All of [0, size) if it holds no more than `wanted`. A pure function of its arguments: axes of
/// equal size are sampled at equal places, whatever the file, shard layout or dtype. Run k of r
/// begins at floor(k (size - run_length) / (r - 1)).
std::vector<std::uint64_t> sampled_positions(std::uint64_t size, AxisSample sample);

}  // namespace prov::forensics
