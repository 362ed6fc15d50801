// libcurl, opened when an address is first looked at: it and the thirty libraries that it brings
// along would take a third of the time that a process needs to start, and most never ask the web.
#pragma once

#include <curl/curl.h>

#include "provenancekit/result.hpp"

namespace prov::source {

/// Its functions, under their names without "curl_".
struct CurlLibrary {
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_reset) easy_reset;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
  decltype(&::curl_url) url;
  decltype(&::curl_url_set) url_set;
  decltype(&::curl_url_get) url_get;
  decltype(&::curl_url_cleanup) url_cleanup;
  decltype(&::curl_free) free;
};

/// Opened and initialised once, and never closed. Thread-safe. Error unsupported where the system
/// has none.
Result<const CurlLibrary*> curl_library();

}  // namespace prov::source
