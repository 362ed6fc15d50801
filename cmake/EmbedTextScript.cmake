file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
file(WRITE ${OUTPUT} "#include <string_view>\n
namespace prov::embedded {
namespace {
constexpr char bytes[] = {${bytes}};
}
extern const std::string_view ${NAME};
const std::string_view ${NAME}(bytes, sizeof bytes);
}  // namespace prov::embedded\n")
