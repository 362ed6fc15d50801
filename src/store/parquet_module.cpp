#include "store/parquet_module.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <bit>
#include <filesystem>
#include <system_error>

namespace prov::store {

namespace fs = std::filesystem;

namespace {

fs::path path_of_module() {
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  fs::path path = folder / kParquetModuleFile;
  if (!fs::exists(path, error)) path = folder / "../lib/provenancekit" / kParquetModuleFile;
  return path;
}

}  // namespace

bool has_parquet_module() {
  std::error_code error;
  return fs::exists(path_of_module(), error);
}

Result<const ParquetModule*> parquet_module() {
  std::error_code error;
  const fs::path path = path_of_module();
  const auto missing = [&](std::string why) {
    return Error{.code = ErrorCode::unsupported,
                 .message = fmt::format("this build cannot read or write Parquet: {}", why),
                 .file = path.lexically_normal().string(),
                 .hint = "docs/dependencies.md says how to build its module, with Arrow C++"};
  };
  if (!fs::exists(path, error)) return missing("the module is not there");
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return missing(dlerror());
  using Entry = const ParquetModule* (*)();
  const auto entry = std::bit_cast<Entry>(dlsym(library, kParquetModuleSymbol));
  if (entry == nullptr) return missing("the module is of another version");
  return entry();
}

}  // namespace prov::store
