#include "fhir/json/builder.hpp"

#include <algorithm>
#include <cstring>

#include "fhir/json/number_range.hpp"
#include "fhir/json/unicode.hpp"

namespace mainstay::fhir::json {
namespace {

void append_token(std::string& pointer, std::string_view name) {
  pointer += '/';
  for (const char c : name) {  // RFC 6901, section 3
    if (c == '~') pointer += "~0";
    else if (c == '/') pointer += "~1";
    else pointer += c;
  }
}

}  // namespace

builder::builder(arena& memory, const limits& limit) : memory_(memory), limit_(limit) {
  entries_.reserve(128);
  frames_.reserve(16);
}

node builder::make(kind k, std::uint32_t size, const void* data) {
  node n;
  n.kind_ = k;
  n.size_ = size;
  n.data_ = data;
  return n;
}

bool builder::refuse(parse_errc code, const char* at, std::size_t back) {
  refusal_ = {code, at, back};
  return false;
}

bool builder::count(std::size_t back) {
  if (nodes_ == limit_.nodes) return refuse(parse_errc::too_many_nodes, nullptr, back);
  ++nodes_;
  return true;
}

void builder::put(const node& value) {
  if (key_pending_) {
    entries_.back().value = value;
    key_pending_ = false;
  } else {
    entries_.push_back({0, 0, nullptr, value});
  }
}

bool builder::RawNumber(const char* text, size_type size, bool) {
  if (!fits_double({text, size})) return refuse(parse_errc::number_out_of_range, text);
  return put_scalar(make(kind::number, size, text), 0);  // the reader then points at the number's begin
}

bool builder::String(const char* text, size_type size, bool) {
  if (nodes_ == limit_.nodes) return refuse(parse_errc::too_many_nodes, text - 1);
  return put_scalar(make(kind::string, size, text), 0);
}

bool builder::Key(const char* text, size_type size, bool) {
  entries_.push_back({tag_of({text, size}), size, text, {}});
  key_pending_ = true;
  return true;
}

bool builder::open(bool object) {
  if (frames_.size() == limit_.depth) return refuse(parse_errc::too_deep, nullptr, 1);
  if (!count(1)) return false;
  frames_.push_back({entries_.size(), object});
  key_pending_ = false;
  return true;
}

bool builder::EndObject(size_type count) {
  const member* children = entries_.data() + frames_.back().first;
  name_set names = 0;
  if (const member* twice = find_duplicate(children, count, names)) {
    duplicate_ = twice->name();
    return refuse(parse_errc::duplicate_key, twice->name_data - 1);
  }
  std::byte* data = nullptr;
  if (count != 0) {
    // As far in front of the members as keeps them aligned; the set's own place is the end of that.
    constexpr std::size_t front = alignof(std::max_align_t);
    static_assert(front >= sizeof names);
    data = static_cast<std::byte*>(memory_.allocate(front + count * sizeof(member))) + front;
    std::memcpy(data - sizeof names, &names, sizeof names);
    std::memcpy(data, children, count * sizeof(member));
  }
  close(kind::object, count, data);
  return true;
}

bool builder::EndArray(size_type count) {
  const member* children = entries_.data() + frames_.back().first;
  std::byte* data = nullptr;
  if (count != 0) {
    data = static_cast<std::byte*>(memory_.allocate(count * sizeof(node)));
    for (size_type i = 0; i < count; ++i) std::memcpy(data + i * sizeof(node), &children[i].value, sizeof(node));
  }
  close(kind::array, count, data);
  return true;
}

void builder::close(kind k, size_type count, const void* data) {
  entries_.resize(frames_.back().first);
  frames_.pop_back();
  key_pending_ = !frames_.empty() && frames_.back().object;
  put(make(k, count, data));
}

const member* builder::find_duplicate(const member* first, std::size_t size, name_set& names) const {
  constexpr std::size_t few = 24;
  if (size <= few) {
    // Most objects have no two names that share a bit.
    for (std::size_t i = 0; i < size; ++i) {
      const name_set bit = name_bit(first[i].tag);
      if ((names & bit) != 0)
        for (std::size_t k = 0; k < i; ++k)
          if (first[k].tag == first[i].tag && first[k].name() == first[i].name()) return first + i;
      names |= bit;
    }
    return nullptr;
  }
  for (std::size_t i = 0; i < size; ++i) names |= name_bit(first[i].tag);
  // Sorted by tag, then name: names made to share a tag cost no more than others.
  std::vector<const member*> order(size);
  for (std::size_t i = 0; i < size; ++i) order[i] = first + i;
  std::sort(order.begin(), order.end(), [](const member* a, const member* b) {
    if (a->tag != b->tag) return a->tag < b->tag;
    const int names = a->name().compare(b->name());
    return names != 0 ? names < 0 : a < b;
  });
  const member* earliest = nullptr;
  for (std::size_t i = 1; i < size; ++i) {
    const member* m = order[i];
    if (m->tag == order[i - 1]->tag && m->name() == order[i - 1]->name() && (earliest == nullptr || m < earliest))
      earliest = m;
  }
  return earliest;
}

std::string builder::pointer(bool in_item) const {
  constexpr std::size_t longest = 200;
  std::string result;
  for (std::size_t i = 0; i < frames_.size() && result.size() <= longest; ++i) {
    const bool innermost = i + 1 == frames_.size();
    const std::size_t end = innermost ? entries_.size() : frames_[i + 1].first;
    if (!frames_[i].object) {
      // An open array inside this one is not among its items yet.
      if (!innermost || in_item) result += '/' + std::to_string(end - frames_[i].first);
    } else if (!innermost || key_pending_) {
      append_token(result, entries_[end - 1].name());
    }
  }
  if (refusal_.code == parse_errc::duplicate_key) append_token(result, duplicate_);
  result.resize(cut(result, longest).size());
  return result;
}

}  // namespace mainstay::fhir::json
