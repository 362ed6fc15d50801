#include <atomic>
#include <cstdlib>

#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {
namespace {

const Kernels* find(std::string_view name) {
  for (const Kernels* set : available_kernels()) {
    if (set->name == name) return set;
  }
  return nullptr;
}

std::atomic<const Kernels*>& current() {
  static std::atomic<const Kernels*> chosen = [] {
    const char* wanted = std::getenv("PROVENANCEKIT_FORCE_KERNEL");
    const Kernels* forced = wanted != nullptr ? find(wanted) : nullptr;
    return forced != nullptr ? forced : available_kernels().front();
  }();
  return chosen;
}

}  // namespace

const Kernels& kernels() { return *current().load(std::memory_order_relaxed); }

const std::vector<const Kernels*>& available_kernels() {
  static const std::vector<const Kernels*> sets = [] {
    std::vector<const Kernels*> found = internal::simd_kernels();
    found.push_back(&kScalarKernels);
    return found;
  }();
  return sets;
}

bool force_kernels(std::string_view name) {
  const Kernels* set = find(name);
  if (set != nullptr) current().store(set, std::memory_order_relaxed);
  return set != nullptr;
}

}  // namespace prov::numeric
