#include "report/renderers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/comparison_document.hpp"
#include "report/decomposition_document.hpp"
#include "report/fingerprint_document.hpp"
#include "report/inspection_document.hpp"
#include "report/scan_document.hpp"
#include "report/verification_document.hpp"

namespace prov {
namespace report {
namespace {

constexpr std::array kRenderers = {
    Renderer{"table", render_table},
    Renderer{"plain", render_plain},
    Renderer{"json", render_json},
};

}  // namespace

std::span<const Renderer> renderers() { return kRenderers; }

}  // namespace report

std::vector<std::string_view> report_formats() {
  std::vector<std::string_view> names;
  for (const report::Renderer& renderer : report::renderers()) names.push_back(renderer.name);
  return names;
}

namespace {

/// `make_document` is called only where a renderer takes the document.
template <class MakeDocument>
Result<std::string> render_document(MakeDocument make_document, std::string_view format,
                                    const ReportStyle& style) {
  for (const report::Renderer& renderer : report::renderers()) {
    if (renderer.name == format) return renderer.render(make_document(), style);
  }
  Error error;
  error.message = fmt::format("no report format is called \"{}\"", format);
  error.hint = fmt::format("known are {}", fmt::join(report_formats(), ", "));
  return error;
}

}  // namespace

Result<std::string> render(const Comparison& comparison, std::string_view format,
                           const ReportStyle& style) {
  return render_document([&] { return report::comparison_document(comparison, style); }, format,
                         style);
}

Result<std::string> render(const Decomposition& decomposition, std::string_view format,
                           const ReportStyle& style) {
  return render_document([&] { return report::decomposition_document(decomposition); }, format,
                         style);
}

Result<std::string> report::render(const Document& document, std::string_view format,
                                   const ReportStyle& style) {
  return render_document([&]() -> const Document& { return document; }, format, style);
}

Result<std::string> render(const FingerprintRun& run, std::string_view format,
                           const ReportStyle& style) {
  return render_document([&] { return report::fingerprint_document(run); }, format, style);
}

Result<std::string> render(const Inspection& inspection, std::string_view format,
                           const ReportStyle& style) {
  return render_document([&] { return report::inspection_document(inspection); }, format, style);
}

Result<std::string> render(const QuantVerification& verification, std::string_view format,
                           const ReportStyle& style) {
  return render_document([&] { return report::verification_document(verification); }, format,
                         style);
}

Result<std::string> render(const Scan& scan, std::string_view format, const ReportStyle& style) {
  return render_document([&] { return report::scan_document(scan, style); }, format, style);
}

}  // namespace prov
