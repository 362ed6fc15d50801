# prov_embed_text(<target> <name> <file>): makes `extern const std::string_view prov::embedded::<name>` from a data file.
# The text is written as an integer array: raw string literals are limited to 64 KiB by some compilers.
function(prov_embed_text target name file)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}_embedded.cpp)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DOUTPUT=${output}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedTextScript.cmake
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${PROJECT_SOURCE_DIR}/cmake/EmbedTextScript.cmake
    VERBATIM)
  # The target lives in another directory, which does not see this command: name the dependency.
  add_custom_target(${name}_embedded DEPENDS ${output})
  add_dependencies(${target} ${name}_embedded)
  set_source_files_properties(${output} TARGET_DIRECTORY ${target} PROPERTIES GENERATED TRUE)
  target_sources(${target} PRIVATE ${output})
endfunction()
