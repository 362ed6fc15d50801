#pragma once

#include <cstddef>
#include <functional>

namespace prov::base {

/// Number of worker threads: PROVENANCEKIT_THREADS if it is a number >= 1, else the hardware's.
std::size_t worker_count();

/// Calls body(0) ... body(count - 1), each once, on up to `workers` threads, and returns when all
/// are done. The order is free: a body must write to its own place only. Bodies must not throw.
void parallel_for(std::size_t count, std::size_t workers,
                  const std::function<void(std::size_t)>& body);

}  // namespace prov::base
