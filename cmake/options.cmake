# Compiler and linker settings of our own targets; never of users of the libraries.
add_library(mainstay_options INTERFACE)
target_compile_options(mainstay_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Wimplicit-fallthrough -Werror -fstack-protector-strong)
target_include_directories(mainstay_options INTERFACE "${PROJECT_SOURCE_DIR}")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(mainstay_options INTERFACE _FORTIFY_SOURCE=2)
endif()
if(MAINSTAY_SANITIZE)
  add_compile_options(-fsanitize=${MAINSTAY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MAINSTAY_SANITIZE})
endif()

find_program(MAINSTAY_LLD NAMES ld.lld-16 ld.lld)
if(MAINSTAY_LLD AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_link_options(-fuse-ld=lld)
endif()
find_program(MAINSTAY_CCACHE ccache)
if(MAINSTAY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT DEFINED ENV{CCACHE_DISABLE})
  set(CMAKE_CXX_COMPILER_LAUNCHER "${MAINSTAY_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${MAINSTAY_CCACHE}")
endif()

# One static library a folder: mainstay_library(fhir SOURCES ... LINK ...) makes mainstay_fhir and mainstay::fhir.
# Public headers are compiled alone by the target all_verify_interface_header_sets.
function(mainstay_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;HEADERS;LINK;PRIVATE_LINK" ${ARGN})
  add_library(mainstay_${name} STATIC ${arg_SOURCES})
  add_library(mainstay::${name} ALIAS mainstay_${name})
  target_sources(mainstay_${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${arg_HEADERS})
  target_link_libraries(mainstay_${name} PUBLIC ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK} mainstay_options)
  set_target_properties(mainstay_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()
