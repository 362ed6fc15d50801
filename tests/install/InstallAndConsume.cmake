# Installs BUILD below SCRATCH, moves the tree, builds CONSUMER against it, and runs both programs on models of ZOO and a database of one of them.
function(run out)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nexit code ${code}\n${output}")
  endif()
  set(${out} "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
run(log ${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/first)
file(RENAME ${SCRATCH}/first ${SCRATCH}/prefix)  # an installed tree may be moved

run(log ${CMAKE_COMMAND} -S ${CONSUMER} -B ${SCRATCH}/build -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix)
run(log ${CMAKE_COMMAND} --build ${SCRATCH}/build)

run(answer ${SCRATCH}/build/consumer ${ZOO}/qwen-a ${ZOO}/qwen-a)
if(NOT answer STREQUAL "identical\n")
  message(FATAL_ERROR "the consumer printed: ${answer}")
endif()

run(log ${SCRATCH}/prefix/bin/provenancekit db add ${ZOO}/qwen-a --id known/model --db ${SCRATCH}/models.db)
run(answer ${SCRATCH}/build/consumer ${ZOO}/qwen-a-sft ${SCRATCH}/models.db)
if(NOT answer STREQUAL "known/model: same-lineage\n")
  message(FATAL_ERROR "the consumer found: ${answer}")
endif()

run(answer ${SCRATCH}/prefix/bin/provenancekit --version)
if(NOT answer MATCHES "${VERSION}")
  message(FATAL_ERROR "the installed tool printed: ${answer}")
endif()
