#include "rules/cases/shape.hpp"

#include <algorithm>
#include <array>

#include "rules/pack/suggest.hpp"

namespace mainstay::rules::case_files {

namespace {

constexpr std::array<std::string_view, 8> observation_statuses{
    "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"};
constexpr std::array<std::string_view, 8> procedure_statuses{
    "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"};
constexpr std::array<std::string_view, 6> verification_statuses{"unconfirmed", "provisional", "differential",
                                                                "confirmed",   "refuted",     "entered-in-error"};
constexpr std::array<std::string_view, 6> clinical_statuses{"active",   "recurrence", "relapse",
                                                            "inactive", "remission",  "resolved"};

struct flag_row {
  std::string_view word;
  bool shape::*flag;
};
constexpr std::array<flag_row, 14> flags{{{"no status", &shape::no_status},
                                          {"no clinical status", &shape::no_clinical_status},
                                          {"may", &shape::may},
                                          {"text only", &shape::text_only},
                                          {"local code", &shape::local_code},
                                          {"no specimen", &shape::no_specimen},
                                          {"period", &shape::period},
                                          {"instant", &shape::instant},
                                          {"day in words", &shape::day_in_words},
                                          {"value in words", &shape::value_in_words},
                                          {"value absent", &shape::value_absent},
                                          {"unit in words", &shape::unit_in_words},
                                          {"component", &shape::component},
                                          {"panel", &shape::panel}}};

struct type_row {
  std::string_view word;
  resource_type type;
};
constexpr std::array<type_row, 3> types{{{"Observation", resource_type::observation},
                                         {"Procedure", resource_type::procedure},
                                         {"Condition", resource_type::condition}}};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool read_word(const std::string& word, shape& to) {
  for (const auto& f : flags)
    if (f.word == word) return to.*f.flag = true;
  for (const auto& t : types)
    if (t.word == word) {
      to.type = t.type;
      return true;
    }
  if (!word.empty() && word.size() < 3 && word.find_first_not_of("0123456789") == std::string::npos) {
    to.number = static_cast<std::size_t>(std::stoul(word));
    return true;
  }
  if (!among(observation_statuses, word) && !among(procedure_statuses, word) && !among(verification_statuses, word))
    return false;
  to.status = word;
  return true;
}

diagnostic unknown_word(const std::string& word, const row& r) {
  std::vector<std::string> known{"preliminary", "amended", "entered-in-error", "unconfirmed", "refuted"};
  for (const auto& f : flags) known.emplace_back(f.word);
  for (const auto& t : types) known.emplace_back(t.word);
  return {"unknown-shape",
          severity::error,
          "`" + word + "` is no way to write a row",
          did_you_mean(word, known,
                       "a status, `may`, `text only`, `no status`, `no specimen`, a resource type, the number of the "
                       "source, or another shape of docs/rule-language.md"),
          r.at,
          1};
}

}  // namespace

std::optional<shape> read_shape(const row& r, std::vector<diagnostic>& problems) {
  shape out;
  for (const auto& word : r.as) {
    if (read_word(word, out)) continue;
    problems.push_back(unknown_word(word, r));
    return std::nullopt;
  }
  return out;
}

bool is_clinical_status(std::string_view word) {
  return among(clinical_statuses, word);
}

}  // namespace mainstay::rules::case_files
