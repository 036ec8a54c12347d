// What the fuzz targets share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace mainstay::fuzz {

/// The input as text, without the newline at its end that every seed file has.
inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

/// Ends the run where a statement about the input does not hold, so that libFuzzer keeps the input; in every build type.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace mainstay::fuzz
