include(CMakePackageConfigHelpers)

set(PROV_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/provenancekit)

install(TARGETS provenancekit_tool RUNTIME COMPONENT tool)
install(FILES docs/man/provenancekit.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tool OPTIONAL)

install(TARGETS provenancekit EXPORT provenancekit COMPONENT development FILE_SET HEADERS COMPONENT development)
install(EXPORT provenancekit NAMESPACE provenancekit:: FILE provenancekitTargets.cmake DESTINATION ${PROV_CMAKE_DIR}
  COMPONENT development)
configure_package_config_file(cmake/provenancekitConfig.cmake.in provenancekitConfig.cmake
  INSTALL_DESTINATION ${PROV_CMAKE_DIR})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(provenancekitConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/provenancekitConfig.cmake ${PROJECT_BINARY_DIR}/provenancekitConfigVersion.cmake
  DESTINATION ${PROV_CMAKE_DIR} COMPONENT development)

install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT tool)

set(CPACK_PACKAGE_VENDOR "The provenancekit authors")
set(CPACK_PACKAGE_CONTACT "The provenancekit authors <provenancekit@users.noreply.example>")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL tool)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # the libraries of docs/dependencies.md, as the linker sees them
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libcurl4 | libcurl4t64")  # opened when it is needed: the linker does not see it
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
include(CPack)
