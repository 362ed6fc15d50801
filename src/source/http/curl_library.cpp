#include "source/http/curl_library.hpp"

#include <dlfcn.h>

#include <bit>
#include <optional>
#include <string>

namespace prov::source {
namespace {

constexpr const char* kFile = "libcurl.so.4";  // the number of its binary interface since 2006

/// Nothing where the library or one of its functions is missing.
std::optional<CurlLibrary> open_library() {
  void* const library = dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  bool complete = true;
  const auto find = [&](const char* name, auto& function) {
    void* const symbol = dlsym(library, name);
    complete &= symbol != nullptr;
    function = std::bit_cast<std::remove_reference_t<decltype(function)>>(symbol);
  };
  CurlLibrary curl{};
  decltype(&::curl_global_init) global_init = nullptr;
  find("curl_global_init", global_init);
  find("curl_easy_init", curl.easy_init);
  find("curl_easy_reset", curl.easy_reset);
  find("curl_easy_setopt", curl.easy_setopt);
  find("curl_easy_perform", curl.easy_perform);
  find("curl_easy_getinfo", curl.easy_getinfo);
  find("curl_easy_strerror", curl.easy_strerror);
  find("curl_easy_cleanup", curl.easy_cleanup);
  find("curl_slist_append", curl.slist_append);
  find("curl_slist_free_all", curl.slist_free_all);
  find("curl_url", curl.url);
  find("curl_url_set", curl.url_set);
  find("curl_url_get", curl.url_get);
  find("curl_url_cleanup", curl.url_cleanup);
  find("curl_free", curl.free);
  if (!complete || global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return std::nullopt;
  return curl;
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const std::optional<CurlLibrary> library = open_library();
  if (library) return &*library;
  return Error{.code = ErrorCode::unsupported,
               .message = "the library that fetches files cannot be opened",
               .file = kFile,
               .hint = "install libcurl 7.88 or newer (Debian: libcurl4)"};
}

}  // namespace prov::source
