#include "core/member_guard.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace promster {
namespace {

using Names = std::set<std::string>;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// A guard in a time that the test tells, with the siblings a, b, c, d, e.
class Guard {
 public:
  explicit Guard(MemberGuard::Options options = {}) : guard_(options) {
    for (const char* name : {"a", "b", "c", "d", "e"}) appeared(name);
  }

  void vanished(const std::string& name) { guard_.vanished(name, false, now_); }
  void drained(const std::string& name) { guard_.vanished(name, true, now_); }
  void appeared(const std::string& name) { guard_.appeared(name); }
  void probed(const std::string& name, bool answers) { guard_.probed(name, answers); }
  // Time passes, with what it brings.
  void pass(Duration time) {
    const SteadyTime end = now_ + time;
    while (guard_.deadline() && *guard_.deadline() <= end) {
      now_ = std::max(now_, *guard_.deadline());
      guard_.expire(now_);
    }
    now_ = end;
    EXPECT_FALSE(guard_.expire(now_)) << "nothing happens but at a deadline";
  }
  // The same while those that are in question answer every second.
  void pass_answering(seconds time) {
    for (int i = 0; i < time.count(); ++i) {
      for (const std::string& name : guard_.suspects()) probed(name, true);
      pass(seconds(1));
    }
  }
  // A crash, and the return.
  void crash(const std::string& name) {
    vanished(name);
    probed(name, false);
  }
  Names kept() const { return guard_.kept(); }
  bool idle() const { return !guard_.deadline(); }

