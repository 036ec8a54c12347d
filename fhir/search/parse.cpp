#include <algorithm>
#include <charconv>
#include <set>

#include "fhir/search/parameters.hpp"
#include "fhir/search/query.hpp"

namespace mainstay::fhir::search {
namespace {

template <class T>
using result = boost::system::result<T, query_error>;

query_error wrong(std::string_view parameter, std::string_view what) {
  return {"`" + std::string(parameter) + "` " + std::string(what)};
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// application/x-www-form-urlencoded, as in a URL's query and in a POST body.
std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return std::nullopt;
      c = static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    out += c;
  }
  return out;
}

/// Parts at `by` where no backslash stands before it; escapes stay in place.
std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> out;
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == by) {
      out.push_back(text.substr(from, i - from));
      from = i + 1;
    }
  }
  out.push_back(text.substr(from));
  return out;
}

// R4 3.1.1.4.7; a backslash before any other character means nothing.
std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && (++i == text.size() || std::string_view(",|$\\").find(text[i]) == std::string_view::npos))
      return std::nullopt;
    out += text[i];
  }
  return out;
}

result<std::vector<token>> parse_tokens(std::string_view name, std::string_view value) {
  std::vector<token> out;
  for (const std::string_view alternative : split(value, ',')) {
    const auto parts = split(alternative, '|');
    if (parts.size() > 2) return wrong(name, "has a value with more than one `|`; write `\\|` for one inside a code");
    const auto last = unescaped(parts.back());
    const auto system = unescaped(parts.front());
    if (!last || !system) return wrong(name, "has a stray `\\`; write `\\\\` for the character itself");
    token t;
    t.code = *last;
    if (parts.size() == 2) t.system = *system;
    if (t.code.empty() && (!t.system || t.system->empty())) return wrong(name, "has an empty value");
    out.push_back(std::move(t));
  }
  return out;
}

result<std::vector<std::string>> parse_ids(std::string_view name, std::string_view value, std::string_view prefix) {
  std::vector<std::string> out;
  for (std::string_view id : split(value, ',')) {
    if (!prefix.empty() && id.starts_with(prefix)) id.remove_prefix(prefix.size());
    if (id.empty()) return wrong(name, "has an empty value");
    if (!is_id(id)) return wrong(name, "has a value that is not a logical id");
    out.emplace_back(id);
  }
  return out;
}

result<std::vector<std::string>> parse_subjects(std::string_view name, std::string_view value) {
  std::vector<std::string> out;
  for (const std::string_view text : split(value, ',')) {
    if (text.empty()) return wrong(name, "has an empty value");
    const auto parsed = parse_reference(text);
    if (!is_id(text) && !(parsed && parsed->base.empty()))
      return wrong(name, "has a value that is neither a logical id nor `Type/id`");
    out.push_back(parsed ? parsed->type + "/" + parsed->id : std::string(text));
  }
  return out;
}

result<date_bound> parse_date(std::string_view name, std::string value) {
  static constexpr std::pair<std::string_view, date_prefix> prefixes[] = {
      {"eq", date_prefix::eq}, {"ne", date_prefix::ne}, {"lt", date_prefix::lt},
      {"gt", date_prefix::gt}, {"le", date_prefix::le}, {"ge", date_prefix::ge}};
  // An offset's `+` that was not encoded came as a blank; a date has no other.
  std::replace(value.begin(), value.end(), ' ', '+');
  if (value.find(',') != std::string::npos) return wrong(name, "takes one date; repeat it for a range");
  date_bound out;
  std::string_view rest = value;
  if (!rest.empty() && (rest[0] < '0' || rest[0] > '9')) {
    const auto at = std::find_if(std::begin(prefixes), std::end(prefixes),
                                 [&](const auto& p) { return rest.starts_with(p.first); });
    if (at == std::end(prefixes)) return wrong(name, "has a prefix that is not one of eq, ne, lt, gt, le, ge");
    out.prefix = at->second;
    rest.remove_prefix(2);
  }
  const auto parsed = date_time::parse(rest);
  if (!parsed) return wrong(name, "is not a date: write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+hh:mm");
  out.value = *parsed;
  return out;
}

result<std::size_t> parse_number(std::string_view name, std::string_view value) {
  unsigned out = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  if (error != std::errc() || end != value.data() + value.size()) return wrong(name, "is not a whole number from 0");
  return out;
}

