// Somebody who looks at the elements of a tensor while they go by: several may share one reading.
#pragma once

#include <cstdint>
#include <span>

#include "model/row_reader.hpp"

namespace prov::model {

/// Looks at elements of one tensor in their order. What it finds does not depend on how they are
/// cut, as long as all cuts are at multiples of numeric::kBlock. Not thread-safe.
class ElementVisitor {
 public:
  virtual ~ElementVisitor() = default;

  /// The elements from flat position `begin` on, as f32, NaN and infinities as 0.
  virtual void visit(std::uint64_t begin, std::span<const float> elements) = 0;
};

/// Reads `range` of `tensor`, of `checkpoint`, and shows it to `visitor` piece by piece. Errors:
/// those of reading.
Result<void> visit_elements(const Checkpoint& checkpoint, const Tensor& tensor, ElementRange range,
                            ElementVisitor& visitor);

}  // namespace prov::model
