#include "report/fact_sheet.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"
#include "provenancekit/version.hpp"
#include "report/data_building.hpp"
#include "report/number_text.hpp"
#include "report/renderers.hpp"

namespace prov::report {
namespace {

// JSON as the renderer writes it, on one line.
std::string on_one_line(const DataValue& value) {
  std::string text = render_json({value, {}, {}}, {}), line;
  bool after_break = false;
  for (const char c : text) {
    if (c == '\n') {
      if (line.ends_with(',')) line += ' ';
      after_break = true;
    } else if (!after_break || c != ' ') {
      line += c;
      after_break = false;
    }
  }
  return line;
}

DataValue table_data(const FactTable& table) {
  return data_list(table.rows, [&](const std::vector<DataValue>& row) {
    DataValue::Object object;
    for (std::size_t i = 0; i < row.size(); ++i) object.push_back({table.columns[i].key, row[i]});
    return DataValue{std::move(object)};
  });
}

DataValue sheet_data(const FactSheet& sheet, int schema_version) {
  DataValue::Object object;
  for (const Fact& fact : sheet.facts) object.push_back({fact.key, fact.value});
  for (const FactTable& table : sheet.tables) object.push_back({table.key, table_data(table)});
  object.push_back({"schema_version", data_integer(schema_version)});
  object.push_back({"tool_version", data_text(kVersion)});
  return {std::move(object)};
}

std::vector<Line> sheet_lines(const FactSheet& sheet) {
  std::vector<Line> lines;
  for (const Fact& fact : sheet.facts) lines.push_back({fact.key, value_text(fact.value)});
  for (const FactTable& table : sheet.tables) {
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        lines.push_back({fmt::format("{}_{}_{}", table.row_key, row + 1, table.columns[i].key),
                         value_text(table.rows[row][i])});
      }
    }
  }
  return lines;
}

Table fact_table(const FactSheet& sheet) {
  Table table{"", {{"Fact"}, {"Value"}}, {}};
  for (const Fact& fact : sheet.facts) {
    const std::string shown =
        fact.shown.empty() ? value_text(fact.value) : base::printable(fact.shown);
    table.rows.push_back({{{fact.label}, {shown}}});
  }
  return table;
}

Table page_table(const FactTable& from) {
  Table table{from.title, {}, {}};
  for (const FactColumn& column : from.columns)
    table.columns.push_back({column.title, column.right_aligned});
  for (const std::vector<DataValue>& values : from.rows) {
    Row row;
    for (const DataValue& value : values) row.cells.push_back({value_text(value)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<Block> sheet_page(const FactSheet& sheet) {
  std::vector<Block> page;
  page.emplace_back(Headline{base::printable(sheet.title), Tone::heading});
  for (const Headline& headline : sheet.headlines) page.emplace_back(headline);
  if (!sheet.facts.empty()) page.emplace_back(fact_table(sheet));
  for (const FactTable& table : sheet.tables) page.emplace_back(page_table(table));
  return page;
}

}  // namespace

std::string value_text(const DataValue& value) {
  struct Text {
    std::string operator()(std::nullptr_t) const { return "N/A"; }
    std::string operator()(bool truth) const { return truth ? "yes" : "no"; }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(std::uint64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const { return significant(number, 6); }
    std::string operator()(const std::string& text) const { return base::printable(text); }
    std::string operator()(const DataValue::List& list) const { return on_one_line({list}); }
    std::string operator()(const DataValue::Object& object) const { return on_one_line({object}); }
  };
  return std::visit(Text{}, value.content);
}

Document fact_document(const FactSheet& sheet, int schema_version) {
  return {sheet_data(sheet, schema_version), sheet_lines(sheet), sheet_page(sheet)};
}

}  // namespace prov::report
