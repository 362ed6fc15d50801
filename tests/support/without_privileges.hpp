#pragma once

#include <unistd.h>

#include <cstdlib>

namespace prov::tests {

/// Root may write everywhere: for a while, this process is nobody.
class WithoutPrivileges {
 public:
  WithoutPrivileges() {
    if (geteuid() == 0) changed_ = seteuid(65534) == 0;
  }
  ~WithoutPrivileges() {
    if (changed_ && seteuid(0) != 0) std::abort();
  }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

 private:
  bool changed_ = false;
};

}  // namespace prov::tests
