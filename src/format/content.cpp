#include "format/content.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"

namespace prov::format {
namespace {

struct Magic {
  std::size_t at;
  std::string_view bytes;
  Content content;
};

// The first match wins: the magic number of legacy PyTorch files is also a pickle.
constexpr Magic kMagics[] = {
    {0, "GGUF", Content::gguf},
    {0, {"PK\x03\x04", 4}, Content::zip},
    {0, "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", Content::legacy_pytorch},
    {0, "\x80\x03\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", Content::legacy_pytorch},
    {0,  // protocols 4 and 5 frame it
     {"\x80\x04\x95\x0d\0\0\0\0\0\0\0\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 23},
     Content::legacy_pytorch},
    {0,
     {"\x80\x05\x95\x0d\0\0\0\0\0\0\0\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 23},
     Content::legacy_pytorch},
    {0, "\x80\x02", Content::pickle},
    {0, "\x80\x03", Content::pickle},
    {0, "\x80\x04", Content::pickle},
    {0, "\x80\x05", Content::pickle},
    {0, "\x89HDF\r\n\x1a\n", Content::hdf5},
    {257, "ustar", Content::tar},
    {0, "version https://git-lfs", Content::git_lfs_pointer},
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_web_page(std::string_view text) {
  const auto first = std::find_if_not(text.begin(), text.end(), is_space);
  std::string start(first,
                    std::min(text.end(), first + std::min<std::ptrdiff_t>(14, text.end() - first)));
  for (char& c : start) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::string_view lower = start;
  return lower.starts_with("<!doctype html") || lower.starts_with("<html") ||
         lower.starts_with("<?xml") || lower.starts_with("<head") || lower.starts_with("<!--");
}

bool is_text(std::string_view head) {
  return !head.empty() && std::all_of(head.begin(), head.end(),
                                      [](char c) { return (c >= ' ' && c <= '~') || is_space(c); });
}

/// How every safetensors file begins: a length below 16 MiB, then JSON. Some lengths look like the
/// first bytes of a pickle.
bool is_safetensors(std::string_view head) {
  return head.size() > 8 && head[8] == '{' &&
         head.substr(3, 5) == std::string_view("\0\0\0\0\0", 5);
}

}  // namespace

Result<Content> sniff(const source::ByteSource& source) {
  constexpr std::uint64_t kHeadBytes = 512;
  std::string head(static_cast<std::size_t>(std::min(kHeadBytes, source.size())), '\0');
  PROV_CHECK(source.read(0, std::as_writable_bytes(std::span(head))));
  if (is_safetensors(head)) return Content::unknown;
  for (const Magic& magic : kMagics) {
    if (head.size() >= magic.at &&
        std::string_view(head).substr(magic.at).starts_with(magic.bytes)) {
      return magic.content;
    }
  }
  if (is_web_page(head)) return Content::web_page;
  return is_text(head) ? Content::text : Content::unknown;
}

std::string_view content_name(Content content) {
  switch (content) {
    case Content::unknown:
      return "unknown content";
    case Content::gguf:
      return "a GGUF file";
    case Content::zip:
      return "a zip archive (PyTorch)";
    case Content::legacy_pytorch:
      return "a legacy PyTorch file";
    case Content::pickle:
      return "a Python pickle";
    case Content::tar:
      return "a tar archive (old PyTorch)";
    case Content::hdf5:
      return "an HDF5 file (Keras)";
    case Content::git_lfs_pointer:
      return "a Git LFS pointer";
    case Content::web_page:
      return "a web page";
    case Content::text:
      return "text";
  }
  return "unknown content";
}

std::optional<Error> refusal_of(Content content, const std::string& file) {
  const auto refusal = [&](ErrorCode code, std::string_view what, std::string hint) {
    return Error{.code = code,
                 .message = fmt::format("{} {}", content_name(content), what),
                 .file = file,
                 .offset = 0,
                 .hint = std::move(hint)};
  };
  switch (content) {
    case Content::unknown:
      return std::nullopt;
    case Content::gguf:
    case Content::zip:
    case Content::legacy_pytorch:
      return refusal(ErrorCode::unsupported, "where another container is expected", "");
    case Content::pickle:
      return refusal(ErrorCode::unsupported, "that torch.save did not write",
                     "give the model as safetensors, or the file that torch.save writes");
    case Content::tar:
      return refusal(
          ErrorCode::unsupported, "is not read",
          "PyTorch wrote it before 0.1.10; load it where you trust it and save it again");
    case Content::hdf5:
      return refusal(ErrorCode::unsupported, "is not read",
                     "give the model as safetensors, GGUF or a PyTorch file");
    case Content::git_lfs_pointer:
      return refusal(ErrorCode::not_weights, "in place of weights",
                     "run \"git lfs pull\" in the model's folder");
    case Content::web_page:
    case Content::text:
      return refusal(ErrorCode::not_weights, "in place of weights",
                     "did the download save an error page?");
  }
  return std::nullopt;
}

}  // namespace prov::format
