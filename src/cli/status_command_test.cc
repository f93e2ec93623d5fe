// `promster status` and `promster top --once` against a node that says what a test wants.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

using Strings = std::vector<std::string>;

constexpr const char* kNotReady = R"({"status": "success", "data": {"zeta": 1.50, "node": "a:1",
  "ready": false, "missing": ["Prometheus is not ready: connection refused"],
  "degraded": ["odd"]}})";
constexpr const char* kDegraded = R"({"status": "success", "data": {"node": "a:1", "ready": true,
  "prometheus": {"up": true, "version": "2"}, "degraded": ["the registry is not watched: gone"]}})";
constexpr const char* kTargets = R"({"status": "success", "data": {"total": 7, "offset": 2,
  "targets": [{"address": "t:1", "owners": ["a:1", "b:1"], "state": "moving", "labels": {"x": "y"},
  "health": {"state": "down", "error": "refused"}}], "not_asked": [{"owner": "b:1",
  "reason": "timeout"}]}})";
constexpr const char* kHistory = R"({"status": "success", "data": {"total": 2, "changes": [
  {"id": 2, "time": 2, "summary": "second"}, {"id": 1, "time": 1, "summary": "first"}]}})";

class StatusCommandTest : public testing::Test {
 protected:
  int run(Strings arguments) {
    arguments.push_back("--url=" + server_.url());
    return run_as_it_is(arguments);
  }
  int run_as_it_is(const Strings& arguments) {
    out_.str("");
    err_.str("");
    return run_command_line(all_commands(),
                            {.arguments = arguments, .environment = {}, .out = out_, .err = err_});
  }
  void answer(const std::string& resource, const std::string& json) {
    answers_["/api/v1/" + resource] =
        StubServer::response(200, json, "Content-Type: application/json\r\n");
  }
  bool said(const std::string& words) const { return out_.str().find(words) != std::string::npos; }
  bool complained(const std::string& words) const {
    return err_.str().find(words) != std::string::npos;
  }

  std::map<std::string, std::string> answers_;
  std::ostringstream out_, err_;
  StubServer server_{[this](const StubServer::Request& request) {
    const auto found = answers_.find(request.path);
    return found == answers_.end() ? StubServer::response(404, "nothing here\n") : found->second;
  }};
};

TEST_F(StatusCommandTest, ANodeThatIsNotReadyIsAFailureAndSaysWhyFirst) {
  answer("status", kNotReady);
  EXPECT_EQ(run({"status"}), kExitFailed);
  const std::string text = out_.str();
  EXPECT_TRUE(said("✗ Not ready: 1 problem")) << text;
  EXPECT_LT(text.find("✗ Prometheus is not ready: connection refused\n    try: "),
            text.find("✓ Targets"))
      << text;
  EXPECT_EQ(err_.str(), "");
}

TEST_F(StatusCommandTest, OneThatIsOnlyDegradedIsFine) {
  answer("status", kDegraded);
  EXPECT_EQ(run({"status"}), kExitFine);
  EXPECT_TRUE(said("! It works; 1 thing needs a look")) << out_.str();
  EXPECT_TRUE(said("! the registry is not watched: gone")) << out_.str();
}

TEST_F(StatusCommandTest, JsonIsTheDataAsItCame) {
  answer("status", kNotReady);
  EXPECT_EQ(run({"status", "-o", "json"}), kExitFailed);
  const auto printed = nlohmann::ordered_json::parse(out_.str(), nullptr, false);
  EXPECT_EQ(printed.dump(), nlohmann::ordered_json::parse(kNotReady)["data"].dump());
}

TEST_F(StatusCommandTest, TargetsAreSearchedByTheNode) {
  answer("targets?q=a%20b&owner=a%3A1&state=down&limit=1&offset=2&health=true", kTargets);
  EXPECT_EQ(run({"status", "targets", "a b", "--owner=a:1", "--state=down", "--limit=1",
                 "--offset=2", "--health"}),
            kExitFine)
      << err_.str();
  EXPECT_TRUE(said("t:1     a:1, b:1  changes hands  ✗ down: refused  x=y")) << out_.str();
  EXPECT_TRUE(said("3 to 3 of 7 targets, more with --offset=3")) << out_.str();
  EXPECT_TRUE(said("! b:1 did not say how its targets are: timeout")) << out_.str();
}

TEST_F(StatusCommandTest, AnOwnerThatIsNoNodeIsNamed) {
  const std::string none = R"({"status": "success", "data": {"total": 0, "targets": [],
                               "empty_because": "no match"}})";
  for (const char* owner : {"b%3A1", "a%3A9090", "nonsense"}) {
    answer("targets?owner=" + std::string(owner), none);
  }
  answer("nodes", R"({"status": "success", "data": {"nodes": [{"name": "a:9091"},
                      {"name": "b:1"}]}})");
  EXPECT_EQ(run({"status", "targets", "--owner=b:1"}), kExitFine) << "it only has no targets";
  EXPECT_EQ(out_.str(), "no match\n");
  EXPECT_EQ(run({"status", "targets", "--owner=a:9090"}), kExitFailed);
  EXPECT_EQ(err_.str(), "promster: --owner; \"a:9090\" is no node; did you mean a:9091?\n");
  EXPECT_EQ(run({"status", "targets", "--owner=nonsense", "-o", "json"}), kExitFailed);
  EXPECT_EQ(err_.str(), "promster: --owner; \"nonsense\" is no node; try: promster status nodes\n");
}

