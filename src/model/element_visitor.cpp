#include "model/element_visitor.hpp"

#include <algorithm>
#include <vector>

#include "base/try.hpp"
#include "numeric/kernels/kernels.hpp"
#include "numeric/matrix.hpp"

namespace prov::model {
namespace {

constexpr std::uint64_t kPiece = std::uint64_t{1} << 16;       // elements; stays in the cache
constexpr std::uint64_t kAskedAhead = std::uint64_t{1} << 23;  // of a remote file,
constexpr std::uint64_t kAskedPart = std::uint64_t{1} << 20;   // in parts of so many
static_assert(kPiece % numeric::kBlock == 0 && kAskedPart % kPiece == 0);

void ask_for(const RowReader& reader, std::uint64_t begin, std::uint64_t end) {
  std::vector<ElementRange> parts;
  while (begin < end) {
    const std::uint64_t part_end = std::min(end, (begin / kAskedPart + 1) * kAskedPart);
    parts.push_back({begin, part_end - begin});
    begin = part_end;
  }
  reader.expect(parts);
}

}  // namespace

Result<void> visit_elements(const Checkpoint& checkpoint, const Tensor& tensor, ElementRange range,
                            ElementVisitor& visitor) {
  RowReader reader(checkpoint, tensor);
  std::vector<float> buffer;
  const std::uint64_t end = range.begin + range.count;
  for (std::uint64_t begin = range.begin, asked = begin; begin < end;) {
    if (begin == asked) {
      asked = std::min(end, (begin / kAskedAhead + 1) * kAskedAhead);
      ask_for(reader, begin, asked);
    }
    const std::uint64_t piece_end = std::min(end, (begin / kPiece + 1) * kPiece);
    buffer.resize(static_cast<std::size_t>(piece_end - begin));
    PROV_CHECK(reader.read_elements(begin, buffer));
    numeric::clear_non_finite(buffer);
    visitor.visit(begin, buffer);
    begin = piece_end;
  }
  return {};
}

}  // namespace prov::model
