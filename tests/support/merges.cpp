#include "support/merges.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <optional>

#include "model/row_reader.hpp"
#include "support/checkpoint_builder.hpp"
#include "unit/forensics/random_matrix.hpp"

namespace prov::tests {
namespace {

using forensics::RandomSource;

/// One tensor of the result from the same tensor of each model.
using Combine = std::function<std::vector<double>(const std::vector<const std::vector<float>*>&)>;

Weights combined(const std::vector<const Weights*>& models, const Combine& combine) {
  Weights result;
  for (const auto& [name, tensor] : *models.front()) {
    std::vector<const std::vector<float>*> values;
    for (const Weights* model : models) values.push_back(&model->at(name).values);
    const std::vector<double> mixed = combine(values);
    result[name] = {tensor.shape, std::vector<float>(mixed.begin(), mixed.end())};
  }
  return result;
}

std::vector<const Weights*> models_of(const std::vector<Share>& parents) {
  std::vector<const Weights*> models;
  for (const Share& parent : parents) models.push_back(parent.second);
  return models;
}

std::vector<const Weights*> base_and(const Weights& base, const std::vector<Share>& parents) {
  std::vector<const Weights*> models = models_of(parents);
  models.insert(models.begin(), &base);
  return models;
}

/// parent - base, weighted, with dropped elements 0: one vector a parent.
using Differences = std::vector<std::vector<double>>;

Differences differences(const std::vector<const std::vector<float>*>& values) {
  Differences result;
  for (std::size_t p = 1; p < values.size(); ++p) {
    result.emplace_back();
    for (std::size_t i = 0; i < values[0]->size(); ++i) {
      result.back().push_back(static_cast<double>((*values[p])[i]) -
                              static_cast<double>((*values[0])[i]));
    }
  }
  return result;
}

/// The mean of the differences that have the sign of their sum, by weight; 0 where there is none.
double elected(const Differences& kept, const std::vector<Share>& parents, std::size_t i) {
  double sum = 0, agreeing = 0, weight = 0;
  for (std::size_t p = 0; p < kept.size(); ++p) sum += parents[p].first * kept[p][i];
  for (std::size_t p = 0; p < kept.size(); ++p) {
    if (kept[p][i] * sum <= 0) continue;
    agreeing += parents[p].first * kept[p][i];
    weight += parents[p].first;
  }
  return weight == 0 ? 0 : agreeing / weight;
}

void trim(std::vector<double>& difference, double density) {
  std::vector<double> sizes;
  for (const double value : difference) sizes.push_back(std::abs(value));
  const auto dropped =
      static_cast<std::ptrdiff_t>(static_cast<double>(sizes.size()) * (1 - density));
  std::nth_element(sizes.begin(), sizes.begin() + dropped, sizes.end());
  const double least = sizes[static_cast<std::size_t>(dropped)];
  for (double& value : difference) value = std::abs(value) >= least ? value : 0;
}

/// "model.layers.", 3 and ".mlp.up_proj.weight"; GPT-2 has "h." for "model.layers.".
struct LayerName {
  std::string before;
  int layer;
  std::string after;
};
std::optional<LayerName> layer_name(const std::string& name) {
  for (const std::string marker : {"layers.", "h."}) {
    const std::size_t found = name.find(marker);
    if (found == std::string::npos) continue;
    const std::size_t begin = found + marker.size();
    const std::size_t end = name.find_first_not_of("0123456789", begin);
    if (end == std::string::npos || end == begin) continue;
    return LayerName{name.substr(0, begin), std::stoi(name.substr(begin, end - begin)),
                     name.substr(end)};
  }
  return std::nullopt;
}

}  // namespace

Weights read_weights(const model::Checkpoint& checkpoint) {
  Weights weights;
  for (const model::Tensor& tensor : checkpoint.tensors) {
    WeightTensor& read = weights[tensor.info.name];
    read.shape = tensor.info.shape;
    read.values.resize(tensor.elements());
    const auto status = model::RowReader(checkpoint, tensor).read_elements(0, read.values);
    EXPECT_TRUE(status.has_value()) << tensor.info.name;
  }
  return weights;
}

Weights as_bf16(Weights weights) {
  for (auto& [name, tensor] : weights) {
    for (float& value : tensor.values) {
      auto bits = std::bit_cast<std::uint32_t>(value);
      bits += 0x7FFFU + ((bits >> 16U) & 1U);  // to nearest, ties to even
      value = std::bit_cast<float>(bits & 0xFFFF0000U);
    }
  }
  return weights;
}

Weights random_llama(int layers, std::uint64_t seed) {
  constexpr std::uint64_t kWidth = 64, kHidden = 96, kTokens = 128;
  RandomSource random(seed);
  Weights weights;
  const auto add = [&](const std::string& name, std::vector<std::uint64_t> shape) {
    std::size_t count = 1;
    for (const std::uint64_t size : shape) count *= size;
    const bool is_gain = shape.size() == 1;
    std::vector<float> values(count);
    for (float& value : values) value = (is_gain ? 1.0F : 0.0F) + 0.05F * random.normal();
    weights[name] = {std::move(shape), std::move(values)};
  };
  add("model.embed_tokens.weight", {kTokens, kWidth});
  add("model.norm.weight", {kWidth});
  add("lm_head.weight", {kTokens, kWidth});
  for (int layer = 0; layer < layers; ++layer) {
    const std::string prefix = "model.layers." + std::to_string(layer) + '.';
    for (const char* part : {"q", "k", "v", "o"})
      add(prefix + "self_attn." + part + "_proj.weight", {kWidth, kWidth});
    add(prefix + "mlp.gate_proj.weight", {kHidden, kWidth});
    add(prefix + "mlp.up_proj.weight", {kHidden, kWidth});
    add(prefix + "mlp.down_proj.weight", {kWidth, kHidden});
    add(prefix + "input_layernorm.weight", {kWidth});
    add(prefix + "post_attention_layernorm.weight", {kWidth});
  }
  return as_bf16(std::move(weights));
}

Weights moved(const Weights& base, double relative, std::uint64_t seed) {
  RandomSource random(seed);
  Weights result = base;
  for (auto& [name, tensor] : result) {
    double square = 0;
    for (const float value : tensor.values) square += static_cast<double>(value * value);
    const auto step = static_cast<float>(
        relative * std::sqrt(square / static_cast<double>(tensor.values.size())));
    for (float& value : tensor.values) value += step * random.normal();
  }
  return as_bf16(std::move(result));
}

Weights shifted_tuning(const Weights& base, const Weights& tuned, std::size_t shift) {
  return as_bf16(combined({&base, &tuned}, [&](const auto& values) {
    const std::vector<float>&from = *values[0], &to = *values[1];
    std::vector<double> result;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::size_t other = (i + shift) % from.size();
      result.push_back(static_cast<double>(from[i]) + static_cast<double>(to[other]) -
                       static_cast<double>(from[other]));
    }
    return result;
  }));
}

