# Arrow C++ is in no package of Debian 12. The pyarrow wheel of requirements-dev.txt carries it with its headers: where ./dev setup
# has installed it, the optional module for Parquet is built against it.
file(GLOB PROV_PYARROW_FOUND ${PROJECT_SOURCE_DIR}/.venv/lib/python3*/site-packages/pyarrow)
set(PROV_PYARROW "" CACHE PATH "Folder of the Python package pyarrow, for the module that reads and writes Parquet")
if(NOT PROV_PYARROW)
  set(PROV_PYARROW "${PROV_PYARROW_FOUND}")  # not kept: ./dev setup may install it later
endif()
file(GLOB PROV_ARROW_LIBRARIES ${PROV_PYARROW}/libarrow.so.* ${PROV_PYARROW}/libparquet.so.*)
list(LENGTH PROV_ARROW_LIBRARIES PROV_ARROW_COUNT)
set(PROV_HAS_ARROW FALSE)
if(PROV_PYARROW AND PROV_ARROW_COUNT EQUAL 2 AND EXISTS ${PROV_PYARROW}/include/parquet/arrow/reader.h)
  set(PROV_HAS_ARROW TRUE)
  add_library(prov_arrow INTERFACE)
  target_include_directories(prov_arrow SYSTEM INTERFACE ${PROV_PYARROW}/include)
  target_link_libraries(prov_arrow INTERFACE ${PROV_ARROW_LIBRARIES})
  message(STATUS "Parquet: with Arrow C++ in ${PROV_PYARROW}")
else()
  message(STATUS "Parquet: no pyarrow, so no module for it; ./dev setup installs it")
endif()
