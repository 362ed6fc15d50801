// The command line as values. CLI11 stays behind this header: it is slow to compile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cli/fail_on.hpp"
#include "cli/report_request.hpp"
#include "cli/terminal.hpp"
#include "provenancekit/compare.hpp"

namespace prov::cli {

/// What a command writes, and where.
struct OutputArguments {
  std::vector<ReportRequest> reports;  // at least one, at most one for standard output
  ColourChoice colour = ColourChoice::automatic;
  Depth depth = Depth::standard;
  bool depth_given = false;  // else a model elsewhere is compared at depth fast
  bool timing = false;
  bool progress = true;
  bool quiet = false;
  bool verbose = false;
  bool offline = false;
  bool bandwidth = false;
};

/// Which cache of features; the default one where nothing was said.
struct CacheChoice {
  std::optional<std::string> folder;  // --cache-dir
  bool off = false;                   // --no-cache
};

struct CompareArguments : OutputArguments {
  std::string model_a, model_b;  // as typed
  std::vector<const FailCondition*> fail_on;
  CacheChoice cache;
  bool trust_remote_code = false;
};

struct DecomposeArguments : OutputArguments {
  std::string child, base;  // as typed; the base may be empty
  std::vector<std::string> candidates;
};

/// Which database; empty where it was not said.
struct DatabaseChoice {
  std::optional<std::string> file;  // --db
  std::optional<std::string> root;  // --db-root
};

struct ScanArguments : OutputArguments {
  std::string model;  // as typed
  DatabaseChoice database;
  std::optional<std::size_t> top_k;  // >= 1
  std::optional<double> threshold;   // [0, 1]
  std::string publisher, family;     // empty: any
  std::vector<LineageClass> relations;
  CacheChoice cache;
  bool trust_remote_code = false;
};

struct DatabaseArguments : OutputArguments {
  std::string action;  // one of database_actions()
  DatabaseChoice choice;
  std::vector<std::string> operands;  // files or names of records, as typed
  std::string publisher, family;      // of `list` and `add`
  std::string id, licence;            // of `add`; empty: not given
  std::optional<std::uint64_t> limit;
  std::string key_file;        // empty: none
  std::string parquet;         // of `export`: the folder of tables; empty: none
  std::string catalog;         // of `build`
  std::size_t jobs = 0;        // of `build`: models at a time; 0: as many as seems good
  std::optional<Depth> depth;  // of `add` and `build`; absent: fast for models elsewhere
  bool replace = false;
};

struct CacheArguments : OutputArguments {
  std::string action;  // "info", "clear" or "prune"
  std::optional<std::string> folder;
  std::uint64_t limit = 0;  // bytes, of `prune`
};

/// Which part of a list of models one of several processes takes: those whose position, counted
/// from 0, leaves `index` - 1 when divided by `count`.
struct Shard {
  std::size_t index = 1, count = 1;  // 1 <= index <= count
};

struct FingerprintArguments : OutputArguments {
  std::vector<std::string> models;  // as typed
  std::string output;               // a folder, or a file where its name ends in .fp
  Shard shard;
  std::optional<Depth> depth;  // absent: fast for models that are not on this machine
  std::size_t jobs = 0;        // models at a time; 0: as many as seems good
};

struct InspectArguments : OutputArguments {
  std::string reference;  // as typed
};

struct VerifyQuantArguments : OutputArguments {
  std::string quantised, source;  // as typed
};

/// Print this on standard output and end: help, version.
struct PrintText {
  std::string text;
};

struct UsageError {
  std::string usage;    // "usage: ..." with line feeds
  std::string program;  // "provenancekit" or "provenancekit compare"
  std::string message;
};

using Invocation = std::variant<CompareArguments, ScanArguments, DecomposeArguments,
                                FingerprintArguments, InspectArguments, VerifyQuantArguments,
                                DatabaseArguments, CacheArguments, PrintText, UsageError>;

/// What the user asks for. `arguments` without the program's name.
Invocation parse_arguments(std::span<const std::string> arguments);

}  // namespace prov::cli
