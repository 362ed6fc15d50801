// Early return of an Error: `PROV_TRY(auto header, read_header(source));` and
// `PROV_CHECK(validate(header));`.
#pragma once

#include "provenancekit/result.hpp"

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses.
#define PROV_CONCAT_INNER(a, b) a##b
#define PROV_CONCAT(a, b) PROV_CONCAT_INNER(a, b)

#define PROV_TRY_INNER(declaration, expression, temporary) \
  auto temporary = (expression);                           \
  if (!temporary) return std::move(temporary).error();     \
  declaration = *std::move(temporary)

#define PROV_TRY(declaration, expression) \
  PROV_TRY_INNER(declaration, expression, PROV_CONCAT(prov_result_, __LINE__))
// NOLINTEND(bugprone-macro-parentheses)

#define PROV_CHECK(expression)                                                                \
  do {                                                                                        \
    if (auto prov_status = (expression); !prov_status) return std::move(prov_status).error(); \
  } while (false)
