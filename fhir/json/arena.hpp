// Memory of one document: blocks that only grow and are freed together. Used by the JSON reader alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mainstay::fhir::json {

/// Hands out memory for trivially destructible things; nothing moves until the arena dies. Not thread-safe.
class arena {
 public:
  explicit arena(std::size_t first_block) : next_block_(first_block) {}
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;

  /// `size` bytes, aligned for a node.
  void* allocate(std::size_t size) {
    size = (size + alignment - 1) & ~(alignment - 1);
    if (size > left_) grow(size);
    std::byte* result = at_;
    at_ += size;
    left_ -= size;
    return result;
  }

 private:
  static constexpr std::size_t alignment = alignof(std::max_align_t);
  static constexpr std::size_t largest_block = std::size_t{1} << 20;

  void grow(std::size_t size) {
    const std::size_t block = size > next_block_ ? size : next_block_;
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block));
    at_ = blocks_.back().get();
    left_ = block;
    if (next_block_ < largest_block) next_block_ *= 2;
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* at_ = nullptr;
  std::size_t left_ = 0;
  std::size_t next_block_;
};

}  // namespace mainstay::fhir::json
