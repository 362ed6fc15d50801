#include "cli/interrupt.hpp"

#include <pthread.h>

#include "provenancekit/network.hpp"

namespace prov::cli {

// A thread that waits takes the signals, because a handler may not touch a stop_source.
Interrupt::Interrupt() {
  sigemptyset(&signals_);
  for (const int number : {SIGINT, SIGTERM}) {
    struct sigaction current{};
    if (sigaction(number, nullptr, &current) == 0 && current.sa_handler != SIG_IGN)
      sigaddset(&signals_, number);
  }
  // Wakes the waiter at the end; nobody else sends it to one thread of ours.
  sigaddset(&signals_, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &signals_, &old_mask_);
  waiter_ = std::thread([this] { wait_for_signals(); });
}

Interrupt::~Interrupt() {
  finished_ = true;
  pthread_kill(waiter_.native_handle(), SIGUSR2);
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
}

void Interrupt::wait_for_signals() {
  while (!finished_) {
    int number = 0;
    if (sigwait(&signals_, &number) != 0 || number == SIGUSR2) continue;
    if (signal_ == 0) {
      signal_ = number;
      stop_.request_stop();
      stop_fetching();
      continue;
    }
    std::signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
    std::raise(number);
  }
}

}  // namespace prov::cli
