#include "cli/database_add.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "cli/depth_option.hpp"
#include "fingerprint/fingerprint_file.hpp"
#include "provenancekit/fingerprint.hpp"
#include "source/hub/environment.hpp"
#include "source/hub/hub_id.hpp"
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

/// What a record is called where --id does not say it, and where its weights can be found again.
struct Origin {
  std::string id, source, revision;
};

/// Seen from the folder of the database where it lies there, so that both can move together; else
/// from everywhere.
std::string source_of(const fs::path& model, const fs::path& database) {
  std::error_code failed;
  const fs::path folder = fs::absolute(database, failed).lexically_normal().parent_path();
  const fs::path below = model.lexically_relative(folder);
  return (below.empty() || *below.begin() == ".." ? model : below).string();
}

/// A folder or file is called by its last part, a model of the Hub by its name there.
Origin origin_of(const std::string& operand, const fs::path& database) {
  std::error_code failed;
  fs::path path = fs::path(operand);
  if (fs::exists(path, failed)) {
    path = fs::absolute(path, failed).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    if (fingerprint::is_fingerprint_file(operand)) return {.id = path.stem().string()};
    return {.id = path.filename().string(), .source = source_of(path, database)};
  }
  const auto hub = source::parse_hub_id(operand, source::hub_environment().endpoint);
  if (!hub || !hub->file.empty()) return {.id = path.filename().string(), .source = operand};
  return {.id = hub->name, .source = "hf:" + hub->name, .revision = hub->revision};
}

Result<store::Record> record_of(const ActionContext& context, const std::string& operand) {
  const DatabaseArguments& arguments = context.arguments;
  PROV_TRY(const std::vector<std::byte> bytes, fingerprint_bytes(context, operand));
  const Origin origin = origin_of(operand, context.location.path);
  PROV_TRY(store::Record record,
           store::record_of_fingerprint(bytes, arguments.id.empty() ? origin.id : arguments.id,
                                        operand));
  record.publisher = arguments.publisher;
  record.family = arguments.family;
  record.licence = arguments.licence;
  record.source = origin.source;
  record.revision = origin.revision;
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
    // Reading weights takes long: what is there already is kept, and other writers need not wait.
    if (!fingerprint::is_fingerprint_file(operand)) PROV_CHECK(adding.commit());
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
