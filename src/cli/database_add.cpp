#include "cli/database_add.hpp"

#include <filesystem>
#include <utility>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "cli/depth_option.hpp"
#include "fingerprint/fingerprint_file.hpp"
#include "provenancekit/fingerprint.hpp"
#include "store/batched_adding.hpp"
#include "store/fingerprint_record.hpp"

namespace prov::cli {
namespace {

namespace fs = std::filesystem;

Result<std::vector<std::byte>> fingerprint_bytes(const ActionContext& context,
                                                 const std::string& operand) {
  if (fingerprint::is_fingerprint_file(operand)) {
    PROV_TRY(const std::string text, fingerprint::read_fingerprint_bytes(operand));
    const auto bytes = base::as_byte_span(text);
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  }
  PROV_TRY(ModelFingerprint model,
           fingerprint_model(operand, {.depth = fingerprint_depth(context.arguments.depth, operand),
                                       .progress = context.progress,
                                       .stop = context.stop}));
  return std::move(model.file);
}

/// The last part of the reference, without the ending of a fingerprint.
std::string id_of(const std::string& operand) {
  fs::path path(operand);
  if (!path.has_filename()) path = path.parent_path();
  return fingerprint::is_fingerprint_file(operand) ? path.stem().string()
                                                   : path.filename().string();
}

Result<store::Record> record_of(const ActionContext& context, const std::string& operand) {
  const DatabaseArguments& arguments = context.arguments;
  PROV_TRY(const std::vector<std::byte> bytes, fingerprint_bytes(context, operand));
  PROV_TRY(store::Record record,
           store::record_of_fingerprint(bytes, arguments.id.empty() ? id_of(operand) : arguments.id,
                                        operand));
  record.publisher = arguments.publisher;
  record.family = arguments.family;
  record.licence = arguments.licence;
  if (!fingerprint::is_fingerprint_file(operand)) record.source = operand;
  return record;
}

}  // namespace

Result<report::TransferRow> add_models(const ActionContext& context, const store::Store& target) {
  const store::TransferOptions options{
      .existing = context.arguments.replace ? store::Existing::replace : store::Existing::keep,
      .progress = context.progress,
      .stop = context.stop};
  store::BatchedAdding adding(target, options);
  for (const std::string& operand : context.arguments.operands) {
    PROV_CHECK(adding.check_stop());
    const Result<store::Record> record = record_of(context, operand);
    if (record) {
      PROV_CHECK(adding.add(*record));
    } else if (record.error().code == ErrorCode::cancelled) {
      return record.error();
    } else {
      adding.leave_out({operand, record.error().to_string()});
    }
  }
  PROV_TRY(store::Transfer transfer, adding.finish());
  const std::string source = context.arguments.operands.size() == 1
                                 ? context.arguments.operands[0]
                                 : std::to_string(context.arguments.operands.size()) + " models";
  return report::TransferRow{source, std::move(transfer), ""};
}

}  // namespace prov::cli
