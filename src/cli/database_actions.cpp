#include "cli/database_actions.hpp"

#include <array>
#include <span>
#include <system_error>

#include "base/try.hpp"
#include "cli/database_add.hpp"
#include "cli/database_build.hpp"
#include "report/database_document.hpp"
#include "store/json_lines.hpp"
#include "store/kit_bundle.hpp"
#include "store/parquet_transfer.hpp"

namespace prov::cli {
namespace {

namespace fs = std::filesystem;
using store::Mode;
using store::Store;

Result<std::vector<std::byte>> key_of(const ActionContext& context) {
  if (context.arguments.key_file.empty()) return std::vector<std::byte>();
  return store::read_key(context.arguments.key_file);
}

store::TransferOptions transfer_options(const ActionContext& context) {
  return {.existing = context.arguments.replace ? store::Existing::replace : store::Existing::keep,
          .progress = context.progress,
          .stop = context.stop};
}

Result<ActionResult> describe(const ActionContext& context, Mode mode) {
  PROV_TRY(const Store database, Store::open(context.location.path, mode));
  PROV_TRY(const store::Description description, store::describe(database));
  return ActionResult{report::description_document(description)};
}

Result<ActionResult> init(const ActionContext& context) { return describe(context, Mode::create); }
Result<ActionResult> info(const ActionContext& context) { return describe(context, Mode::read); }

Error no_such_record(const ActionContext& context, const std::string& id) {
  return {.code = ErrorCode::not_found,
          .message = "no such record",
          .file = context.location.path.string(),
          .field = id,
          .hint = "provenancekit db list shows the names"};
}

Result<ActionResult> show(const ActionContext& context) {
  const std::string& id = context.arguments.operands[0];
  PROV_TRY(const Store database, Store::open(context.location.path, Mode::read));
  PROV_TRY(const std::optional<std::int64_t> key, database.key_of(id));
  if (!key) return no_such_record(context, id);
  PROV_TRY(const store::RecordSummary record, database.summary(*key));
  PROV_TRY(const std::vector<store::PartSummary> parts, database.parts(*key));
  return ActionResult{report::record_document(record, parts)};
}

Result<ActionResult> remove(const ActionContext& context) {
  PROV_TRY(const Store database, Store::open(context.location.path, Mode::write));
  PROV_TRY(store::Batch batch, store::Batch::begin(database));
  for (const std::string& id : context.arguments.operands) {
    PROV_TRY(const bool removed, batch.remove(id));
    if (!removed) return no_such_record(context, id);
  }
  PROV_CHECK(batch.commit());
  return ActionResult{
      report::removal_document(context.location.path.string(), context.arguments.operands)};
}

// With a key, only what was signed with it is taken; without one, a broken seal is told.
Result<report::TransferRow> take_database(const ActionContext& context, const Store& target,
                                          const std::string& source) {
  PROV_TRY(const std::vector<std::byte> key, key_of(context));
  PROV_TRY(const Store other, Store::open(source, Mode::read));
  const Result<store::SealState> seal = store::check_seal(other, key);
  if (!seal && !key.empty()) return seal.error();
  PROV_TRY(store::Transfer transfer, store::merge(target, other, transfer_options(context)));
  return report::TransferRow{
      source, std::move(transfer),
      std::string(store::seal_state_name(seal ? *seal : store::SealState::broken))};
}

Result<report::TransferRow> take_lines(const ActionContext& context, const Store& target,
                                       const std::string& source) {
  PROV_TRY(store::Transfer transfer,
           store::import_json_lines(target, source, transfer_options(context)));
  return report::TransferRow{source, std::move(transfer), ""};
}

ActionResult transferred(const ActionContext& context,
                         const std::vector<report::TransferRow>& rows) {
  ActionResult result{
      report::transfer_document(context.arguments.action, context.location.path.string(), rows)};
  for (const report::TransferRow& row : rows)
    result.damaged = result.damaged || row.transfer.damage_count > 0 ||
                     row.seal == store::seal_state_name(store::SealState::broken);
  return result;
}

Result<report::TransferRow> take_tables(const ActionContext& context, const Store& target,
                                        const std::string& source) {
  PROV_TRY(store::Transfer transfer,
           store::import_parquet(target, source, transfer_options(context)));
  return report::TransferRow{source, std::move(transfer), ""};
}

/// Before a database is made: a typing error makes none.
Result<void> check_sources(std::span<const std::string> sources) {
  for (const std::string& source : sources) {
    std::error_code error;
    if (!fs::exists(source, error))
      return Error{
          .code = ErrorCode::not_found, .message = "no such file or folder", .file = source};
  }
  return {};
}

Result<ActionResult> merge(const ActionContext& context) {
  PROV_CHECK(check_sources(context.arguments.operands));
  PROV_TRY(const Store target, Store::open(context.location.path, Mode::create));
  std::vector<report::TransferRow> rows;
  for (const std::string& source : context.arguments.operands) {
    PROV_TRY(report::TransferRow row, take_database(context, target, source));
    rows.push_back(std::move(row));
  }
  return transferred(context, rows);
}

Result<ActionResult> add(const ActionContext& context) {
  PROV_TRY(const Store target, Store::open(context.location.path, Mode::create));
  PROV_TRY(report::TransferRow row, add_models(context, target));
  return transferred(context, {std::move(row)});
}

Result<ActionResult> build(const ActionContext& context) {
  PROV_TRY(const Store target, Store::open(context.location.path, Mode::create));
  PROV_TRY(report::TransferRow row, build_from_catalog(context, target));
  return transferred(context, {std::move(row)});
}

// The word kit says what the next operands are.
Result<ActionResult> import_kit(const ActionContext& context) {
  const std::vector<std::string>& operands = context.arguments.operands;
  if (operands.size() != 2 && operands.size() != 3) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message =
                     "import kit takes one wheel or folder, and the archive of its weight "
                     "signals (deep-signals.zip) if there is one"};
  }
  PROV_CHECK(check_sources(std::span(operands).subspan(1)));
  PROV_TRY(const Store target, Store::open(context.location.path, Mode::create));
  PROV_TRY(store::Transfer transfer,
           store::import_kit_bundle(target, operands[1], transfer_options(context),
                                    operands.size() == 3 ? operands[2] : ""));
  return transferred(context, {{operands[1], std::move(transfer), ""}});
}

