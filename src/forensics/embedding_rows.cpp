#include "forensics/embedding_rows.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "model/row_reader.hpp"

namespace prov::forensics {
namespace {

using model::RoleKind;
using numeric::Matrix;

const model::Tensor* find_weight(const model::Checkpoint& checkpoint, RoleKind kind) {
  for (const model::Tensor& tensor : checkpoint.tensors) {
    if (tensor.role.kind == kind && tensor.role.parameter == model::Parameter::weight &&
        tensor.role.tower != model::Tower::speculative && tensor.role.layer < 0)
      return &tensor;
  }
  return nullptr;
}

}  // namespace

Result<Matrix> read_embedding_rows(const model::Checkpoint& checkpoint, const model::Tensor& tensor,
                                   const std::vector<std::uint32_t>& ids) {
  Matrix result(ids.size(), tensor.row_elements());
  constexpr std::size_t kAtOnce = 256;
  std::vector<model::ElementRange> rows;
  for (std::uint32_t id : ids) rows.push_back({id * tensor.row_elements(), tensor.row_elements()});
  model::RowReader(checkpoint, tensor).expect(rows);
  std::vector<Result<void>> parts((ids.size() + kAtOnce - 1) / kAtOnce);
  base::parallel_for(parts.size(), base::worker_count(), [&](std::size_t part) {
    model::RowReader reader(checkpoint, tensor);
    const std::size_t end = std::min((part + 1) * kAtOnce, ids.size());
    for (std::size_t i = part * kAtOnce; i < end && parts[part]; ++i)
      parts[part] = reader.read_rows(ids[i], 1, result.row(i));
  });
  for (Result<void>& part : parts) PROV_CHECK(std::move(part));
  numeric::clear_non_finite(result.values);
  return result;
}

Result<Matrix> read_head_rows(const model::Checkpoint& checkpoint, model::NormConvention convention,
                              const Matrix& embedding, const std::vector<std::uint32_t>& ids,
                              std::uint64_t vocabulary) {
  Matrix head = embedding;
  const model::Tensor* tensor = find_weight(checkpoint, RoleKind::output_head);
  if (tensor != nullptr && tensor->info.shape.size() == 2 && tensor->rows() >= vocabulary &&
      tensor->row_elements() == embedding.columns) {
    PROV_TRY(head, read_embedding_rows(checkpoint, *tensor, ids));
  }
  const model::Tensor* norm = find_weight(checkpoint, RoleKind::final_norm);
  if (norm == nullptr || norm->elements() != head.columns) return head;
  std::vector<float> gains(head.columns);
  PROV_CHECK(model::RowReader(checkpoint, *norm).read_elements(0, gains));
  numeric::clear_non_finite(gains);
  for (std::size_t i = 0; i < head.rows; ++i) {
    for (std::size_t j = 0; j < head.columns; ++j)
      head.row(i)[j] *= gains[j] + (convention.gain_minus_one ? 1.0F : 0.0F);
  }
  return head;
}

}  // namespace prov::forensics
