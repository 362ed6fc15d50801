#pragma once

namespace prov::cli {

/// What the process says to its caller. A contract: scripts rely on it (docs/cli.md).
enum class ExitCode : int {
  done = 0,
  condition_fired = 1,  // a condition of --fail-on holds
  failure = 2,          // input, output or memory
  inconclusive = 3,     // --fail-on inconclusive holds, and no other condition
  usage = 4,
  interrupted = 130,  // 128 + SIGINT
  terminated = 143,   // 128 + SIGTERM
};

}  // namespace prov::cli
