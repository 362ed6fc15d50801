#include "search/recorded_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "model/json_text.hpp"
#include "search/akin_records.hpp"
#include "signals/fingerprint_codec.hpp"
#include "signals/kit_bundle.hpp"
#include "signals/parameter_estimate.hpp"
#include "store/fingerprint_record.hpp"
#include "store/record_rows.hpp"

namespace prov::search {
namespace {

using Texts = std::map<std::string, std::string, std::less<>>;

/// The text at `key`, else `otherwise`.
std::string text_of(const Texts& metadata, std::string_view key, std::string otherwise = "") {
  const auto found = metadata.find(key);
  return found != metadata.end() ? found->second : std::move(otherwise);
}

Result<KnownModel> known_model(const store::RecordSummary& record) {
  PROV_TRY(const Texts metadata, model::parse_json_texts(record.metadata_json, record.id));
  KnownModel model{.asset_id = text_of(metadata, "asset_id", record.id),
                   .model_id = text_of(metadata, "model_id", record.id),
                   .family_id = text_of(metadata, "family_id", record.family),
                   .publisher = record.publisher,
                   .param_bucket = text_of(metadata, "param_bucket"),
                   .source_uri = text_of(metadata, "source_uri", record.source),
                   .place = record.source,
                   .revision = record.revision,
                   .has_weights = record.has_weights};
  model.family_name =
      text_of(metadata, "family_name", record.family.empty() ? model.family_id : record.family);
  return model;
}

/// What the part holds: the bytes of a fingerprint, or, where the record came from the published
/// kit, the JSON of its bundle. `notes` takes what of it cannot be used.
Result<signals::Fingerprint> fingerprint_in(std::span<const std::byte> bytes, std::string_view name,
                                            std::vector<Error>& notes) {
  if (bytes.empty() || bytes.front() != std::byte{'{'})
    return signals::decode_fingerprint(bytes, name);
  PROV_TRY(const signals::KitBundle bundle, signals::parse_kit_bundle(base::as_text(bytes), name));
  notes.insert(notes.end(), bundle.notes.begin(), bundle.notes.end());
  signals::Fingerprint fingerprint;
  fingerprint.mfi = bundle.mfi;
  fingerprint.tfv = bundle.tfv;
  return fingerprint;
}

class RecordedModels : public KnownModels {
 public:
  explicit RecordedModels(store::Store store) : store_(std::move(store)) {}

  Result<std::uint64_t> count() const override { return store_.count(); }

  Result<void> for_each(const Wants& wants, const Visit& visit,
                        std::vector<Error>& damaged) const override {
    PROV_TRY(const store::Transaction one_state,
             store::Transaction::begin(store_.database(), store::Transaction::Kind::read));
    PROV_TRY(store::RecordRows rows, store::RecordRows::prepare(store_.database()));
    PROV_TRY(const std::uint64_t records, store_.count());
    // A million keys are 8 MB; names and fingerprints stay in the file until their turn.
    PROV_TRY(const std::vector<std::int64_t> keys, store_.keys_of_part(store::kSignalsPart));
    without_signals_ = records - std::min<std::uint64_t>(records, keys.size());
    for (const std::int64_t key : keys) {
      const Result<std::optional<Candidate>> candidate = describe(rows, key, wants, damaged);
      if (!candidate) {
        damaged.push_back(candidate.error());
      } else if (*candidate) {
        PROV_CHECK(visit((*candidate)->model, (*candidate)->fingerprint));
      }
    }
    return {};
  }

  Result<void> for_each_akin(const fingerprint::Sketch& query, const VisitAkin& visit,
                             std::vector<Error>& damaged) const override {
    PROV_TRY(const store::Transaction one_state,
             store::Transaction::begin(store_.database(), store::Transaction::Kind::read));
    PROV_TRY(store::RecordRows rows, store::RecordRows::prepare(store_.database()));
    PROV_TRY(const std::vector<std::int64_t> keys, akin_records(store_, query, damaged));
    for (const std::int64_t key : keys) {
      const Result<fingerprint::FingerprintFile> weights =
          store::fingerprint_of_record(store_, key);
      const auto any = [](const KnownModel&) { return true; };
      const Result<std::optional<Candidate>> candidate = describe(rows, key, any, damaged);
      if (!weights || !candidate) {
        damaged.push_back(weights ? candidate.error() : weights.error());
        continue;
      }
      PROV_CHECK(visit((*candidate)->model, (*candidate)->fingerprint, *weights));
    }
    return {};
  }

  std::vector<std::string> notes() const override {
    if (without_signals_ == 0) return {};
    return {fmt::format("{} records hold no signals of the kit, and have no score here.",
                        without_signals_)};
  }

 private:
  struct Candidate {
    KnownModel model;
    signals::Fingerprint fingerprint;
  };

  /// With an empty fingerprint where the record has no signals; nothing where it is not wanted.
  static Result<std::optional<Candidate>> describe(store::RecordRows& rows, std::int64_t key,
                                                   const Wants& wants,
                                                   std::vector<Error>& damaged) {
    PROV_TRY(const store::RecordSummary record, rows.summary(key));
    PROV_TRY(KnownModel model, known_model(record));
    // A bucket that is not said follows from the fingerprint.
    if (!model.param_bucket.empty() && !wants(model)) return std::optional<Candidate>();
    PROV_TRY(const auto bytes, rows.part(record, store::kSignalsPart));
    signals::Fingerprint fingerprint;
    if (bytes) {
      PROV_TRY(fingerprint, fingerprint_in(*bytes, record.id, damaged));
    }
    if (model.param_bucket.empty()) {
      if (fingerprint.mfi) {
        model.param_bucket =
            signals::parameter_bucket(signals::estimated_parameters(*fingerprint.mfi));
      }
      if (!wants(model)) return std::optional<Candidate>();
    }
    return std::optional(Candidate{std::move(model), std::move(fingerprint)});
  }

  store::Store store_;
  mutable std::uint64_t without_signals_ = 0;
};

}  // namespace

Result<std::unique_ptr<KnownModels>> open_recorded_models(const std::filesystem::path& file) {
  PROV_TRY(store::Store store, store::Store::open(file, store::Mode::read));
  return std::unique_ptr<KnownModels>(std::make_unique<RecordedModels>(std::move(store)));
}

}  // namespace prov::search
