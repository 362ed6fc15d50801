// A gated transformer of a few layers, filled with seeded numbers, and what may be done to it.
#pragma once

#include <string>
#include <vector>

#include "model/model.hpp"
#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {

struct SmallModel {
  struct Layer {
    numeric::Matrix gate, up, down_t;  // down_t: one row a hidden unit, as gate and up
  };
  numeric::Matrix embedding, head;
  std::vector<Layer> layers;

  SmallModel(std::size_t depth, std::size_t hidden, std::size_t width, std::size_t tokens,
             std::uint64_t seed)
      : embedding(random_matrix(tokens, width, seed)),
        head(random_matrix(tokens, width, seed + 1)) {
    for (std::size_t i = 0; i < depth; ++i) {
      const std::uint64_t own = seed + 10 * (i + 1);
      layers.push_back({random_matrix(hidden, width, own), random_matrix(hidden, width, own + 1),
                        random_matrix(hidden, width, own + 2)});
    }
  }

  void shuffle_units(std::uint64_t seed) {
    for (Layer& layer : layers) {
      const auto order = random_order(layer.gate.rows, seed++);
      for (numeric::Matrix* matrix : {&layer.gate, &layer.up, &layer.down_t})
        *matrix = reordered(*matrix, order);
    }
  }
  void rotate_stream(std::uint64_t seed) {
    embedding = rotated(embedding, seed);
    head = rotated(head, seed);
    for (Layer& layer : layers) {
      for (numeric::Matrix* matrix : {&layer.gate, &layer.up, &layer.down_t})
        *matrix = rotated(*matrix, seed);
    }
  }

  /// Tokens are "t0", "t1", ...; without a tokenizer if asked.
  model::Model opened(bool with_tokenizer = true) const {
    tests::Safetensors tensors;
    const auto shape = [](const numeric::Matrix& m) {
      return tests::Safetensors::Shape{m.rows, m.columns};
    };
    tensors.f32("model.embed_tokens.weight", shape(embedding), embedding.values);
    tensors.f32("lm_head.weight", shape(head), head.values);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::string mlp = "model.layers." + std::to_string(i) + ".mlp.";
      const numeric::Matrix down = numeric::transposed(layers[i].down_t);
      tensors.f32(mlp + "gate_proj.weight", shape(layers[i].gate), layers[i].gate.values);
      tensors.f32(mlp + "up_proj.weight", shape(layers[i].up), layers[i].up.values);
      tensors.f32(mlp + "down_proj.weight", shape(down), down.values);
    }
    model::Model model;
    model.checkpoint = forensics::opened(tensors);
    if (!with_tokenizer) return model;
    model.tokenizer.emplace();
    for (std::uint32_t id = 0; id < embedding.rows; ++id)
      model.tokenizer->vocabulary.emplace_back("t" + std::to_string(id), id);
    return model;
  }
};

}  // namespace prov::forensics
