#include "search/known_models.hpp"

#include <filesystem>
#include <system_error>

#include "search/catalogued_models.hpp"
#include "search/recorded_models.hpp"

namespace prov::search {

Result<std::unique_ptr<KnownModels>> open_known_models(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error) ? open_catalogued_models(path)
                                                    : open_recorded_models(path);
}

}  // namespace prov::search
