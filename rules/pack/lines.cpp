#include "rules/pack/lines.hpp"

namespace mainstay::rules {

namespace {

/// Lines of a text, one after the other.
class lines {
 public:
  explicit lines(std::string_view text) : whole_(text) { cut(); }
  const text_line& now() const { return now_; }
  std::size_t next() const { return next_; }  // its begin; npos at the last line
  void go_on() {
    now_.begin = next_;
    ++now_.number;
    cut();
  }

 private:
  void cut() {
    const std::size_t end = whole_.find_first_of("\r\n", now_.begin);
    now_.text = whole_.substr(now_.begin, end - now_.begin);
    next_ = end == whole_.npos ? whole_.npos : end + (whole_.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  std::string_view whole_;
  text_line now_;
  std::size_t next_ = 0;
};

}  // namespace

text_line line_at(std::string_view text, std::size_t offset) {
  lines all(text);
  while (all.next() <= offset) all.go_on();
  return all.now();
}

std::optional<text_line> line_of(std::string_view text, unsigned number) {
  lines all(text);
  while (all.now().number < number) {
    if (all.next() == text.npos) return std::nullopt;
    all.go_on();
  }
  return all.now();
}

}  // namespace mainstay::rules
