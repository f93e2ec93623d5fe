#include "web/health_rows.h"

#include <utility>

namespace promster {
namespace {

HealthAnswer nobody(const std::vector<HealthQuestion>& questions) {
  HealthAnswer answer;
  for (const HealthQuestion& question : questions) {
    answer.failed[question.owner] = "this node asks nobody";
  }
  return answer;
}

}  // namespace

void HealthFinder::ask_all(const std::set<std::string>& owners, bool only_down) {
  std::vector<HealthQuestion> questions;
  for (const std::string& owner : owners) {
    questions.push_back({.owner = owner, .only_down = only_down});
  }
  only_down_ = only_down;
  ask(questions);
}

void HealthFinder::ask(const std::vector<HealthQuestion>& questions) {
  if (questions.empty()) return;
  answer_ = ask_ ? ask_(questions) : nobody(questions);
}

TargetHealth HealthFinder::health_of(const std::vector<std::string>& owners,
                                     std::string_view address) const {
  TargetHealth none{.error = "nobody owns it"};
  for (const std::string& owner : owners) {
    const auto said = answer_.by_owner.find(owner);
    if (said == answer_.by_owner.end()) {
      const auto why = answer_.failed.find(owner);
      none.error = owner + ": " + (why == answer_.failed.end() ? "not asked" : why->second);
      continue;
    }
    const auto found = said->second.find(std::string(address));
    if (found != said->second.end()) return found->second;
    if (only_down_) return {.state = TargetHealth::State::kUp};
    return {.error = owner + " has not scraped it yet"};
  }
  return none;
}

void ask_rows(const AskHealth& ask, TargetsPage& page) {
  std::map<std::string, HealthQuestion> questions;
  for (const TargetRow& row : page.rows) {
    for (const std::string& owner : row.owners) {
      if (page.not_asked.contains(owner)) continue;
      questions[owner].owner = owner;
      questions[owner].addresses.push_back(row.address);
    }
  }
  std::vector<HealthQuestion> list;
  for (auto& [owner, question] : questions) list.push_back(std::move(question));
  HealthFinder finder(ask);
  finder.ask(list);
  for (TargetRow& row : page.rows) {
    if (!row.owners.empty()) row.health = finder.health_of(row.owners, row.address);
  }
  for (const auto& [owner, why] : finder.failed()) page.not_asked.emplace(owner, why);
}

}  // namespace promster
