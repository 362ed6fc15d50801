// What every renderer takes: the same facts three times, each in the form that one kind of reader
// needs. All choices (which facts, what order, how many digits, which words) are made when a
// Document is built; a renderer only lays out what it finds.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "report/data_value.hpp"

namespace prov::report {

/// What a piece of text means to the reader. A renderer without colours ignores it.
enum class Tone { neutral, heading, related, unrelated, caution, warning, faint };

/// One "key: value" line; without a key, the value alone. `column` is where the value begins when
/// the key is shorter than that.
struct Line {
  std::string key;
  std::string value;
  unsigned column = 0;
};

struct Headline {
  std::string text;
  Tone tone = Tone::neutral;
};

/// Sentences under a title; no title, no title line.
struct Sentences {
  std::string title;
  std::vector<std::string> items;
  Tone tone = Tone::neutral;
};

struct Cell {
  std::string text;
  Tone tone = Tone::neutral;
};

struct Column {
  std::string title;
  bool right_aligned = false;
};

struct Row {
  std::vector<Cell> cells;      // as many as there are columns
  bool begins_section = false;  // a rule is drawn above
};

struct Table {
  std::string title;
  std::vector<Column> columns;
  std::vector<Row> rows;
};

using Block = std::variant<Headline, Sentences, Table>;

struct Document {
  DataValue data;           // for programs: json
  std::vector<Line> lines;  // for scripts: plain
  std::vector<Block> page;  // for people: table
};

}  // namespace prov::report
