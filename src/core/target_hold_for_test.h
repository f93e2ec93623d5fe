// A node that holds targets, in a time that the test tells.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/ring.h"
#include "core/target_hold.h"

namespace promster::target_hold_test {

using Names = std::set<std::string>;
using std::chrono::minutes;
using std::chrono::seconds;

inline Target target(const std::string& name) {
  return {.key = "/t/" + name, .address = name + ":80", .labels = {{"prsn", "t"}}};
}

inline Names numbered(int from, int to) {
  Names names;
  for (int i = from; i < to; ++i) names.insert("n" + std::to_string(100 + i));
  return names;
}

inline Names without(Names names, const Names& gone) {
  for (const std::string& name : gone) names.erase(name);
  return names;
}

// A node that scrapes all targets that `mine` says, in a time that the test tells.
class HoldingNode {
 public:
  explicit HoldingNode(TargetHold::Options options = {}) : hold_(options) {}

  // What etcd lists from now on.
  bool list(const Names& names) {
    std::map<std::string, Target> listed;
    for (const std::string& name : names) listed[target(name).key] = target(name);
    return list_targets(listed);
  }
  bool list_targets(const std::map<std::string, Target>& listed) {
    const auto by_key = [](const std::map<std::string, Target>& targets) {
      std::vector<const Target*> pointers;
      for (const auto& [key, one] : targets) pointers.push_back(&one);
      return pointers;
    };
    const bool changed = hold_.listed(by_key(listed), by_key(file_), now_, nodes_);
    listed_ = listed;
    write_file();
    return changed;
  }
  bool pass(Duration time) {
    now_ += time;
    const bool changed = hold_.expire(now_);
    write_file();
    return changed;
  }
  // Prometheus has scraped what the file holds; `down` do not answer.
  void scrape(const Names& down) {
    ++scrapes_;
    look(down);
  }
  // The same look again at what it scraped last.
  void look(const Names& down) {
    ScrapesSeen seen;
    for (const auto& [key, one] : file_) {
      const std::string name = one.address.substr(0, one.address.find(':'));
      seen.targets.push_back(
          {.address = one.address, .last_scrape = scrapes_, .up = !down.contains(name)});
    }
    hold_.scraped(seen);
    write_file();
  }
  // The targets of these names are nodes, of one service, which share with those of `ring`.
  void nodes(const Names& names, const Names& ring) {
    const std::vector<std::string> members(ring.begin(), ring.end());
    const std::string value = render_member_value(
        {.algorithm = kBoundedAlgorithm, .applied = member_set_hash(members) + "-0"});
    for (const std::string& name : names) {
      const std::vector<KeyChange> changes{{.key = target(name).key, .value = value}};
      nodes_.change(changes);
    }
    hold_.nodes_changed(nodes_, now_);
    write_file();
  }
  // Their keys vanish.
  bool vanish(const Names& names, const Names& left) {
    for (const std::string& name : names) {
      const std::vector<KeyChange> changes{{.key = target(name).key, .value = std::nullopt}};
      nodes_.change(changes);
    }
    return list(left);
  }
  bool confirm() {
    const bool changed = hold_.confirm();
    write_file();
    return changed;
  }

  Names held() const {
    Names names;
    for (const Target* one : hold_.targets())
      names.insert(one->address.substr(0, one->address.find(':')));
    return names;
  }
  Names file() const {
    Names names;
    for (const auto& [key, one] : file_) names.insert(one.address.substr(0, one.address.find(':')));
    return names;
  }
  const TargetHold& hold() const { return hold_; }
  SteadyTime now() const { return now_; }
  Names not_mine;

 private:
  void write_file() {
    file_.clear();
    for (const auto& [key, one] : listed_) {
      if (!not_mine.contains(one.address.substr(0, one.address.find(':')))) file_[key] = one;
    }
    for (const Target* one : hold_.targets()) file_[one->key] = *one;
  }

  SteadyTime now_ = SteadyTime{} + seconds(1000);
  double scrapes_ = 1000;
  TargetHold hold_;
  NodeKeys nodes_;
  std::map<std::string, Target> listed_, file_;
};

}  // namespace promster::target_hold_test
