#include "cli/explain_report.h"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <utility>

#include "base/text.h"
#include "core/json_text.h"
#include "core/shard_algorithm.h"

namespace promster {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text.empty() ? "nobody" : text;
}

std::string quoted(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + json_quote(name);
  return "[" + text + "]";
}

}  // namespace

void print_explanation_table(const ExplainedTarget& explained, std::ostream& out) {
  const Explanation& told = explained.told;
  out << "target      " << printable(explained.target->address) << "\n"
      << "key         " << printable(explained.target->key) << "\n"
      << "algorithm   " << algorithm_name(told.algorithm) << "\n"
      << "owner       " << joined(told.owners) << "\n"
      << "next owner  " << (told.next_owner.empty() ? "nobody" : printable(told.next_owner))
      << "\n";
  for (const auto& [owner, then] : told.without) {
    out << "if " << printable(owner) << " dies: " << joined(then) << "\n";
  }
  out << "why         " << printable(told.why, 4096) << "\n";
  if (!explained.also.empty()) out << "also        " << joined(explained.also) << "\n";
  std::size_t width = 6;
  for (const MemberScore& score : told.scores) {
    width = std::max(width, printable(score.member).size());
  }
  const auto column = static_cast<int>(width) + 2;
  out << "\n"
      << std::left << std::setw(column) << "member" << std::setw(10) << "score" << std::setw(9)
      << "targets"
      << "\n"
      << std::fixed << std::setprecision(6);
  for (const MemberScore& score : told.scores) {
    out << std::setw(column) << printable(score.member) << std::setw(10) << score.score
        << std::setw(9) << score.load << (score.owner ? "owner" : "") << "\n";
  }
}

void print_explanation_json(const ExplainedTarget& explained, std::ostream& out) {
  const Explanation& told = explained.told;
  out << "{\n  \"target\": " << json_quote(explained.target->address)
      << ",\n  \"key\": " << json_quote(explained.target->key)
      << ",\n  \"also\": " << quoted(explained.also) << ",\n  \"algorithm\": \""
      << algorithm_name(told.algorithm) << "\",\n  \"owner\": " << json_quote(told.owners.front())
      << ",\n  \"owners\": " << quoted(told.owners)
      << ",\n  \"next_owner\": " << (told.next_owner.empty() ? "null" : json_quote(told.next_owner))
      << ",\n  \"without\": {";
  const char* separator = "";
  for (const auto& [owner, then] : told.without) {
    out << std::exchange(separator, ", ") << json_quote(owner) << ": " << quoted(then);
  }
  out << "},\n  \"why\": " << json_quote(told.why) << ",\n  \"capacity\": " << told.capacity
      << ",\n  \"scores\": [" << std::fixed << std::setprecision(9);
  separator = "\n";
  for (const MemberScore& score : told.scores) {
    out << std::exchange(separator, ",\n") << "    {\"member\": " << json_quote(score.member)
        << ", \"score\": " << score.score << ", \"targets\": " << score.load
        << ", \"owner\": " << (score.owner ? "true" : "false") << "}";
  }
  out << "\n  ]\n}\n";
}

}  // namespace promster
