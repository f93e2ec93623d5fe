#include "prom/sibling_probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>
#include <variant>
#include <vector>

#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The probe in a thread of its own, and what it says.
class Probe {
 public:
  explicit Probe(SiblingProbeOptions options = {})
      : thread_([this, options](const std::stop_token& stop) {
          probe_siblings(options, wishes_, events_, stop);
        }) {}

  void wish(std::set<std::string> names) { wishes_.push({.names = std::move(names)}); }

  // What it says within `time`; less where it has spoken of `names` different siblings by then.
  std::vector<SiblingProbed> told(Duration time, std::size_t names = 1000) {
    const auto deadline = std::chrono::steady_clock::now() + time;
    std::vector<SiblingProbed> all;
    std::set<std::string> heard_of;
    while (heard_of.size() < names && std::chrono::steady_clock::now() < deadline) {
      for (const Event& event : inbox(deadline)) {
        all.push_back(std::get<SiblingProbed>(event));
        heard_of.insert(all.back().name);
      }
    }
    return all;
  }
  // The next thing it says.
  SiblingProbed next() {
    const auto all = told(Duration(10'000), 1);
    return all.empty() ? SiblingProbed{} : all.front();
  }
  void stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  std::vector<Event> inbox(SteadyTime deadline) { return events_.wait_until(deadline); }

  Inbox<SiblingWish> wishes_;
  Inbox<Event> events_;
  std::jthread thread_;
};

// A server that gives `answer` (none: silence), and counts when it was asked.
class Sibling {
 public:
  explicit Sibling(std::optional<std::string> answer)
      : server_([this, answer](const StubServer::Request& request) {
          paths_.push(request.method + " " + request.path);
          return answer;
        }) {}
  std::string port() const { return server_.url().substr(server_.url().rfind(':') + 1); }
  std::string name() const { return "127.0.0.1:" + port(); }
  // What it was asked since the last call.
  std::vector<std::string> asked() { return paths_.wait_until(std::chrono::steady_clock::now()); }

 private:
  Inbox<std::string> paths_;
  StubServer server_;
};

const std::string kDead = "127.0.0.1:1";  // nobody listens there
const std::string kGarbage = "SSH-2.0-OpenSSH\r\n";

std::string ready(int status = 200) {
  return StubServer::response(status, "words");
}

TEST(SiblingProbeTest, AnyAnswerOfHttpMeansThatItLives) {
  Sibling other(ready());
  for (const int status : {200, 302, 400, 404, 503}) {
    Sibling sibling(StubServer::response(status, std::string(10'000, 'x'),
                                         "Location: http://" + other.name() + "/\r\n"));
    Probe probe;
    probe.wish({sibling.name()});
    const SiblingProbed probed = probe.next();
    EXPECT_EQ(probed.name, sibling.name());
    EXPECT_TRUE(probed.answers) << status << ": " << probed.reason;
    EXPECT_EQ(probed.reason, "HTTP " + std::to_string(status));
    EXPECT_EQ(sibling.asked(), std::vector<std::string>{"GET /-/ready"});
  }
  EXPECT_TRUE(other.asked().empty()) << "no redirect is followed";
}

TEST(SiblingProbeTest, WhoeverRefusesIsToldAtOnce) {
  Probe probe;
  const SteadyTime start = std::chrono::steady_clock::now();
  probe.wish({kDead});
  const SiblingProbed probed = probe.next();
  EXPECT_FALSE(probed.answers);
  EXPECT_EQ(probed.reason, "Couldn't connect to server (Connection refused)");
  EXPECT_LT(seconds_since(start), 0.5);
}

TEST(SiblingProbeTest, OneFailureIsNoneAndIsTriedAgainAtOnce) {
  Sibling garbage(kGarbage);
  Probe probe;
  probe.wish({garbage.name()});
  EXPECT_FALSE(probe.next().answers) << "SSH is no HTTP";
  EXPECT_EQ(garbage.asked().size(), 2u);
  int asked = 0;  // by the server's thread only
  StubServer flaky([&asked](const auto&) { return ++asked % 2 == 1 ? kGarbage : ready(); });
  const std::string name = flaky.url().substr(7);
  probe.wish({name});
  for (int i = 0; i < 2;) {
    const SiblingProbed probed = probe.next();
    if (probed.name != name) continue;
    EXPECT_TRUE(probed.answers) << "every other try fails, and is none";
    ++i;
  }
}

TEST(SiblingProbeTest, GoesOnEverySecondUntilNobodyAsks) {
  Sibling sibling(ready());
  Probe probe({.interval = Duration(300)});
  probe.wish({sibling.name()});
  EXPECT_TRUE(probe.next().answers);
  const SteadyTime start = std::chrono::steady_clock::now();
  EXPECT_TRUE(probe.next().answers);
  EXPECT_GT(seconds_since(start), 0.2);
  probe.wish({sibling.name()});
  EXPECT_TRUE(probe.told(Duration(100)).empty()) << "the same wish again is no reason to hurry";
  EXPECT_TRUE(probe.next().answers);
  probe.wish({});
  probe.told(Duration(100));
  sibling.asked();
  EXPECT_TRUE(probe.told(Duration(500)).empty());
  EXPECT_TRUE(sibling.asked().empty());
}

TEST(SiblingProbeTest, TellsWhenOneComesBack) {
  int asked = 0;  // by the server's thread only
  StubServer server([&asked](const auto&) { return ++asked <= 3 ? kGarbage : ready(); });
  Probe probe({.interval = Duration(100)});
  probe.wish({server.url().substr(7)});
  EXPECT_FALSE(probe.next().answers) << "tries 1 and 2";
  EXPECT_FALSE(probe.next().answers) << "try 3";
  EXPECT_TRUE(probe.next().answers) << "try 4";
}

TEST(SiblingProbeTest, TheSilentDoNotDelayTheOthers) {
  Sibling a(std::nullopt), b(std::nullopt), c(std::nullopt), alive(ready());
  Probe probe({.timeout = Duration(500)});
  probe.wish({a.name(), b.name(), c.name()});
  EXPECT_TRUE(probe.told(Duration(100)).empty());
  const SteadyTime start = std::chrono::steady_clock::now();
  probe.wish({a.name(), b.name(), c.name(), alive.name(), kDead});
  auto told = probe.told(Duration(5000), 2);
  EXPECT_LT(seconds_since(start), 0.4) << "while the first three are silent still";
  std::map<std::string, bool> answers;
  for (const SiblingProbed& one : told) answers[one.name] = one.answers;
  EXPECT_EQ(answers, (std::map<std::string, bool>{{alive.name(), true}, {kDead, false}}));
  std::map<std::string, std::string> silent;
  while (silent.size() < 3 && seconds_since(start) < 5) {
    for (const SiblingProbed& one : probe.told(Duration(100), 1)) {
      if (one.name != alive.name() && one.name != kDead) silent[one.name] = one.reason;
    }
  }
  EXPECT_LT(seconds_since(start), 1.5) << "two tries of 0.5 s, side by side";
  EXPECT_EQ(silent[a.name()], "Timeout was reached");
  EXPECT_EQ(silent.size(), 3u);
}

// One server under as many names as there are ways to write localhost.
std::set<std::string> names_of(const std::string& port, unsigned count) {
  std::set<std::string> names;
  for (unsigned bits = 0; bits < count; ++bits) {
    std::string host = "localhost";
    for (unsigned i = 0; i < 9; ++i) {
      if ((bits >> i & 1) != 0) host[i] = static_cast<char>(host[i] - 'a' + 'A');
    }
    names.insert(host + ":" + port);
  }
  return names;
}

TEST(SiblingProbeTest, ManySuspectsAreAskedTenASecondEachInItsTurn) {
  Inbox<SteadyTime> asked;
  StubServer server([&asked](const auto&) {
    asked.push(std::chrono::steady_clock::now());
    return ready();
  });
  Probe probe;
  const auto names = names_of(server.url().substr(server.url().rfind(':') + 1), 25);
  const SteadyTime start = std::chrono::steady_clock::now();
  probe.wish(names);
  std::set<std::string> heard_of;
  for (const SiblingProbed& one : probe.told(Duration(8000), 25)) {
    EXPECT_TRUE(one.answers) << one.reason;
    heard_of.insert(one.name);
  }
  EXPECT_EQ(heard_of, names);
  EXPECT_LT(seconds_since(start), 3.5);
  const auto times = asked.wait_until(start);
  for (std::size_t i = 10; i < times.size(); ++i) {
    EXPECT_GT(times[i] - times[i - 10], Duration(900)) << i;
  }
}

TEST(SiblingProbeTest, OnlyAddressesAreAsked) {
  Sibling sibling(ready());
  Probe probe;
  const std::string& name = sibling.name();
  std::set<std::string> names{"http://" + name, name + "/x",         "user@" + name,
                              name + "#:80",    "127.0.0.1",         "",
                              "127.0.0.1:\n80", "file:///etc/passwd"};
  probe.wish(names);
  EXPECT_TRUE(probe.told(Duration(300)).empty());
  EXPECT_TRUE(sibling.asked().empty());
  names.insert(name);
  probe.wish(names);
  EXPECT_EQ(probe.next().name, name) << "and they keep nobody from being asked";
}

TEST(SiblingProbeTest, StopsAtOnce) {
  Sibling silent(std::nullopt);
  Probe probe({.timeout = std::chrono::hours(1)});
  probe.wish({silent.name()});
  EXPECT_TRUE(probe.told(Duration(100)).empty());
  ASSERT_EQ(silent.asked().size(), 1u) << "it waits for an answer";
  const SteadyTime start = std::chrono::steady_clock::now();
  probe.stop();
  EXPECT_LT(seconds_since(start), 1);
}

}  // namespace
}  // namespace promster