 private:
  SteadyTime now_ = SteadyTime{} + seconds(1000);
  MemberGuard guard_;
};

TEST(MemberGuardTest, WhoVanishesIsKeptAndProbed) {
  Guard guard;
  EXPECT_TRUE(guard.idle());
  guard.vanished("a");
  EXPECT_EQ(guard.kept(), Names{"a"});
  guard.probed("a", true);
  guard.pass(seconds(29));
  EXPECT_EQ(guard.kept(), Names{"a"});
  guard.pass(seconds(2));
  EXPECT_EQ(guard.kept(), Names{}) << "30 s are over";
  EXPECT_TRUE(guard.idle());
}

TEST(MemberGuardTest, LongLeasesAreWaitedForTwice) {
  Guard guard({.ttl = seconds(40)});
  guard.vanished("a");
  guard.probed("a", true);
  guard.pass(seconds(79));
  EXPECT_EQ(guard.kept(), Names{"a"});
  guard.pass(seconds(2));
  EXPECT_EQ(guard.kept(), Names{});
}

TEST(MemberGuardTest, WhoDoesNotAnswerLeavesAtOnce) {
  Guard guard;
  guard.vanished("a");
  guard.probed("a", false);
  EXPECT_EQ(guard.kept(), Names{});
  guard.vanished("b");
  guard.probed("b", true);
  guard.pass(seconds(5));
  guard.probed("b", false);
  EXPECT_EQ(guard.kept(), Names{}) << "also after it has answered";
}

TEST(MemberGuardTest, WithoutAnyProbeItLeavesSoon) {
  Guard guard;
  guard.vanished("a");
  guard.pass(seconds(4));
  EXPECT_EQ(guard.kept(), Names{"a"});
  guard.pass(seconds(1));
  EXPECT_EQ(guard.kept(), Names{});
}

// The prober asks ten a second: the last of many has its first answer late.
TEST(MemberGuardTest, ManySuspectsHaveMoreTimeForTheirFirstProbe) {
  Guard guard;
  Names many;
  for (int i = 0; i < 100; ++i) {
    many.insert("m" + std::to_string(i));
    guard.vanished("m" + std::to_string(i));
  }
  guard.pass(seconds(20));
  EXPECT_EQ(guard.kept(), many);
  guard.pass(seconds(10));
  EXPECT_EQ(guard.kept(), Names{});
}

TEST(MemberGuardTest, WhoDrainsLeavesAtOnce) {
  Guard guard;
  guard.drained("a");
  EXPECT_EQ(guard.kept(), Names{});
  EXPECT_TRUE(guard.idle());
}

TEST(MemberGuardTest, WhoComesBackIsAsBefore) {
  Guard guard;
  guard.vanished("a");
  guard.pass(seconds(2));
  guard.appeared("a");
  EXPECT_EQ(guard.kept(), Names{});
  EXPECT_TRUE(guard.idle());
  guard.probed("a", false);  // of a probe that was under way
}

TEST(MemberGuardTest, MoreThanHalfIsTheRegistrysFault) {
  Guard guard;
  guard.vanished("a");
  guard.pass_answering(seconds(3));
  guard.vanished("b");
  guard.pass_answering(seconds(3));
  guard.vanished("c");
  guard.pass_answering(seconds(50));
  EXPECT_EQ(guard.kept(), (Names{"a", "b", "c"})) << "three of five within 10 s";
  guard.pass_answering(seconds(5));
  EXPECT_EQ(guard.kept(), (Names{"b", "c"})) << "60 s after it vanished";
  guard.pass_answering(seconds(6));
  EXPECT_EQ(guard.kept(), Names{});
}

TEST(MemberGuardTest, HalfOrSlowlyIsNot) {
  Guard guard;
  guard.appeared("f");
  for (const char* name : {"a", "b", "c"}) guard.vanished(name);
  guard.pass_answering(seconds(31));
  EXPECT_EQ(guard.kept(), Names{}) << "three of six";
  Guard slow;
  for (const char* name : {"a", "b", "c"}) {
    slow.vanished(name);
    slow.pass_answering(seconds(6));
  }
  slow.pass_answering(seconds(14));
  EXPECT_EQ(slow.kept(), (Names{"b", "c"})) << "never three within 10 s";
}

TEST(MemberGuardTest, SwitchedOffItKeepsNobody) {
  Guard guard({.enabled = false});
  for (const char* name : {"a", "b", "c", "d"}) guard.vanished(name);
  EXPECT_EQ(guard.kept(), Names{});
}

// etcd is paused for longer than the leases, ten times (semantics.md, row 2).
TEST(MemberGuardTest, ARegistryThatForgetsAgainAndAgainMovesNobody) {
  Guard guard({.ttl = seconds(5)});
  const Names all{"a", "b", "c", "d", "e"};
  for (int i = 0; i < 10; ++i) {
    for (const std::string& name : all) guard.vanished(name);
    guard.pass_answering(seconds(7));
    EXPECT_EQ(guard.kept(), all);
    for (const std::string& name : all) guard.appeared(name);
    guard.pass(seconds(10));
  }
}

// Whatever happens: those in question have no key, nobody is kept for longer than is promised, who
// answers and comes back in time never falls out, and in the end it is quiet.
RC_GTEST_PROP(MemberGuardTest, KeepsItsPromises,
              (const std::vector<std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>>& steps)) {
  MemberGuard guard({});
  SteadyTime now{};
  now += seconds(1000);
  Names with_key;
  std::map<std::string, SteadyTime> vanished_at;
  for (const auto& [who, what, wait] : steps) {
    const std::string name = "n" + std::to_string(who % 5);
    now += milliseconds(wait * 50);
    guard.expire(now);
    RC_ASSERT(!guard.deadline() || *guard.deadline() > now || guard.expire(now));
    switch (what % 5) {
      case 0:
      case 1:
        if (with_key.erase(name) > 0) {
          guard.vanished(name, what % 5 == 1, now);
          vanished_at[name] = now;
        }
        break;
      case 2:
        with_key.insert(name);
        guard.appeared(name);
        RC_ASSERT(!guard.kept().contains(name));
        break;
      default:
        guard.probed(name, what % 5 == 3);
        RC_ASSERT(what % 5 == 3 || !guard.kept().contains(name));
    }
    for (const std::string& kept : guard.kept()) {
      RC_ASSERT(!with_key.contains(kept));
      RC_ASSERT(now - vanished_at[kept] < seconds(60));
    }
  }
  for (int i = 0; guard.deadline(); ++i) {
    RC_ASSERT(i < 100);
    now = std::max(now, *guard.deadline());
    guard.expire(now);
  }
  RC_ASSERT(guard.kept().empty());
}

// Who always answers, and is back within 30 s, is always in the ring.
RC_GTEST_PROP(MemberGuardTest, TheLivingStay,
              (const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps)) {
  MemberGuard guard({});
  SteadyTime now{};
  now += seconds(1000);
  Names with_key;
  for (int i = 0; i < 5; ++i) with_key.insert("n" + std::to_string(i));
  for (const std::string& name : with_key) guard.appeared(name);
  std::map<std::string, SteadyTime> away;
  for (const auto& [who, wait] : steps) {
    const std::string name = "n" + std::to_string(who % 5);
    for (int second = 0; second < wait % 20; ++second) {
      now += seconds(1);
      for (const std::string& one : guard.suspects()) guard.probed(one, true);
      for (auto it = away.begin(); it != away.end();) {
        const bool back = now - it->second >= seconds(29);
        if (back) guard.appeared(it->first);
        it = back ? away.erase(it) : std::next(it);
      }
      guard.expire(now);
    }
    if (away.try_emplace(name, now).second) guard.vanished(name, false, now);
    Names gone;
    for (const auto& [one, since] : away) gone.insert(one);
    RC_ASSERT(guard.kept() == gone);
  }
}

}  // namespace
}  // namespace promster
