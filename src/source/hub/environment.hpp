// What the environment says about the Hub, as its own client reads it (huggingface_hub).
#pragma once

#include <filesystem>
#include <string>

namespace prov::source {

inline constexpr const char* kHub = "https://huggingface.co";

struct HubEnvironment {
  std::string endpoint;         // HF_ENDPOINT, without "/" at its end
  std::string token;            // HF_TOKEN, HUGGING_FACE_HUB_TOKEN, or the file; empty: none
  std::filesystem::path cache;  // HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, or hub/ in HF_HOME
  bool offline = false;         // HF_HUB_OFFLINE, TRANSFORMERS_OFFLINE, go_offline()
};

/// Not thread-safe against changes of the environment.
HubEnvironment hub_environment();
/// Its `endpoint` alone.
std::string hub_endpoint();

}  // namespace prov::source
