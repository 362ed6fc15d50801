#include "source/http/git_blob.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <span>

#include "base/sha256.hpp"

namespace prov::source {

std::string git_blob_id(std::span<const std::byte> content) {
  const std::string header = fmt::format("blob {}", content.size());
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  std::array<unsigned char, 20> digest{};
  EVP_DigestInit_ex(context.get(), EVP_sha1(), nullptr);
  EVP_DigestUpdate(context.get(), header.c_str(), header.size() + 1);
  EVP_DigestUpdate(context.get(), content.data(), content.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return base::hex(std::as_bytes(std::span(digest)));
}

}  // namespace prov::source
