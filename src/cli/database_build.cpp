#include "cli/database_build.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "cli/depth_option.hpp"
#include "provenancekit/fingerprint.hpp"
#include "store/batched_adding.hpp"
#include "store/fingerprint_record.hpp"
#include "store/model_catalog.hpp"

namespace prov::cli {
namespace {

using store::CatalogEntry;
using store::Record;

/// Key in the metadata of a record that tells whether its model changed since it was read.
constexpr const char* kStamp = "files";
constexpr const char* kSampled = ", sampled";  // behind the stamp: with --full it is made anew

nlohmann::json metadata_of(const store::RecordFields& fields) {
  return nlohmann::json::parse(fields.metadata_json, nullptr, /*allow_exceptions=*/false);
}

class Builder {
 public:
  Builder(const ActionContext& context, const store::Store& target)
      : context_(context),
        target_(target),
        options_{.existing = store::Existing::replace,
                 .progress = context.progress,
                 .stop = context.stop},
        adding_(target, options_) {}

  Result<store::Transfer> run() {
    PROV_TRY(const store::ModelCatalog catalog,
             store::read_model_catalog(context_.arguments.catalog));
    for (const store::Damage& damage : catalog.damage) adding_.leave_out(damage);
    const std::size_t jobs = context_.arguments.jobs > 0
                                 ? context_.arguments.jobs
                                 : std::min<std::size_t>(2, base::worker_count());
    for (std::span<const CatalogEntry> rest = catalog.entries; !rest.empty();) {
      const std::size_t count = std::min(jobs, rest.size());
      PROV_CHECK(take(rest.first(count)));
      rest = rest.subspan(count);
    }
    return adding_.finish();
  }

 private:
  struct Work {
    const CatalogEntry* entry = nullptr;
    std::optional<Record> there;  // without weights
    std::string stamp;
    std::optional<Result<Record>> made;
  };

  /// Some models at once, added in their order and committed.
  Result<void> take(std::span<const CatalogEntry> entries) {
    std::vector<Work> works;
    for (const CatalogEntry& entry : entries) {
      PROV_CHECK(adding_.check_stop());
      PROV_TRY(std::optional<Work> work, plan(entry));
      if (work) works.push_back(*std::move(work));
    }
    base::parallel_for(works.size(), works.size(),
                       [&](std::size_t i) { works[i].made = record_of(works[i]); });
    PROV_CHECK(adding_.check_stop());
    for (const Work& work : works) {
      if (*work.made)
        PROV_CHECK(adding_.add(**work.made));
      else
        adding_.leave_out({work.entry->fields.id, work.made->error().to_string()});
    }
    return adding_.commit();
  }

  /// Nothing where nothing is to be done.
  Result<std::optional<Work>> plan(const CatalogEntry& entry) {
    Work work{.entry = &entry};
    const Result<std::string> stamp = model_stamp(entry.reference);
    if (!stamp) {
      adding_.leave_out({entry.fields.id, stamp.error().to_string()});
      return std::optional<Work>();
    }
    work.stamp = *stamp;
    if (fingerprint_depth(context_.arguments.depth, entry.reference) == Depth::fast)
      work.stamp += kSampled;
    // A record that is damaged is made anew.
    Result<std::optional<Record>> there = target_.find(entry.fields.id);
    if (!there && there.error().code != ErrorCode::malformed) return there.error();
    if (there && *there) {
      const nlohmann::json metadata = metadata_of(**there);
      if ((*there)->has_weights && metadata.value(kStamp, nlohmann::json()) == work.stamp) {
        adding_.note(store::Outcome::unchanged, entry.fields.id);
        return std::optional<Work>();
      }
      const bool of_build = metadata.contains(kStamp);
      if ((*there)->has_weights && !of_build && !context_.arguments.replace) {
        adding_.note(store::Outcome::kept, entry.fields.id);
        return std::optional<Work>();
      }
      if (!(*there)->has_weights) work.there = std::move(**there);
    }
    return std::optional(std::move(work));
  }

  Result<Record> record_of(const Work& work) const {
    const CatalogEntry& entry = *work.entry;
    PROV_TRY(const ModelFingerprint model,
             fingerprint_model(entry.reference, {.depth = fingerprint_depth(
                                                     context_.arguments.depth, entry.reference),
                                                 .progress = nullptr,
                                                 .stop = context_.stop}));
    PROV_TRY(Record record,
             store::record_of_fingerprint(model.file, entry.fields.id, entry.reference));
    nlohmann::json metadata =
        work.there ? metadata_of(*work.there) : nlohmann::json(nlohmann::json::object());
    metadata.update(metadata_of(entry.fields));
    metadata[kStamp] = work.stamp;
    record.metadata_json = metadata.dump();
    const store::RecordFields none;
    const store::RecordFields& old = work.there ? *work.there : none;
    for (const auto field : {&Record::publisher, &Record::family, &Record::source,
                             &Record::revision, &Record::licence})
      record.*field = (entry.fields.*field).empty() ? old.*field : entry.fields.*field;
    if (!entry.fields.architecture.empty()) record.architecture = entry.fields.architecture;
    return record;
  }

  const ActionContext& context_;
  const store::Store& target_;
  store::TransferOptions options_;
  store::BatchedAdding adding_;
};

}  // namespace

Result<report::TransferRow> build_from_catalog(const ActionContext& context,
                                               const store::Store& target) {
  PROV_TRY(store::Transfer transfer, Builder(context, target).run());
  return report::TransferRow{context.arguments.catalog, std::move(transfer), ""};
}

}  // namespace prov::cli
