# mainstay_embed(OUTPUT file.cpp FUNCTION pack_files ROOT dir PATTERNS "*.yaml"): the files under ROOT as bytes in a C++
# source that defines mainstay::cds::resources::FUNCTION(). Paths are relative to ROOT, sorted.
# The second half of this file is the script that writes it at build time.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  function(mainstay_embed)
    cmake_parse_arguments(arg "" "OUTPUT;FUNCTION;ROOT" "PATTERNS" ${ARGN})
    set(globs "")
    foreach(pattern IN LISTS arg_PATTERNS)
      list(APPEND globs "${arg_ROOT}/${pattern}")
    endforeach()
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${globs})
    list(SORT files)
    string(REPLACE ";" "|" joined "${files}")
    add_custom_command(OUTPUT "${arg_OUTPUT}"
      COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${arg_OUTPUT}" "-DFUNCTION=${arg_FUNCTION}" "-DROOT=${arg_ROOT}" "-DFILES=${joined}"
              -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
      DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
      COMMENT "Embedding ${arg_FUNCTION}" VERBATIM)
  endfunction()
  return()
endif()

string(REPLACE "|" ";" files "${FILES}")
set(arrays "")
set(rows "")
set(number 0)
foreach(file IN LISTS files)
  file(READ "${file}" bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  file(RELATIVE_PATH path "${ROOT}" "${file}")
  # A byte more than the file: an array of none is not C++.
  string(APPEND arrays "constexpr unsigned char file_${number}[] = {${bytes}0};\n")
  string(APPEND rows "  out.push_back({\"${path}\", text_of(file_${number}, ${size})});\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "#include \"cds/resources/embedded.hpp\"

namespace mainstay::cds::resources {

namespace {
${arrays}
[[maybe_unused]] std::string_view text_of(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}
}  // namespace

std::vector<embedded_file> ${FUNCTION}() {
  std::vector<embedded_file> out;
${rows}  return out;
}

}  // namespace mainstay::cds::resources
")
