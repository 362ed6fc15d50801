#include "store/bundle_files.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "base/try.hpp"
#include "source/byte_source.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostEntries = 100'000;

Error unsafe(const fs::path& root, std::string_view name) {
  return {.code = ErrorCode::unsafe_path,
          .message = "a name that leads out of the bundle",
          .file = root.string(),
          .field = std::string(name)};
}

bool is_safe(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.size() > 4096) return false;
  if (name.find('\\') != std::string_view::npos || name.find('\0') != std::string_view::npos)
    return false;
  return std::ranges::none_of(fs::path(name), [](const fs::path& step) { return step == ".."; });
}

/// Beside each file "x" a Mac packs "__MACOSX/._x", with its attributes.
bool is_of_mac(std::string_view name) {
  return name.starts_with("__MACOSX/") || fs::path(name).filename().string().starts_with("._");
}

class FolderFiles : public BundleFiles {
 public:
  explicit FolderFiles(fs::path root) : root_(std::move(root)) {}

  Result<std::string> read(std::string_view name, std::uint64_t limit) const override {
    if (!is_safe(name)) return unsafe(root_, name);
    std::error_code error;
    const fs::path root = fs::canonical(root_, error);
    const fs::path file = fs::weakly_canonical(root / name, error);
    if (std::ranges::mismatch(root, file).in1 != root.end()) return unsafe(root_, name);
    PROV_TRY(const std::unique_ptr<source::ByteSource> bytes,
             source::open_local_file(file.string()));
    return source::read_all(*bytes, limit);
  }

  bool contains(std::string_view name) const override {
    std::error_code error;
    return is_safe(name) && fs::is_regular_file(root_ / name, error);
  }

  std::optional<std::string> find_ending(std::string_view ending) const override {
    return contains(ending) ? std::optional(std::string(ending)) : std::nullopt;
  }

 private:
  fs::path root_;
};

class ZipFiles : public BundleFiles {
 public:
  ZipFiles(fs::path path, zip_t* archive) : path_(std::move(path)), archive_(archive) {}

  Result<std::string> read(std::string_view name, std::uint64_t limit) const override {
    if (!is_safe(name)) return unsafe(path_, name);
    const std::string text(name);
    const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen(archive_.get(), text.c_str(), 0));
    if (file == nullptr) {
      const int code = zip_error_code_zip(zip_get_error(archive_.get()));
      return error(code == ZIP_ER_NOENT ? ErrorCode::not_found : ErrorCode::malformed, name,
                   zip_error_strerror(zip_get_error(archive_.get())));
    }
    std::string content;
    std::array<char, 65536> piece;
    // The size that the archive claims is not asked for: what comes out is counted.
    for (;;) {
      const zip_int64_t count = zip_fread(file.get(), piece.data(), piece.size());
      if (count < 0) {
        return error(ErrorCode::malformed, name,
                     zip_error_strerror(zip_file_get_error(file.get())));
      }
      if (count == 0) return content;
      content.append(piece.data(), static_cast<std::size_t>(count));
      if (content.size() > limit)
        return error(ErrorCode::too_large, name, fmt::format("more than {} bytes", limit));
    }
  }

  bool contains(std::string_view name) const override {
    const std::string text(name);
    return zip_name_locate(archive_.get(), text.c_str(), 0) >= 0;
  }

  std::optional<std::string> find_ending(std::string_view ending) const override {
    const zip_int64_t entries = zip_get_num_entries(archive_.get(), 0);
    for (zip_int64_t i = 0; i < entries; ++i) {
      const char* name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
      if (name == nullptr || is_of_mac(name)) continue;
      if (std::string_view(name).ends_with(ending)) return name;
    }
    return std::nullopt;
  }

 private:
  struct CloseFile {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
  };
  struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };

  Error error(ErrorCode code, std::string_view name, std::string message) const {
    return {.code = code,
            .message = std::move(message),
            .file = path_.string(),
            .field = std::string(name)};
  }

  fs::path path_;
  std::unique_ptr<zip_t, Discard> archive_;
};

}  // namespace

Result<std::unique_ptr<BundleFiles>> open_bundle(const fs::path& path) {
  std::error_code failure;
  if (fs::is_directory(path, failure))
    return std::unique_ptr<BundleFiles>(std::make_unique<FolderFiles>(path));
  if (!fs::exists(path, failure)) {
    return Error{
        .code = ErrorCode::not_found, .message = "no such file or folder", .file = path.string()};
  }
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code);
  if (archive == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    Error problem{.code = ErrorCode::malformed,
                  .message = fmt::format("not a zip archive ({})", zip_error_strerror(&error)),
                  .file = path.string(),
                  .hint = "a wheel or a folder is expected"};
    zip_error_fini(&error);
    return problem;
  }
  std::unique_ptr<BundleFiles> files = std::make_unique<ZipFiles>(path, archive);
  if (zip_get_num_entries(archive, 0) > kMostEntries) {
    return Error{.code = ErrorCode::too_large,
                 .message = fmt::format("more than {} files", kMostEntries),
                 .file = path.string()};
  }
  return files;
}

}  // namespace prov::store
