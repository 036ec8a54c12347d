// The whole content of a card: summary, GitHub-flavoured Markdown, source; escaped and measured. The only place that
// writes words to clinicians. cds/hooks adds uuid and JSON.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/assess/assessment.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

struct advice_limits {
  std::size_t summary = 139;    ///< CDS Hooks 2.0.1 "Card Attributes": under 140 characters (Unicode code points here)
  std::size_t head = 900;       ///< the first 12 lines, which stand alone
  std::size_t chart_text = 80;  ///< characters of one text from the chart
};

struct card_content {
  std::string topic;  ///< protocol id, or "cannot-assess"
  std::string summary;
  std::string detail;  ///< Markdown
  std::string indicator = "info";
  std::string source_label, source_url;
  std::vector<std::string> protocols;  ///< that it speaks of
};

struct printed;

/// Writes the cards of one pack. What hangs on no patient is written once, when it is made. Lifetime: keeps a reference to
/// the pack, which must be prepared. Threads: immutable, any number may share it.
class composer {
 public:
  explicit composer(const pack& p);
  ~composer();
  composer(composer&&) noexcept;
  composer& operator=(composer&&) = delete;

  /// The cards of one service in their order: an option's card for eligible and to confirm, then one for all that cannot
  /// be assessed. Empty where nothing applies or the patient is silent. `a` must be of the same pack.
  std::vector<card_content> compose(const assessment& a, const std::vector<index>& protocols,
                                    const advice_limits& limit = {}) const;

 private:
  const pack& pack_;
  std::unique_ptr<const printed> printed_;
};

/// The same for a single answer.
std::vector<card_content> compose(const pack& p, const assessment& a, const std::vector<index>& protocols,
                                  const advice_limits& limit = {});

/// Text from a chart or a paper made safe in Markdown: control characters out, markup escaped, cut with an ellipsis.
std::string escape_markdown(std::string_view text, std::size_t limit);

}  // namespace mainstay::rules
