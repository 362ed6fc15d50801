#include "unit/report/sample_databases.hpp"

#include "report/database_document.hpp"

namespace prov::test {
namespace {

// Moves the cursor, forges a line, turns the direction of writing, is no UTF-8.
constexpr std::string_view kHostile = "org/\x1b[2Jx\nsound: yes\xe2\x80\xae\xff";

}  // namespace

report::Document damaged_database() {
  store::Verification result;
  result.records = 1234567;
  result.parts = 3703701;
  result.words = 98765432;
  result.bytes = 15032385536;
  result.seal = store::SealState::unchecked;
  result.damage = {{"org/model", "the record \"org/model\" is damaged: sketch is missing"},
                   {"word index", "3 rows belong to no record"}};
  result.damage_count = 2;
  return report::verification_document("models.db", result);
}

report::Document hostile_transfer() {
  store::Transfer transfer;
  transfer.added = 5;
  transfer.kept_count = transfer.damage_count = 1;
  transfer.kept = {std::string(kHostile)};
  transfer.damage = {{std::string(kHostile), std::string(kHostile)}};
  return report::transfer_document("merge", std::string(kHostile),
                                   {{std::string(kHostile), transfer, "unsigned"}});
}

report::Document hostile_record() {
  store::RecordSummary record;
  record.id = record.publisher = record.source = kHostile;
  record.has_weights = true;
  record.word_count = 512;
  record.metadata_json =
      R"({"list": [1, 2.5, null, true, "\u001b[2J"], "empty": {}, "line": "a\nb"})";
  return report::record_document(record, {{"sketch", 8192, {}}, {std::string(kHostile), 0, {}}});
}

}  // namespace prov::test
