# Every package is found by name: no paths, so that other distributions can build this.
find_package(Threads REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS headers url system)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(mimalloc REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libfyaml REQUIRED IMPORTED_TARGET libfyaml)
find_path(RAPIDJSON_INCLUDE_DIR rapidjson/reader.h REQUIRED)
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)

add_library(mainstay_rapidjson INTERFACE)
target_include_directories(mainstay_rapidjson SYSTEM INTERFACE "${RAPIDJSON_INCLUDE_DIR}")
add_library(mainstay_cli11 INTERFACE)
target_include_directories(mainstay_cli11 SYSTEM INTERFACE "${CLI11_INCLUDE_DIR}")

# The allocator of programs that are fast in their own right; sanitizers bring theirs. It takes the place of malloc as a
# whole where it comes before the C library, which the linker would leave out as unused.
add_library(mainstay_allocator INTERFACE)
if(NOT MAINSTAY_SANITIZE)
  target_link_options(mainstay_allocator INTERFACE "LINKER:--push-state,--no-as-needed" "$<TARGET_FILE:mimalloc>" "LINKER:--pop-state")
endif()
