// Every pair of some models by their fingerprints, one line a pair: the numbers behind
// docs/fingerprint.md. Called by fingerprint_zoo.py with the folders of a zoo. --sampled: one side
// of each pair is known by samples of its weights, as a model on another machine is.
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
#include "verdict/fingerprint_lineage.hpp"

namespace {

using prov::fingerprint::Sketch;
using prov::fingerprint::Standard;

struct Known {
  std::string name;
  prov::fingerprint::FingerprintFile file;
};

std::optional<Known> read(const std::string& folder, prov::Depth depth) {
  const auto model = prov::fingerprint_model(folder, {.depth = depth});
  if (!model) {
    fmt::print(stderr, "{}\n", model.error().to_string());
    return std::nullopt;
  }
  const auto file = prov::fingerprint::decode_fingerprint(model->file, folder);
  if (!file) {
    fmt::print(stderr, "{}\n", file.error().to_string());
    return std::nullopt;
  }
  if (depth != prov::Depth::fast) {
    fmt::print("model\t{}\t{}\t{}\t{}\t{}\t{}\n", folder, model->words, model->sketch_bytes,
               model->standard_bytes, model->file.size(), file->standard->missing);
  }
  return Known{folder, *file};
}

std::string line(const Known& a, const Known& b) {
  namespace fp = prov::fingerprint;
  const Standard &in_a = *a.file.standard, &in_b = *b.file.standard;
  const Sketch &sketch_a = *a.file.sketch, &sketch_b = *b.file.sketch;
  const auto search = fp::compare_responses(in_a, in_b);
  const auto hidden = fp::compare_samples(in_a, in_b);
  double order = 0, geometry = 0, cosine = 0, cka = 0;
  for (const auto& cell : hidden.order.cells) order = std::max(order, cell ? cell->z : 0);
  for (const auto& cell : hidden.geometry.cells) geometry = std::max(geometry, cell ? cell->z : 0);
  for (const auto& cell : hidden.order.cells) cosine = std::max(cosine, cell ? cell->effect : 0);
  for (const auto& cell : hidden.geometry.cells) cka = std::max(cka, cell ? cell->effect : 0);
  return fmt::format(
      "pair\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{:.4f}\t{}\t{:.2f}\t{:.1f}\t{:.1f}\t{}\t{:.3f}\t{:.3f}\t{}"
      "\n",
      a.name, b.name, fp::shared_words(sketch_a.words, sketch_b.words),
      std::min(sketch_a.words.size(), sketch_b.words.size()),
      fp::differing_bits(sketch_a.positional, sketch_b.positional),
      fp::differing_bits(sketch_a.hidden_axis, sketch_b.hidden_axis), search.tokens_used,
      search.tokens.share(), search.tokens.agreeing, search.tokens.log10_p, order, geometry,
      search.tokens.units, cosine, cka,
      prov::lineage_class_name(
          prov::verdict::lineage_of_fingerprints(a.file, b.file).lineage_class));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> folders(argv + 1, argv + argc);
  const bool sampled = !folders.empty() && folders.front() == "--sampled";
  if (sampled) folders.erase(folders.begin());
  std::vector<Known> models, samples;
  for (const std::string& folder : folders) {
    auto model = read(folder, prov::Depth::standard);
    if (!model) continue;
    models.push_back(*std::move(model));
    if (!sampled) continue;
    if (auto sample = read(folder, prov::Depth::fast)) samples.push_back(*std::move(sample));
  }
  std::fflush(stdout);
  if (sampled && samples.size() != models.size()) return 1;
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (std::size_t j = sampled ? 0 : i + 1; j < models.size(); ++j) {
      if (i != j) fmt::print("{}", line(sampled ? samples[i] : models[i], models[j]));
    }
  }
}
