// The closed list of renderers. Each lays out a Document in one format and ends with a line feed.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "provenancekit/report.hpp"
#include "report/document.hpp"

namespace prov::report {

struct Renderer {
  std::string_view name;
  std::string (*render)(const Document& document, const ReportStyle& style);
};

std::span<const Renderer> renderers();

/// Error invalid_argument for an unknown format.
Result<std::string> render(const Document& document, std::string_view format,
                           const ReportStyle& style);

std::string render_table(const Document& document, const ReportStyle& style);
std::string render_plain(const Document& document, const ReportStyle& style);
std::string render_json(const Document& document, const ReportStyle& style);

}  // namespace prov::report
