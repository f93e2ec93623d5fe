#include "cli/explain_report.h"

#include <ostream>

#include "base/text.h"
#include "cli/status_report.h"
#include "cli/text_table.h"
#include "web/page_words.h"

namespace promster {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text.empty() ? "nobody" : text;
}

void print_labels(const ShownExplanation& explained, std::ostream& out) {
  if (explained.labels.empty()) return;
  out << "labels     ";
  for (const auto& [name, value] : explained.labels) out << " " << name << "=" << printable(value);
  out << "\n";
}

}  // namespace

void print_explanation(const ShownExplanation& explained, std::ostream& out) {
  out << "target      " << printable(explained.target) << "\n"
      << "key         " << printable(explained.key) << "\n";
  print_labels(explained, out);
  out << "algorithm   " << printable(explained.algorithm) << "\n"
      << "owner       " << joined(explained.owners) << "\n"
      << "next owner  " << printable(explained.next_owner.value_or("nobody")) << "\n";
  for (const auto& [owner, then] : explained.without) {
    out << "if " << printable(owner) << " dies: " << joined(then) << "\n";
  }
  out << "why         " << printable(explained.why, 4096) << "\n";
  if (explained.health) out << "health      " << health_text(*explained.health) << "\n";
  if (!explained.also.empty()) out << "also        " << joined(explained.also) << "\n";
  std::vector<std::vector<std::string>> rows;
  for (const ShownScore& score : explained.scores) {
    rows.push_back({score.member, fixed_text(score.score, 6), count_text(score.targets),
                    score.owner ? "owner" : ""});
  }
  out << "\n";
  for (const std::string& line :
       text_table({{"MEMBER"}, {"SCORE", true}, {"TARGETS", true}, {"OWNER"}}, rows)) {
    out << line << "\n";
  }
}

}  // namespace promster
