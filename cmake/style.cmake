# Optional targets, no part of a build: `format` rewrites, `format_check` fails on a difference, `tidy` reports.
file(GLOB_RECURSE style_sources CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/fhir/*.[ch]pp ${PROJECT_SOURCE_DIR}/rules/*.[ch]pp ${PROJECT_SOURCE_DIR}/cds/*.[ch]pp
  ${PROJECT_SOURCE_DIR}/tests/*.[ch]pp)
find_program(MAINSTAY_CLANG_FORMAT NAMES clang-format-16 clang-format)
if(MAINSTAY_CLANG_FORMAT)
  add_custom_target(format COMMAND ${MAINSTAY_CLANG_FORMAT} -i ${style_sources} VERBATIM)
  add_custom_target(format_check COMMAND ${MAINSTAY_CLANG_FORMAT} --dry-run --Werror ${style_sources} VERBATIM)
endif()
find_program(MAINSTAY_CLANG_TIDY NAMES clang-tidy-16 clang-tidy)
if(MAINSTAY_CLANG_TIDY)
  set(tidy_units ${style_sources})
  list(FILTER tidy_units INCLUDE REGEX "/(fhir|rules|cds)/.*\\.cpp$")
  add_custom_target(tidy COMMAND ${MAINSTAY_CLANG_TIDY} --quiet -p ${PROJECT_BINARY_DIR} ${tidy_units} VERBATIM USES_TERMINAL)
endif()