TEST_F(StatusCommandTest, ALimitThatIsNoneIsAnOption) {
  answers_["/api/v1/targets?limit=0"] =
      StubServer::response(400, R"({"status": "error", "errorType": "bad_data",
               "error": "limit; \"0\" is no number from 1 to 1000; try: limit=50"})",
                           "Content-Type: application/json\r\n");
  EXPECT_EQ(run({"status", "targets", "--limit=0"}), kExitFailed);
  EXPECT_EQ(err_.str(), "promster: --limit; \"0\" is no number from 1 to 1000; try: --limit=50\n");
}

TEST_F(StatusCommandTest, AnEmptyListSaysWhy) {
  answer("nodes", R"({"status": "success", "data": {"nodes": [], "empty_because": "no keys"}})");
  answer("targets", R"({"status": "success", "data": {"total": 0, "targets": [],
                        "empty_because": "no match"}})");
  answer("levels", R"({"status": "success", "data": {"levels": [], "empty_because": "no level"}})");
  answer("history", R"({"status": "success", "data": {"changes": [], "empty_because": "calm"}})");
  const std::map<std::string, std::string> reasons{{"nodes", "no keys\n"},
                                                   {"targets", "no match\n"},
                                                   {"levels", "no level\n"},
                                                   {"history", "calm\n"}};
  for (const auto& [word, reason] : reasons) {
    EXPECT_EQ(run({"status", word}), kExitFine);
    EXPECT_EQ(out_.str(), reason);
  }
}

TEST_F(StatusCommandTest, TheHistoryIsFollowedTheOldestFirst) {
  answer("history?limit=2", kHistory);
  answers_["/api/v1/events"] =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
      "event: status\ndata: {}\n\n"
      "event: change\ndata: {\"id\": 2, \"time\": 2, \"summary\": \"second\"}\n\n"
      "event: change\ndata: {\"id\": 3, \"time\": 3, \"summary\": \"third\"}\n\n"
      "event: change\ndata: {\"id\": 3, \"time\": 3, \"summary\": \"third in 1 s\"}\n\n";
  EXPECT_EQ(run({"status", "history", "--limit=2", "--follow"}), kExitFailed);
  EXPECT_EQ(out_.str(),
            "HISTORY (UTC)\n1970-01-01 00:00:01  first\n1970-01-01 00:00:02  second\n"
            "1970-01-01 00:00:03  third\n1970-01-01 00:00:03  third in 1 s\n");
  EXPECT_TRUE(complained("the stream ended; try:")) << err_.str();
}

TEST_F(StatusCommandTest, WhatTheNodeSaysIsWrongIsSaid) {
  answers_["/api/v1/levels"] = StubServer::response(
      503, R"({"status": "error", "errorType": "unavailable", "error": "levels; no; try: x"})",
      "Content-Type: application/json\r\n");
  EXPECT_EQ(run({"status", "levels"}), kExitFailed);
  EXPECT_EQ(err_.str(), "promster: levels; no; try: x\n");
  answers_["/api/v1/nodes"] = StubServer::response(401, "no\n");
  EXPECT_EQ(run({"status", "nodes"}), kExitFailed);
  EXPECT_TRUE(complained("status 401; it wants a password; try: --http.user")) << err_.str();
  answer("history", R"({"status": "success", "data": {"changes": 7}})");
  EXPECT_EQ(run({"status", "history"}), kExitFailed) << "an answer in another form";
}

TEST_F(StatusCommandTest, NameAndPasswordAreSent) {
  answer("status", kDegraded);
  const std::string file = testing::TempDir() + "status-password";
  std::ofstream(file) << " se:cret \r\n\n";
  EXPECT_EQ(run({"status", "--http.user=me", "--http.password-file=" + file}), kExitFine);
  EXPECT_NE(server_.requests().at(0).text.find("Authorization: Basic bWU6IHNlOmNyZXQg\r\n"),
            std::string::npos);
}

TEST_F(StatusCommandTest, NoPasswordIsTakenFromAUrl) {
  for (const char* url : {"http://user:secret@127.0.0.1:1", "user:secret@127.0.0.1:1",
                          "ftp://user:secret@127.0.0.1:1"}) {
    for (const char* command : {"status", "top", "simulate"}) {
      EXPECT_EQ(run_as_it_is({command, std::string("--url=") + url}), kExitUsage);
      EXPECT_TRUE(complained("try: --http.user=NAME --http.password-file=FILE")) << err_.str();
      EXPECT_FALSE(complained("secret"));
    }
  }
}

