# mainstay_test(name LABELS unit SOURCES ... LINK ...): one GoogleTest executable, one CTest entry a test case.
find_package(GTest REQUIRED)
find_path(RAPIDCHECK_INCLUDE_DIR rapidcheck.h REQUIRED)
find_library(RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
add_library(mainstay_rapidcheck INTERFACE)
target_include_directories(mainstay_rapidcheck SYSTEM INTERFACE "${RAPIDCHECK_INCLUDE_DIR}")
target_link_libraries(mainstay_rapidcheck INTERFACE "${RAPIDCHECK_LIBRARY}")
include(GoogleTest)

function(mainstay_test name)
  cmake_parse_arguments(arg "" "" "LABELS;SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gtest GTest::gmock GTest::gtest_main mainstay_rapidcheck mainstay_options)
  target_compile_definitions(${name} PRIVATE
    MAINSTAY_SOURCE_DIR="${PROJECT_SOURCE_DIR}" MAINSTAY_BINARY="$<TARGET_FILE:mainstay>")
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 300)
endfunction()
