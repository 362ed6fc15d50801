# Flags of our own targets; linked PRIVATE and never exported, so that a consumer never sees our warnings.
add_library(prov_flags INTERFACE)
target_compile_options(prov_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-align
  -Wnon-virtual-dtor -Woverloaded-virtual -Wdouble-promotion -Wformat=2 -Wswitch-enum
  -Wno-missing-field-initializers  # a designated initialiser leaves out what does not apply
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wsuggest-override>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # false positives on std::string in g++ 12 (GCC bug 105651)
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>  # libstdc++ 12's own std::stable_sort, seen by clang 19
  # Stored numbers must be the same on every CPU: no contraction into FMA, no fast-math anywhere.
  -ffp-contract=off
  -fstack-protector-strong
  $<$<CONFIG:Release>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>
  $<$<CONFIG:Debug>:-D_GLIBCXX_ASSERTIONS>)
target_link_options(prov_flags INTERFACE -Wl,-z,relro,-z,now)
if(PROV_SANITIZE)
  target_compile_options(prov_flags INTERFACE -fsanitize=${PROV_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(prov_flags INTERFACE -fsanitize=${PROV_SANITIZE})
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(PROV_DEVELOPER_MODE)
  find_program(PROV_CCACHE ccache)
  if(PROV_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${PROV_CCACHE})
  endif()
endif()
