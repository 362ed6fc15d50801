#include "model/element_visitor.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/try.hpp"
#include "numeric/kernels/kernels.hpp"
#include "numeric/matrix.hpp"

namespace prov::model {
namespace {

constexpr std::uint64_t kPiece = std::uint64_t{1} << 16;  // elements; stays in the cache
constexpr std::uint64_t kAskedAhead = std::uint64_t{1} << 20;  // of a remote file
static_assert(kPiece % numeric::kBlock == 0 && kAskedAhead % kPiece == 0);

}  // namespace

Result<void> visit_elements(const Checkpoint& checkpoint, const Tensor& tensor, ElementRange range,
                            ElementVisitor& visitor) {
  RowReader reader(checkpoint, tensor);
  std::vector<float> buffer;
  const std::uint64_t end = range.begin + range.count;
  for (std::uint64_t begin = range.begin, asked = begin; begin < end;) {
    if (begin == asked) {
      asked = std::min(end, (begin / kAskedAhead + 1) * kAskedAhead);
      reader.expect(std::array{ElementRange{begin, asked - begin}});
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
