// Ctrl-C and `kill` as a polite request.
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace prov::cli {

/// While it lives, the first SIGINT or SIGTERM becomes a stop request; a second one ends the
/// process at once. A signal that was ignored at the start (nohup) stays ignored. Make it before
/// other threads, which inherit its signal mask; one at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  /// The first signal that arrived; 0 if none.
  int signal() const { return signal_; }

 private:
  void wait_for_signals();

  sigset_t signals_;
  sigset_t old_mask_;
  std::stop_source stop_;
  std::atomic<int> signal_ = 0;
  std::atomic<bool> finished_ = false;
  std::thread waiter_;
};

}  // namespace prov::cli