TEST_F(StatusCommandTest, WhoCannotBeReachedIsNotTheLastWord) {
  for (const Strings& words : std::vector<Strings>{{"status"}, {"explain", "t:1"}, {"top"}}) {
    Strings arguments = words;
    arguments.push_back("--url=http://127.0.0.1:1");
    EXPECT_EQ(run_as_it_is(arguments), kExitFailed);
    EXPECT_TRUE(complained("; try: --url=http://NODE:9096, the page of a node\n")) << err_.str();
    EXPECT_EQ(err_.str().find("try:"), err_.str().rfind("try:")) << err_.str();
  }
}

TEST_F(StatusCommandTest, WrongUsageSaysSo) {
  for (const Strings& wrong : std::vector<Strings>{{"status", "node"},
                                                   {"status", "nodes", "x"},
                                                   {"status", "nodes", "--owner=a"},
                                                   {"status", "--follow"},
                                                   {"status", "--limit=3"},
                                                   {"status", "--from=etcd"},
                                                   {"top", "x"}}) {
    EXPECT_EQ(run(wrong), kExitUsage) << wrong.back();
    EXPECT_TRUE(complained("promster: ")) << wrong.back();
  }
  EXPECT_EQ(run_as_it_is({"status", "--url=ftp://x"}), kExitUsage);
}

TEST_F(StatusCommandTest, WithoutAUrlTheNodeOfThisMachineIsAsked) {
  answer("status", kDegraded);
  answers_["/-/healthy"] = StubServer::response(200, "fine");
  const std::string port = server_.url().substr(server_.url().rfind(':'));
  EXPECT_EQ(run_as_it_is({"status", "--web.listen-address=" + port}), kExitFine);
  EXPECT_EQ(err_.str(), "promster: asking the node at http://127.0.0.1" + port + "\n");
  EXPECT_EQ(run_as_it_is({"status", "--web.listen-address=127.0.0.1:1"}), kExitFailed);
  EXPECT_TRUE(complained("no node answers at http://127.0.0.1:1; try: --url")) << err_.str();
  EXPECT_TRUE(complained("etcd cannot be asked: SCRAPE_ETCD_PATH")) << err_.str();
}

TEST_F(StatusCommandTest, TopPrintsOneFrameWhereThereIsNoTerminal) {
  answer("status", kDegraded);
  answer("nodes", R"({"status": "success", "data": {"nodes": [{"name": "a:1",
                      "state": "active"}]}})");
  answer("history?limit=5", kHistory);
  EXPECT_EQ(run({"top"}), kExitFine) << err_.str();
  EXPECT_TRUE(said("! It works") && said("a:1   active") && said("second")) << out_.str();
  EXPECT_FALSE(said("\x1b")) << "no escapes";
  EXPECT_EQ(run({"top", "--once"}), kExitFine);
  answers_.erase("/api/v1/nodes");
  EXPECT_EQ(run({"top", "--once"}), kExitFailed);
  EXPECT_TRUE(complained("it has no such API; try:")) << err_.str();
}

TEST_F(StatusCommandTest, ExplainAsksANodeToo) {
  answer("explain?target=t%3A1", R"({"status": "success", "data": {"target": "t:1", "key": "/t/t:1",
    "labels": {}, "also": [], "algorithm": "bounded", "owner": "a:1", "owners": ["a:1"],
    "next_owner": null, "without": {"a:1": []}, "why": "it is alone", "capacity": 3, "revision": 4,
    "scores": [{"member": "a:1", "score": 0.5, "targets": 3, "owner": true}],
    "health": {"state": "up", "error": ""}}})");
  EXPECT_EQ(run({"explain", "t:1"}), kExitFine) << err_.str();
  for (const char* words : {"owner       a:1\n", "next owner  nobody\n", "if a:1 dies: nobody\n",
                            "health      up\n", "a:1     0.500000        3  owner\n"}) {
    EXPECT_TRUE(said(words)) << words << out_.str();
  }
  EXPECT_EQ(run({"explain", "other"}), kExitFailed);
}

TEST_F(StatusCommandTest, ExplainAsksTheNodeOfThisMachineWhereNoEtcdIsSet) {
  answer("explain?target=t%3A1",
         R"({"status": "success", "data": {"target": "t:1", "owners": []}})");
  answers_["/-/healthy"] = StubServer::response(200, "fine");
  const std::string port = server_.url().substr(server_.url().rfind(':'));
  for (const Strings& settings :
       {Strings{}, {"--scrape.etcd-url=http://e:1", "--scrape.etcd-path=/t"}}) {
    Strings words{"explain", "t:1", "--web.listen-address=" + port};
    words.insert(words.end(), settings.begin(), settings.end());
    EXPECT_EQ(run_as_it_is(words), kExitFine) << err_.str();
    EXPECT_EQ(err_.str(), "promster: asking the node at http://127.0.0.1" + port + "\n");
    EXPECT_TRUE(said("target      t:1\n"));
  }
  EXPECT_EQ(run_as_it_is({"explain", "t:1", "--web.listen-address=127.0.0.1:1"}), kExitFailed);
  EXPECT_TRUE(complained("no node answers at http://127.0.0.1:1; try: --url")) << err_.str();
  EXPECT_TRUE(complained("and etcd cannot be asked: SCRAPE_ETCD_PATH")) << err_.str();
}

}  // namespace
}  // namespace promster
