#include "format/pytorch.hpp"

#include "base/try.hpp"
#include "format/content.hpp"
#include "format/pytorch/legacy_checkpoint.hpp"
#include "format/pytorch/pickle_machine.hpp"
#include "format/pytorch/zip_checkpoint.hpp"

namespace prov::format {
namespace {

/// A pickle that torch.save did not write holds no storages. It is run all the same: what it wants
/// to run is the more important answer.
Result<PytorchFile> refuse_bare_pickle(const source::ByteSource& source) {
  PickleCursor cursor(source, 0, source.size(), "pickle");
  PickleValues values;
  auto top = run_pickle(cursor, values);
  if (!top && top.error().code == ErrorCode::unsafe_code) return std::move(top).error();
  return *refusal_of(Content::pickle, source.name());
}

}  // namespace

Result<PytorchFile> read_pytorch(const source::ByteSource& source) {
  PROV_TRY(const Content content, sniff(source));
  if (content == Content::zip) return read_zip_checkpoint(source);
  if (content == Content::legacy_pytorch) return read_legacy_checkpoint(source);
  if (content == Content::pickle) return refuse_bare_pickle(source);
  if (auto other = refusal_of(content, source.name())) return *std::move(other);
  return Error{.code = ErrorCode::malformed,
               .message = "neither a zip archive nor a legacy PyTorch file",
               .file = source.name(),
               .offset = 0,
               .field = "magic"};
}

}  // namespace prov::format
