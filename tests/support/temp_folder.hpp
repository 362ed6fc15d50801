#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace prov::tests {

/// A new folder that is deleted with everything in it at the end of the test.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string string() const { return path_.string(); }

  /// Writes `name` (may hold folders, which are made) and gives its path.
  std::filesystem::path write(std::string_view name, std::string_view text) const;
  std::filesystem::path write(std::string_view name, std::span<const std::byte> bytes) const;
  /// Makes a symbolic link `name` -> `target`.
  std::filesystem::path link(std::string_view name, std::string_view target) const;

 private:
  std::filesystem::path path_;
};

}  // namespace prov::tests
