#include <fmt/format.h>

#include <algorithm>

#include "source/byte_source.hpp"

namespace prov::source {
namespace {

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string name, std::vector<std::byte> bytes)
      : name_(std::move(name)), bytes_(std::move(bytes)) {}

  const std::string& name() const override { return name_; }
  std::uint64_t size() const override { return bytes_.size(); }

  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset) {
      return Error{.code = ErrorCode::out_of_range,
                   .message = fmt::format("{} bytes wanted beyond the end", out.size()),
                   .file = name_,
                   .offset = offset};
    }
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return {};
  }

  Result<void> verify_unchanged() const override { return {}; }

 private:
  std::string name_;
  std::vector<std::byte> bytes_;
};

}  // namespace

std::unique_ptr<ByteSource> from_memory(std::string name, std::vector<std::byte> bytes) {
  return std::make_unique<MemorySource>(std::move(name), std::move(bytes));
}

}  // namespace prov::source
