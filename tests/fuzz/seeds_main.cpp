// Runs a fuzz target's seeds once, without libFuzzer: x_seeds FOLDER... So every build compiles the targets and every test run
// keeps what a fuzzer once found.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** folders) {
  unsigned ran = 0;
  for (int i = 1; i < count; ++i)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folders[i])) {
      if (!entry.is_regular_file()) continue;
      std::fprintf(stderr, "%s\n", entry.path().c_str());  // the last one, where it ends early
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      // A copy of the very size, so that a sanitizer sees a read behind it.
      const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[bytes.size()]);
      std::copy(bytes.begin(), bytes.end(), copy.get());
      LLVMFuzzerTestOneInput(copy.get(), bytes.size());
      ++ran;
    }
  std::printf("%u seeds\n", ran);
  return ran > 0 ? 0 : 1;
}