result<std::vector<std::string>> parse_sort(std::string_view name, std::string_view value, const type_parameters* row) {
  std::vector<std::string> out;
  for (std::string_view key : split(value, ',')) {
    const std::string minus = key.starts_with('-') ? "-" : "";
    key.remove_prefix(minus.size());
    if (row != nullptr && !row->date_name.empty() && key == row->date_name)
      out.push_back(minus + "date");
    else if (key == "_id" || key == "_lastUpdated")
      out.push_back(minus + std::string(key));
    else
      return wrong(name, "has a key that this type cannot be sorted by");
  }
  return out;
}

template <class T, class Keep>
std::optional<query_error> take(result<T> parsed, Keep keep) {
  if (!parsed) return parsed.error();
  keep(std::move(*parsed));
  return std::nullopt;
}

// One parameter into the query; what the type does not have is an error.
std::optional<query_error> add_parameter(query& q, const std::string& name, const std::string& value) {
  const type_parameters* row = parameters_of(q.type);
  const bool compartment = patient_element(q.type) != nullptr;
  if (name == "_id") return take(parse_ids(name, value, ""), [&](auto v) { q.ids = std::move(v); });
  if (name == "_tag") return take(parse_tokens(name, value), [&](auto v) { q.tags.push_back(std::move(v)); });
  if (name == "patient" && compartment)
    return take(parse_ids(name, value, "Patient/"), [&](auto v) { q.patients = std::move(v); });
  if (name == "subject" && row != nullptr && row->subject)
    return take(parse_subjects(name, value), [&](auto v) { q.subjects = std::move(v); });
  if (row != nullptr && !row->code_name.empty() && name == row->code_name)
    return take(parse_tokens(name, value), [&](auto v) { q.codes.push_back(std::move(v)); });
  if (row != nullptr && !row->status_system.empty() && name == "status")
    return take(parse_tokens(name, value), [&](auto v) { q.statuses.push_back(std::move(v)); });
  if (row != nullptr && !row->date_name.empty() && name == row->date_name)
    return take(parse_date(name, value), [&](auto v) { q.dates.push_back(v); });
  if (name == "_count") return take(parse_number(name, value), [&](auto v) { q.count = static_cast<unsigned>(v); });
  if (name == "_offset") return take(parse_number(name, value), [&](auto v) { q.offset = v; });
  if (name == "_sort") return take(parse_sort(name, value, row), [&](auto v) { q.sort = std::move(v); });
  if (name == "_format" || name == "_pretty" || name == "_total") return std::nullopt;
  if (name == "_summary") {
    if (value == "false") return std::nullopt;
    return wrong(name, "may only be false");
  }
  return wrong(name.size() > 64 ? "..." : name, "is not a search parameter of " + q.type + " here");
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '`'; });
}

}  // namespace

boost::system::result<query, query_error> parse_url(std::string_view url) {
  query q;
  const auto mark = url.find('?');
  const std::string_view path = url.substr(0, mark);
  const auto slash = path.find('/');
  q.type = path.substr(0, slash);
  if (!is_type_name(q.type)) return query_error{"a search begins with a resource type, as in `Observation?patient=p1`"};
  std::string_view rest = mark == std::string_view::npos ? "" : url.substr(mark + 1);
  if (slash != std::string_view::npos) {
    const auto id = decoded(path.substr(slash + 1), false);
    if (!id || !is_id(*id)) return query_error{"a read is `Type/id`, and its id is not a logical id"};
    q.read_id = *id;
  }
  std::set<std::string, std::less<>> seen;
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto name = decoded(pair.substr(0, equals), true);
    if (!name || name->empty() || !is_printable(*name)) return query_error{"a parameter's name is not readable"};
    const auto value = decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
    if (!value) return wrong(*name, "has a value that is not percent-encoded text");
    const bool ignored = *name == "_format" || *name == "_pretty" || *name == "_summary";
    if (q.read_id && !ignored) return wrong(*name, "is not a parameter of a read");
    const type_parameters* row = parameters_of(q.type);
    const bool repeats = *name == "_tag" ||
                         (row != nullptr && (*name == row->code_name || *name == "status" || *name == row->date_name));
    if (!seen.insert(*name).second && !repeats) return wrong(*name, "is given twice; put commas between alternatives");
    if (auto error = add_parameter(q, *name, *value)) return *error;
  }
  return q;
}

}  // namespace mainstay::fhir::search
