#include "source/checkpoint_key.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "source/file_name.hpp"

namespace prov::source {
namespace {

constexpr std::uint64_t kWhole = 1024 * 1024;  // bytes: a file of this size is read whole
constexpr std::uint64_t kHead = 64 * 1024;     // bytes
constexpr std::uint64_t kBlock = 4096;         // bytes
constexpr std::uint64_t kBlocks = 16;

Result<void> add_identity(base::Sha256& digest, const std::string& path) {
  struct stat about{};
  if (stat(path.c_str(), &about) != 0) {
    return Error{.code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                 .message = std::generic_category().message(errno),
                 .file = path};
  }
  for (const auto number :
       {static_cast<std::uint64_t>(about.st_dev), static_cast<std::uint64_t>(about.st_ino),
        static_cast<std::uint64_t>(about.st_mtim.tv_sec),
        static_cast<std::uint64_t>(about.st_mtim.tv_nsec),
        static_cast<std::uint64_t>(about.st_ctim.tv_sec),
        static_cast<std::uint64_t>(about.st_ctim.tv_nsec)})
    digest.update_number(number);
  return {};
}

Result<void> add_range(base::Sha256& digest, const ByteSource& file, std::uint64_t begin,
                       std::uint64_t length) {
  std::vector<std::byte> bytes(length);
  PROV_CHECK(file.read(begin, bytes));
  digest.update(bytes);
  return {};
}

Result<void> add_content(base::Sha256& digest, const ByteSource& file) {
  const std::uint64_t size = file.size();
  digest.update_number(size);
  if (size <= kWhole) return add_range(digest, file, 0, size);
  PROV_CHECK(add_range(digest, file, 0, kHead));
  PROV_CHECK(add_range(digest, file, size - kBlock, kBlock));
  const std::uint64_t step = (size - kHead - kBlock) / kBlocks;  // > kBlock, since size > kWhole
  for (std::uint64_t i = 0; i < kBlocks; ++i)
    PROV_CHECK(add_range(digest, file, kHead + i * step, kBlock));
  return {};
}

/// Whether what lies at `name` may be read for the model: of a single file, that file, its kin
/// (further parts) and the texts that describe it. A fingerprint file stands for itself.
bool may_be_read(const Snapshot& snapshot, const std::string& name) {
  if (snapshot.weight_file.empty() || name == snapshot.weight_file) return true;
  if (is_fingerprint_file(snapshot.weight_file)) return false;
  const auto extension_of = [](const std::string& file) {
    return std::filesystem::path(file).extension().string();
  };
  const std::string weights = extension_of(snapshot.weight_file), extension = extension_of(name);
  static constexpr std::string_view kTexts[] = {".json", ".model", ".txt", ".tiktoken", ".jinja"};
  return extension == weights || std::ranges::find(kTexts, extension) != std::end(kTexts);
}

}  // namespace

Result<std::string> checkpoint_key(const source::Snapshot& snapshot) {
  base::Sha256 digest;
  digest.update_counted("provenancekit checkpoint 1");
  digest.update_counted(snapshot.weight_file);
  if (snapshot.remote) {
    const std::string identity = snapshot.remote->identity();
    if (identity.empty()) {
      return Error{.code = ErrorCode::unsupported,
                   .message = "the server tells no version of its files",
                   .file = snapshot.directory.string()};
    }
    digest.update_counted(identity);
    return base::hex(digest.finish());
  }
  for (const std::string& name : snapshot.list()) {
    if (!may_be_read(snapshot, name)) continue;
    PROV_TRY(const std::unique_ptr<ByteSource> file, snapshot.open(name));
    digest.update_counted(name);
    PROV_CHECK(add_identity(digest, (snapshot.directory / name).string()));
    PROV_CHECK(add_content(digest, *file));
    PROV_CHECK(file->verify_unchanged());
  }
  return base::hex(digest.finish());
}

}  // namespace prov::source
