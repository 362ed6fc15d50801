#include "model/tied_tensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/printable.hpp"

namespace prov::model {
namespace {

bool is_embedding(const Tensor& tensor) { return tensor.role.kind == RoleKind::token_embedding; }

}  // namespace

void drop_second_names(Checkpoint& checkpoint, std::span<const format::PytorchFile::Tie> ties) {
  std::set<std::string> dropped;  // erasing moves the tensors' own names
  for (const format::PytorchFile::Tie& tie : ties) {
    const Tensor* second = checkpoint.find(tie.name);
    const Tensor* first = checkpoint.find(tie.of);
    if (second == nullptr || first == nullptr) continue;
    if (is_embedding(*second) && !is_embedding(*first)) std::swap(first, second);
    if (second->role.layer >= 0 || !dropped.insert(second->info.name).second) continue;
    checkpoint.warnings.push_back(fmt::format("{} is {} under a second name: counted once",
                                              base::printable(second->info.name),
                                              base::printable(first->info.name)));
  }
  std::erase_if(checkpoint.tensors,
                [&](const Tensor& tensor) { return dropped.contains(tensor.info.name); });
}

}  // namespace prov::model