Result<ActionResult> import(const ActionContext& context) {
  if (context.arguments.operands[0] == "kit") return import_kit(context);
  PROV_CHECK(check_sources(context.arguments.operands));
  PROV_TRY(const Store target, Store::open(context.location.path, Mode::create));
  std::vector<report::TransferRow> rows;
  for (const std::string& source : context.arguments.operands) {
    std::error_code failed;
    if (fs::is_directory(source, failed) && !store::is_parquet_folder(source)) {
      return Error{.code = ErrorCode::invalid_argument,
                   .message = "a folder without models.parquet",
                   .file = source,
                   .hint = "provenancekit db import kit FOLDER takes the published kit's"};
    }
    const bool are_lines = fs::path(source).extension() == ".jsonl";
    const auto take = store::is_parquet_folder(source) ? take_tables
                      : are_lines                      ? take_lines
                                                       : take_database;
    PROV_TRY(report::TransferRow row, take(context, target, source));
    rows.push_back(std::move(row));
  }
  return transferred(context, rows);
}

Result<ActionResult> export_tables(const ActionContext& context) {
  const std::string& folder = context.arguments.parquet;
  PROV_TRY(const Store database, Store::open(context.location.path, Mode::read));
  PROV_TRY(store::Transfer transfer,
           store::export_parquet(database, folder, transfer_options(context)));
  return ActionResult{
      report::transfer_document(context.arguments.action, folder,
                                {{context.location.path.string(), std::move(transfer), ""}})};
}

Result<ActionResult> export_copy(const ActionContext& context) {
  if (!context.arguments.parquet.empty()) return export_tables(context);
  const std::string& file = context.arguments.operands[0];
  PROV_TRY(const std::vector<std::byte> key, key_of(context));
  PROV_TRY(const Store database, Store::open(context.location.path, Mode::read));
  PROV_TRY(store::Transfer transfer,
           store::export_database(database, file, key, transfer_options(context)));
  const store::SealState seal = key.empty() ? store::SealState::unsigned_ : store::SealState::valid;
  return ActionResult{
      report::transfer_document(context.arguments.action, file,
                                {{context.location.path.string(), std::move(transfer),
                                  std::string(store::seal_state_name(seal))}})};
}

Result<ActionResult> verify(const ActionContext& context) {
  PROV_TRY(const std::vector<std::byte> key, key_of(context));
  PROV_TRY(const Store database, Store::open(context.location.path, Mode::read));
  PROV_TRY(
      const store::Verification result,
      store::verify(database, {.key = key, .progress = context.progress, .stop = context.stop}));
  return ActionResult{report::verification_document(context.location.path.string(), result),
                      !result.is_sound()};
}

// Never fails: what is wrong is the answer.
Result<ActionResult> status(const ActionContext& context) {
  const fs::path& path = context.location.path;
  report::DatabaseStatus status{.path = path.string(), .chosen_by = context.location.chosen_by};
  std::error_code error;
  status.exists = fs::exists(path, error);
  if (status.exists) {
    const Result<Store> database = Store::open(path, Mode::read);
    const Result<store::Description> description =
        database ? store::describe(*database) : Result<store::Description>(database.error());
    status.readable = description.has_value();
    if (description) {
      status.records = description->records;
      status.with_weights = description->with_weights;
    } else {
      status.problem = description.error().to_string();
    }
    status.writable = status.readable && store::can_be_written(path);
  }
  return ActionResult{report::status_document(status)};
}

struct NamedAction {
  std::string_view name;
  Result<ActionResult> (*act)(const ActionContext& context);
};
constexpr std::array kActions = {
    NamedAction{"init", init},     NamedAction{"info", info},
    NamedAction{"show", show},     NamedAction{"remove", remove},
    NamedAction{"add", add},       NamedAction{"build", build},
    NamedAction{"import", import}, NamedAction{"merge", merge},
    NamedAction{"verify", verify}, NamedAction{"export", export_copy},
    NamedAction{"status", status},
};

}  // namespace

Result<ActionResult> act_on_database(const ActionContext& context) {
  for (const NamedAction& action : kActions) {
    if (action.name == context.arguments.action) return action.act(context);
  }
  return Error{.code = ErrorCode::unsupported, .message = "no such action"};
}

}  // namespace prov::cli
