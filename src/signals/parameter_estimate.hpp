// How many parameters a configuration asks for, and the size class that the published kit makes of
// it. Source: specification of the kit, section 8.2.
#pragma once

#include <array>
#include <string_view>

#include "signals/mfi.hpp"

namespace prov::signals {

/// The kit's estimate, made of the dimensions alone: mixtures count one expert, and models whose
/// dimensions the kit does not read come out far too small. Counted tensors are the truth.
/// Thread-safe.
double estimated_parameters(const MfiRecord& mfi);

/// Ascending; limits at 1e9, 1e10 and 4e10 parameters.
inline constexpr std::array<std::string_view, 4> kParameterBuckets = {"<=1B", "1-10B", "10-40B",
                                                                      "40B+"};

/// One of kParameterBuckets.
std::string_view parameter_bucket(double parameters);

/// True for equal and for neighbouring buckets; false where one is none of them.
bool are_near_buckets(std::string_view a, std::string_view b);

}  // namespace prov::signals
