# The core and its JavaScript half as pyjs._core, for interpreters that load side modules (Pyodide).
# pyodide-build's toolchain file adds its flags each time that CMake reads it, which the first build
# of a folder does oftener than the next: these would differ, and everything be compiled anew.
set(CMAKE_C_FLAGS "$ENV{SIDE_MODULE_CFLAGS}")
set(CMAKE_CXX_FLAGS "$ENV{SIDE_MODULE_CXXFLAGS}")
find_program(NODE node REQUIRED)
set(core_js ${CMAKE_BINARY_DIR}/wheel_core.c)
file(GLOB_RECURSE core_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/js/core/*.ts ${PROJECT_SOURCE_DIR}/js/wheel/*.ts)
if(NOT EXISTS ${PROJECT_SOURCE_DIR}/node_modules/esbuild)
  find_program(NPM npm REQUIRED)
  execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} COMMAND_ERROR_IS_FATAL ANY)
endif()
add_custom_command(OUTPUT ${core_js}
  COMMAND ${NODE} tools/bundle.mjs wheel ${core_js}
  DEPENDS ${core_sources} ${PROJECT_SOURCE_DIR}/tools/bundle.mjs
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  VERBATIM)
set_source_files_properties(${core_js} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)

add_library(_core MODULE ${parts}
  src/emval_provider.cpp
  src/entry_wheel.cpp
  src/number_values_api.c
  src/object_blocks.c
  src/text_values_api.c
  src/suspend_host.cpp
  ${core_js}
)
compile_core(_core)
# scikit-build-core tells the tag of the interpreter that it builds for.
set_target_properties(_core PROPERTIES PREFIX "" SUFFIX ".${SKBUILD_SOABI}.so")
# Headers make some classes visible, val among them. Hidden and bound here, their functions are
# called directly and not through the loader.
target_compile_options(_core PRIVATE -fvisibility-inlines-hidden)
target_link_options(_core PRIVATE
  -O3
  -Wl,-Bsymbolic
  -fwasm-exceptions
  -sSIDE_MODULE=2
  -sWASM_BIGINT
  -sEXPORTED_FUNCTIONS=_PyInit__core
)
add_custom_command(TARGET _core POST_BUILD
  COMMAND ${NODE} ${PROJECT_SOURCE_DIR}/tools/check_imports.mjs $<TARGET_FILE:_core>
  VERBATIM)
install(TARGETS _core LIBRARY DESTINATION pyjs)
