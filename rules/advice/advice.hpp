// The whole content of a card: summary, GitHub-flavoured Markdown, source; escaped and measured. The only place that
// writes words to clinicians. cds/hooks adds uuid and JSON.
#pragma once

#include <functional>
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

/// A protocol that a fault of ours kept from being assessed or written.
struct protocol_fault {
  std::string protocol;  ///< its id
  std::string type;      ///< of the exception, for the log; no card shows it
};

struct card_content {
  std::string topic;  ///< protocol id, or "cannot-assess"
  std::string summary;
  std::string detail;  ///< Markdown
  std::string indicator = "info";
  std::string source_label, source_url;
  std::vector<std::string> protocols;  ///< that it speaks of
  std::vector<protocol_fault> faults;  ///< that it tells; the caller logs them, under the id that it gave
};

struct printed;
struct writing;
/// Writes the card of one protocol that is eligible or to confirm.
using option_writer = std::function<card_content(const writing&, const protocol_result&)>;

/// Writes the cards of one pack. What hangs on no patient is written once, when it is made. Lifetime: keeps a reference to
/// the pack, which must be prepared. Threads: immutable, any number may share it (a `writer` of its own must allow that).
class composer {
 public:
  explicit composer(const pack& p);
  composer(const pack& p, option_writer writer);
  ~composer();
  composer(composer&&) noexcept;
  composer& operator=(composer&&) = delete;

  /// The cards of one service in their order: an option's card for eligible and to confirm, then one for all that cannot
  /// be assessed. Empty where nothing applies or the patient is silent. `a` must be of the same pack. A protocol whose card
  /// fails through a fault of ours (fault_of) stands on the last card, with the id under which the log has it; `log_id` is
  /// called for it only then.
  std::vector<card_content> compose(const assessment& a, const std::vector<index>& protocols,
                                    const advice_limits& limit = {},
                                    const std::function<std::string()>& log_id = {}) const;

 private:
  const pack& pack_;
  std::unique_ptr<const printed> printed_;
  option_writer write_;
};

/// The same for a single answer.
std::vector<card_content> compose(const pack& p, const assessment& a, const std::vector<index>& protocols,
                                  const advice_limits& limit = {});

/// Text from a chart or a paper made safe in Markdown: control characters out, markup escaped, cut with an ellipsis.
std::string escape_markdown(std::string_view text, std::size_t limit);

}  // namespace mainstay::rules
