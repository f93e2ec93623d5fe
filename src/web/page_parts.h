#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/snapshot.h"
#include "core/target_health.h"
#include "web/page_words.h"

// The parts that pages are put together from; ui/style.css says which classes they have. What they
// are given as `html` is HTML already, everything else is escaped. Pure functions, any thread.
namespace promster {

// A heading, figures beside it and a link to more, around `html`.
struct Panel {
  std::string title;
  std::string id;                                            // may be empty
  std::vector<std::pair<std::string, std::string>> figures;  // name, value
  std::string more_url, more_text;                           // may be empty
};
std::string panel(const Panel& panel, std::string_view html);

// A table that scrolls by itself where it is too wide. A column whose name starts with "#" has
// numbers; `rows` are <tr>.
std::string table(const std::string& caption, const std::vector<std::string>& columns,
                  std::string_view rows);
std::string cell(std::string_view html);
std::string number_cell(std::string_view text);
// The cell that names its row.
std::string head_cell(std::string_view html);

std::string symbol(Tone tone);
std::string badge(Tone tone, std::string_view word);
std::string paragraph(std::string_view kind, std::string_view text);

// A bar of `share` of the width (0 to 1), with a dashed line at `line` where there is one.
std::string bar(double share, std::optional<double> line, Tone tone = Tone::kInfo);

std::string link(std::string_view url, std::string_view text, std::string_view kind = "");
// To the targets of a node, and to why a target has its owner.
std::string member_link(std::string_view name);
std::string target_link(std::string_view address, std::string_view key);
// To what the Prometheus of a node scrapes: Debian's package has the classic page only.
std::string prometheus_links(std::string_view name);
std::string labels_html(const Labels& labels);
// "up", "down" or "not known", with the reason; nothing where nobody was asked.
std::string health_badge(const std::optional<TargetHealth>& health);

// "since this run began, <time>". HTML.
std::string since_start(const Snapshot& snapshot);

// What a node is beside active: "this node", "draining", "kept until ...", each a badge.
std::string member_marks(const Snapshot& snapshot, std::string_view name);
const KeptMember* find_kept(const Snapshot& snapshot, std::string_view name);

}  // namespace promster
