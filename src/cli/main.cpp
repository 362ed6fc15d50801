#include <malloc.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <vector>

#include "cli/environment.hpp"
#include "cli/output.hpp"
#include "cli/run.hpp"

// Matrices of some MB come and go: memory that was given back to the system would be cleared and
// mapped anew each time.
static void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}

int main(int argc, char** argv) {
  keep_freed_memory();
  prov::cli::prepare_standard_streams();
  try {
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return static_cast<int>(prov::cli::run(arguments, prov::cli::Environment(environ)));
  } catch (const std::exception& error) {
    // Memory ran out, or a bug: an exit code and a sentence all the same.
    prov::cli::write_standard_error(std::string("provenancekit: error: ") + error.what() + "\n");
    return static_cast<int>(prov::cli::ExitCode::failure);
  }
}
