// The data tree of a scan: first every key of the published kit in its order, then ours.
// schema/scan-1.schema.json describes each key.
#include "provenancekit/version.hpp"
#include "report/data_building.hpp"
#include "report/lineage_data.hpp"
#include "report/scan_document.hpp"

namespace prov::report {
namespace {

DataValue milliseconds(double value) { return {numeric::round_half_even_decimal(value, 2)}; }

DataValue integer_or_null(std::optional<std::int64_t> value) {
  return value ? data_integer(*value) : DataValue{};
}

DataValue model_info(const ScannedModel& model) {
  const ModelSummary& summary = model.summary;
  return {DataValue::Object{
      {"model_path", data_text(summary.reference)},
      {"model_type", data_text(summary.model_type)},
      {"architectures", data_texts(model.architectures)},
      {"hidden_size", data_integer(model.hidden_size)},
      {"num_hidden_layers", data_integer(model.num_hidden_layers)},
      {"num_attention_heads", data_integer(model.num_attention_heads)},
      {"num_key_value_heads", integer_or_null(model.num_key_value_heads)},
      {"head_dim", integer_or_null(model.head_dim)},
      {"intermediate_size", data_integer(model.intermediate_size)},
      {"vocab_size", data_integer(model.vocab_size)},
      {"tie_word_embeddings",
       model.tie_word_embeddings ? data_truth(*model.tie_word_embeddings) : DataValue{}},
      {"hidden_act", model.hidden_act ? data_text(*model.hidden_act) : DataValue{}},
      {"num_parameters", summary.parameters > 0 ? data_count(summary.parameters)
                                                : DataValue{}},  // counted, not asked
      {"arch_hash", data_text(model.arch_hash)},
      {"family_hash", data_text(model.family_hash)},
      {"param_bucket", data_text(model.param_bucket)},
      {"has_weight_signals", data_truth(model.has_weight_signals)}}};
}

DataValue kit_scores(const ScanMatch& match) {
  const KitScores& scores = match.scores;
  const KitSignals& signals = match.signals;
  return {DataValue::Object{{"pipeline_score", data_real(scores.pipeline_score)},
                            {"identity_score", data_real_or_null(scores.identity_score)},
                            {"mfi_score", data_real(scores.mfi_score)},
                            {"mfi_tier", data_integer(scores.mfi_tier)},
                            {"mfi_match_type", data_text(scores.mfi_match)},
                            {"tokenizer_score", data_real(scores.tokenizer_score)},
                            {"eas", data_real_or_null(signals.eas)},
                            {"nlf", data_real_or_null(signals.nlf)},
                            {"lep", data_real_or_null(signals.lep)},
                            {"end", data_real_or_null(signals.end)},
                            {"wvc", data_real_or_null(signals.wvc)},
                            {"tfv", data_real_or_null(signals.tfv)}}};
}

DataValue match_data(const ScanMatch& match) {
  return {DataValue::Object{{"asset_id", data_text(match.asset_id)},
                            {"model_id", data_text(match.model_id)},
                            {"family_id", data_text(match.family_id)},
                            {"family_name", data_text(match.family_name)},
                            {"param_bucket", data_text(match.param_bucket)},
                            {"match_type", data_text(match.match_type)},
                            {"scores", kit_scores(match)},
                            {"provenance_decision", data_text(match.scores.provenance_decision)},
                            {"elapsed_ms", milliseconds(match.elapsed_ms)},
                            {"publisher", data_text_or_null(match.publisher)},
                            {"source_uri", data_text_or_null(match.source_uri)},
                            {"weights_compared", data_truth(match.weights_compared)},
                            {"compared_by", data_text(compared_by_name(match.compared_by))},
                            {"equal_hashes", data_truth(match.equal_hashes)},
                            {"shared_words", data_count(match.shared_words)},
                            {"strength", data_real(match.strength)},
                            {"lineage", lineage_data(match.lineage)}}};
}

DataValue database_data(const ScannedDatabase& database) {
  return {DataValue::Object{
      {"path", data_text(database.path)},
      {"records", data_count(database.records)},
      {"candidates", data_count(database.candidates)},
      {"damaged", data_list(database.damaged,
                            [](const Error& damaged) { return data_text(damaged.to_string()); })},
      {"notes", data_texts(database.notes)}}};
}

}  // namespace

DataValue scan_data(const Scan& scan) {
  return {DataValue::Object{{"model_info", model_info(scan.model)},
                            {"matches", data_list(scan.matches, match_data)},
                            {"match_count", data_count(scan.matches.size())},
                            {"elapsed_ms", milliseconds(1000 * scan.total_seconds)},
                            {"extract_seconds", data_seconds(scan.extract_seconds)},
                            {"lookup_seconds", data_seconds(scan.lookup_seconds)},
                            {"schema_version", data_integer(kScanSchemaVersion)},
                            {"tool_version", data_text(kVersion)},
                            {"database", database_data(scan.database)},
                            {"model", model_data(scan.model.summary)}}};
}

}  // namespace prov::report
