#include "verdict/adapter_pair.hpp"

#include <fmt/format.h>

#include <set>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "forensics/declarations.hpp"

namespace prov::verdict {
namespace {

/// A folder that holds a tokenizer describes itself; others borrow all but the weights.
bool brings_tokenizer(const model::Model& adapter) { return adapter.tokenizer.has_value(); }

}  // namespace

bool is_adapter(const model::Model& model) {
  return model.snapshot.contains("adapter_config.json") && model::holds_adapter(model.checkpoint);
}

Result<PreparedModel> merged_model(PreparedModel& adapter, std::string_view reference,
                                   model::Checkpoint merged, std::string_view base_reference) {
  PROV_TRY(model::Model model, model::open_model(base_reference));
  model.checkpoint = std::move(merged);
  if (brings_tokenizer(adapter.model)) {
    model.tokenizer = std::move(adapter.model.tokenizer);
    model.snapshot.directory = adapter.model.snapshot.directory;
  }
  model.snapshot.reference = adapter.model.snapshot.reference;
  model.notes.push_back(fmt::format("an adapter, merged onto {}", base::printable(base_reference)));
  return prepare(std::move(model), reference);
}

Result<std::optional<AdapterPair>> merge_adapter_side(PreparedModel& a,
                                                      std::string_view reference_a,
                                                      PreparedModel& b,
                                                      std::string_view reference_b,
                                                      const std::stop_token& stop) {
  const bool adapter_a = is_adapter(a.model), adapter_b = is_adapter(b.model);
  if (!adapter_a && !adapter_b) return std::optional<AdapterPair>();
  AdapterPair pair{.b_is_adapter = adapter_b, .config = {}, .refused = {}, .fit = {}};
  PreparedModel &adapter = adapter_b ? b : a, &base = adapter_b ? a : b;
  const std::string_view reference = adapter_b ? reference_b : reference_a;
  const std::string_view base_reference = adapter_b ? reference_a : reference_b;
  PROV_TRY(auto config, model::read_adapter_config(adapter.model.snapshot));
  if (!config) return std::optional<AdapterPair>();
  pair.config = std::move(*config);
  if (adapter_a && adapter_b) {
    pair.refused =
        "Both models are adapters, changes to a base that is not here: compare each "
        "with its base, or the merged models.";
    return std::optional(std::move(pair));
  }
  const char side = adapter_b ? 'B' : 'A';
  if (!pair.config.not_applied.empty()) {
    pair.refused = fmt::format("Model {} is an adapter that this version cannot merge: {}.", side,
                               pair.config.not_applied);
    return std::optional(std::move(pair));
  }
  pair.base_is_named = forensics::origin_name(pair.config.base_model) ==
                       forensics::origin_name(base.model.snapshot.reference);
  PROV_TRY(model::Model again, model::open_model(base_reference));
  PROV_TRY(model::AdapterMerge merge,
           model::merge_adapter(std::move(again.checkpoint), std::move(adapter.model.checkpoint),
                                pair.config));
  if (!merge.misfit.empty()) {
    pair.refused = fmt::format("Model {} is an adapter and the other model is not its base: {}.",
                               side, merge.misfit);
    PROV_TRY(adapter, open_prepared(reference));
    return std::optional(std::move(pair));
  }
  PROV_TRY(pair.fit, forensics::measure_adapter_fit(merge.merged, merge.updates, stop));
  pair.updates = std::move(merge.updates);
  pair.replaced = std::move(merge.replaced);
  PROV_TRY(adapter, merged_model(adapter, reference, std::move(merge.merged), base_reference));
  return std::optional(std::move(pair));
}

}  // namespace prov::verdict
