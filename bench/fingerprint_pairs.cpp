// Every pair of some models by their fingerprints, one line a pair: the numbers behind
// docs/fingerprint.md. Called by fingerprint_zoo.py with the folders of a zoo.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "base/parallel_for.hpp"
#include "fingerprint/compare_responses.hpp"
#include "fingerprint/compare_samples.hpp"
#include "fingerprint/fingerprint_codec.hpp"
#include "fingerprint/neuron_words.hpp"
#include "fingerprint/sign_projection.hpp"
#include "provenancekit/fingerprint.hpp"

namespace {

using prov::fingerprint::Sketch;
using prov::fingerprint::Standard;

struct Known {
  std::string name;
  Sketch sketch;
  Standard standard;
};

std::optional<Known> read(const std::string& folder) {
  const auto model = prov::fingerprint_model(folder);
  if (!model) {
    fmt::print(stderr, "{}\n", model.error().to_string());
    return std::nullopt;
  }
  const auto file = prov::fingerprint::decode_fingerprint(model->file, folder);
  if (!file) {
    fmt::print(stderr, "{}\n", file.error().to_string());
    return std::nullopt;
  }
  fmt::print("model\t{}\t{}\t{}\t{}\t{}\t{}\n", folder, model->words, model->sketch_bytes,
             model->standard_bytes, model->file.size(), file->standard->missing);
  return Known{folder, *file->sketch, *file->standard};
}

std::string line(const Known& a, const Known& b) {
  namespace fp = prov::fingerprint;
  const auto search = fp::compare_responses(a.standard, b.standard);
  const auto hidden = fp::compare_samples(a.standard, b.standard);
  double order = 0, geometry = 0;
  for (const auto& cell : hidden.order.cells) order = std::max(order, cell ? cell->z : 0);
  for (const auto& cell : hidden.geometry.cells) geometry = std::max(geometry, cell ? cell->z : 0);
  return fmt::format("pair\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{:.4f}\t{}\t{:.2f}\t{:.1f}\t{:.1f}\t{}\n",
                     a.name, b.name, fp::shared_words(a.sketch.words, b.sketch.words),
                     std::min(a.sketch.words.size(), b.sketch.words.size()),
                     fp::differing_bits(a.sketch.positional, b.sketch.positional),
                     fp::differing_bits(a.sketch.hidden_axis, b.sketch.hidden_axis),
                     search.tokens_used, search.tokens.share(), search.tokens.agreeing,
                     search.tokens.log10_p, order, geometry, search.tokens.units);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> folders(argv + 1, argv + argc);
  std::vector<Known> models;
  for (const std::string& folder : folders) {
    if (auto model = read(folder)) models.push_back(*std::move(model));
  }
  std::fflush(stdout);
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (std::size_t j = i + 1; j < models.size(); ++j)
      fmt::print("{}", line(models[i], models[j]));
  }
}
