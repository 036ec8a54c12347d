// Runs a fuzz target's seeds once, without libFuzzer: x_seeds FOLDER... So every build compiles the targets and every test run
// keeps what a fuzzer once found. Prints how many there were and how long the slowest took, and judges nothing by it.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {
/// Of this process alone, whatever else the machine does.
double processor_milliseconds() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
}  // namespace

int main(int count, char** folders) {
  unsigned ran = 0;
  double slowest = 0;
  for (int i = 1; i < count; ++i)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folders[i])) {
      if (!entry.is_regular_file()) continue;
      std::fprintf(stderr, "%s\n", entry.path().c_str());  // the last one, where it ends early
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      // A copy of the very size, so that a sanitizer sees a read behind it.
      const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[bytes.size()]);
      std::copy(bytes.begin(), bytes.end(), copy.get());
      const double begun = processor_milliseconds();
      LLVMFuzzerTestOneInput(copy.get(), bytes.size());
      slowest = std::max(slowest, processor_milliseconds() - begun);
      ++ran;
    }
  std::printf("%u seeds, slowest %.1f ms\n", ran, slowest);
  return ran > 0 ? 0 : 1;
}
