// A database of records with signals, for tests of what searches it.
#pragma once

#include "search/recorded_models.hpp"
#include "signals/fingerprint_codec.hpp"
#include "store/fingerprint_record.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::search::test {

/// A record that holds `fingerprint`, with what a database says of a model.
inline store::Record record_of(std::string id, const signals::Fingerprint& fingerprint,
                               std::string metadata = "{}") {
  store::Record record;
  record.id = std::move(id);
  record.publisher = "zoo";
  record.family = "family";
  record.source = "source";
  record.metadata_json = std::move(metadata);
  record.parts[std::string(store::kSignalsPart)] = signals::encode(fingerprint);
  return record;
}

/// A configuration of about `parameters` parameters.
inline signals::Fingerprint fingerprint_of_size(std::int64_t parameters) {
  signals::Fingerprint fingerprint;
  signals::MfiRecord& mfi = fingerprint.mfi.emplace();
  mfi.model_type = "gpt2";
  mfi.vocab_size = parameters;
  mfi.hidden_size = 1;
  return fingerprint;
}

inline void add_record(const store::Store& store, const store::Record& record) {
  const auto added = store::add(store, record);
  ASSERT_TRUE(added.has_value()) << added.error().to_string();
}

/// Changes a byte of the part that holds the signals of `id`, behind the back of the store.
inline void damage_signals(const store::Store& store, const std::string& id) {
  const auto changed = store.database().run(
      "UPDATE part SET bytes = zeroblob(length(bytes)) WHERE name = 'signals' AND model = "
      "(SELECT key FROM model WHERE id = '" +
      id + "')");
  ASSERT_TRUE(changed.has_value()) << changed.error().to_string();
}

}  // namespace prov::search::test