Weights linear(const std::vector<Share>& parents) {
  return combined(models_of(parents), [&](const auto& values) {
    std::vector<double> result(values[0]->size(), 0);
    for (std::size_t p = 0; p < parents.size(); ++p) {
      for (std::size_t i = 0; i < result.size(); ++i)
        result[i] += parents[p].first * static_cast<double>((*values[p])[i]);
    }
    return result;
  });
}

Weights slerp(const Weights& a, const Weights& b, double t) {
  return combined({&a, &b}, [&](const auto& values) {
    double aa = 0, bb = 0, ab = 0;
    for (std::size_t i = 0; i < values[0]->size(); ++i) {
      const auto x = static_cast<double>((*values[0])[i]), y = static_cast<double>((*values[1])[i]);
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
    const double angle = std::acos(std::clamp(ab / std::sqrt(aa * bb), -1.0, 1.0));
    const bool near = angle < 1e-3;
    const double weight_a = near ? 1 - t : std::sin((1 - t) * angle) / std::sin(angle);
    const double weight_b = near ? t : std::sin(t * angle) / std::sin(angle);
    std::vector<double> result;
    for (std::size_t i = 0; i < values[0]->size(); ++i) {
      result.push_back(weight_a * static_cast<double>((*values[0])[i]) +
                       weight_b * static_cast<double>((*values[1])[i]));
    }
    return result;
  });
}

Weights task_arithmetic(const Weights& base, const std::vector<Share>& parents) {
  return combined(base_and(base, parents), [&](const auto& values) {
    const Differences tasks = differences(values);
    std::vector<double> result(values[0]->begin(), values[0]->end());
    for (std::size_t p = 0; p < parents.size(); ++p) {
      for (std::size_t i = 0; i < result.size(); ++i) result[i] += parents[p].first * tasks[p][i];
    }
    return result;
  });
}

Weights ties(const Weights& base, const std::vector<Share>& parents, double density) {
  return combined(base_and(base, parents), [&](const auto& values) {
    Differences tasks = differences(values);
    for (std::vector<double>& task : tasks) trim(task, density);
    std::vector<double> result(values[0]->begin(), values[0]->end());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] += elected(tasks, parents, i);
    return result;
  });
}

Weights dare(const Weights& base, const std::vector<Share>& parents, double density, bool elect,
             std::uint64_t seed) {
  RandomSource random(seed);
  return combined(base_and(base, parents), [&](const auto& values) {
    Differences tasks = differences(values);
    for (std::vector<double>& task : tasks) {
      for (double& value : task) value = random.uniform() < density ? value / density : 0;
    }
    std::vector<double> result(values[0]->begin(), values[0]->end());
    for (std::size_t i = 0; i < result.size(); ++i) {
      if (elect) result[i] += elected(tasks, parents, i);
      for (std::size_t p = 0; !elect && p < parents.size(); ++p)
        result[i] += parents[p].first * tasks[p][i];
    }
    return result;
  });
}

Weights passthrough(const std::vector<Slice>& slices) {
  Weights result;
  for (const auto& [name, tensor] : *slices.front().source) {
    if (!layer_name(name)) result[name] = tensor;
  }
  int begin = 0;
  for (const Slice& slice : slices) {
    for (const auto& [name, tensor] : *slice.source) {
      const auto parts = layer_name(name);
      if (!parts || parts->layer < slice.first || parts->layer > slice.last) continue;
      result[parts->before + std::to_string(begin + parts->layer - slice.first) + parts->after] =
          tensor;
    }
    begin += slice.last - slice.first + 1;
  }
  return result;
}

std::string write_model(const TempFolder& folder, const std::string& name, const Weights& weights,
                        bool as_f32) {
  Safetensors file;
  for (const auto& [tensor_name, tensor] : weights) {
    if (as_f32) {
      file.f32(tensor_name, tensor.shape, tensor.values);
    } else {
      file.bf16(tensor_name, tensor.shape, tensor.values);
    }
  }
  folder.write(name + "/model.safetensors", file.bytes());
  return folder.string() + '/' + name;
}

}  // namespace prov::tests
