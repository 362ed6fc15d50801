#include "verdict/whole_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "forensics/declarations.hpp"
#include "model/adapter/merge_adapter.hpp"
#include "source/hub/environment.hpp"
#include "source/hub/hub_cache.hpp"
#include "source/hub/hub_id.hpp"
#include "verdict/adapter_pair.hpp"

namespace prov::verdict {
namespace {

std::optional<std::string> base_in_cache(const std::string& name) {
  const source::HubEnvironment environment = source::hub_environment();
  const auto id = source::parse_hub_id(name, environment.endpoint);
  if (!id) return std::nullopt;
  const auto snapshot = source::cached_snapshot(environment.cache, *id);
  return snapshot ? std::optional(snapshot->string()) : std::nullopt;
}

bool looks_like_an_adapter(const std::string& reference) {
  const auto snapshot = source::locate(reference);
  return snapshot && snapshot->contains("adapter_config.json");
}

std::optional<std::string> find_base(const std::string& claimed, const BasesAtHand& at_hand) {
  if (!at_hand.given.empty()) return at_hand.given;
  const std::string name = forensics::origin_name(claimed);
  for (const std::string& reference : at_hand.candidates) {
    if (!name.empty() && forensics::origin_name(reference) == name) return reference;
  }
  if (auto cached = base_in_cache(claimed)) return cached;
  std::vector<std::string> whole;
  std::ranges::remove_copy_if(at_hand.candidates, std::back_inserter(whole), looks_like_an_adapter);
  return whole.size() == 1 ? std::optional(whole.front()) : std::nullopt;
}

}  // namespace

Result<WholeCheckpoint> merge_onto_base(model::Model& adapter, std::string_view reference,
                                        const BasesAtHand& at_hand) {
  const bool alone = at_hand.candidates.empty();
  const auto failure = [&](ErrorCode code, std::string message) {
    return Error{.code = code,
                 .message = std::move(message),
                 .file = std::string(reference),
                 .hint = alone ? "`compare BASE ADAPTER` merges it onto a base that you name"
                               : "name its base: --base BASE"};
  };
  PROV_TRY(const auto config, model::read_adapter_config(adapter.snapshot));
  if (!config) return failure(ErrorCode::not_found, "it is an adapter without adapter_config.json");
  if (!config->not_applied.empty()) {
    return failure(ErrorCode::unsupported,
                   fmt::format("it is an adapter that is not merged: {}", config->not_applied));
  }
  const std::optional<std::string> base = find_base(config->base_model, at_hand);
  if (!base) {
    return failure(
        ErrorCode::not_found,
        config->base_model.empty()
            ? std::string("it is an adapter, changes to a base, and names none")
            : fmt::format("it is an adapter, changes to the base \"{}\", which is not in the Hub's "
                          "cache on this machine{}",
                          base::printable(config->base_model),
                          alone ? "" : ", nor among the candidates"));
  }
  PROV_TRY(model::Model whole, model::open_model(*base));
  PROV_TRY(model::AdapterMerge merge, model::merge_adapter(std::move(whole.checkpoint),
                                                           std::move(adapter.checkpoint), *config));
  if (!merge.misfit.empty()) {
    return failure(ErrorCode::size_mismatch, fmt::format("it does not fit its base \"{}\": {}",
                                                         base::printable(*base), merge.misfit));
  }
  return WholeCheckpoint{std::move(merge.merged), *base};
}

Result<PreparedModel> open_whole(std::string_view reference, const FeatureCache* cache) {
  PROV_TRY(PreparedModel prepared, open_prepared(reference, cache));
  if (!is_adapter(prepared.model)) return prepared;
  PROV_TRY(WholeCheckpoint whole, merge_onto_base(prepared.model, reference));
  return merged_model(prepared, reference, std::move(whole.checkpoint), whole.base);
}

}  // namespace prov::verdict
