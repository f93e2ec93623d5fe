#include "prom/target_health.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

using State = TargetHealth::State;

std::string owner_at(const StubServer& server) {
  return server.url().substr(std::string("http://").size());
}

std::string vector_of(const std::string& samples) {
  return R"({"status":"success","data":{"resultType":"vector","result":[)" + samples + "]}}";
}

std::string sample(const std::string& instance, const std::string& what, const std::string& value) {
  return R"({"metric":{"instance":")" + instance + R"(","what":")" + what +
         R"("},"value":[1700000000,")" + value + "\"]}";
}

TEST(HealthQuery, AsksForTheseAddressesOnly) {
  const std::string query =
      health_query({.owner = "a:1", .addresses = {"10.0.0.1:80", "[::1]:80"}});
  EXPECT_NE(query.find(R"({job=~"/.+",instance=~"10\\.0\\.0\\.1:80|\\[::1\\]:80"})"),
            std::string::npos)
      << query;
  EXPECT_NE(query.find("timestamp(up"), std::string::npos);
  EXPECT_NE(query.find("scrape_duration_seconds"), std::string::npos);
}

TEST(HealthQuery, CannotBeLedOutOfItsString) {
  const std::string query = health_query({.owner = "a:1", .addresses = {R"(x"} or vector(1)\)"}});
  EXPECT_NE(query.find(R"(instance=~"x\\\"\\} or vector\\(1\\)\\\\"})"), std::string::npos)
      << query;
}

TEST(HealthQuery, AsksForAllOrForWhatIsDown) {
  EXPECT_EQ(health_query({.owner = "a:1"}), R"(min by(instance)(up{job=~"/.+"}))");
  EXPECT_EQ(health_query({.owner = "a:1", .only_down = true}),
            R"(min by(instance)(up{job=~"/.+"}) == 0)");
}

TEST(ReadHealth, PutsTogetherWhatIsSaidOfAnAddress) {
  const auto health =
      read_health(vector_of(sample("a:1", "up", "1") + "," + sample("a:1", "at", "1700000000.5") +
                            "," + sample("a:1", "took", "0.25") + "," + sample("b:1", "up", "0") +
                            "," + R"({"metric":{"instance":"c:1"},"value":[1,"0"]})"));
  ASSERT_TRUE(health);
  EXPECT_EQ(health->at("a:1").state, State::kUp);
  EXPECT_EQ(health->at("a:1").last_scrape, 1700000000.5);
  EXPECT_EQ(health->at("a:1").took_seconds, 0.25);
  EXPECT_EQ(health->at("b:1").state, State::kDown);
  EXPECT_EQ(health->at("c:1").state, State::kDown);
}

TEST(ReadHealth, WhatIsNoAnswerOfPrometheusSaysNothing) {
  for (const char* text : {"", "<html>", "[]", "{}", R"({"data":{"result":[{"metric":{}}]}})",
                           R"({"data":{"result":[{"metric":{"instance":1},"value":[1,"1"]}]}})"}) {
    EXPECT_FALSE(read_health(text)) << text;
  }
}

TEST(ReadLastError, FindsTheWordsOfOneAddress) {
  const std::string answer =
      R"({"status":"success","data":{"activeTargets":[)"
      R"({"scrapePool":"promster","discoveredLabels":{"__address__":"a:1"},"lastError":"no"},)"
      R"({"scrapePool":"/m","discoveredLabels":{"__address__":"b:1"},"lastError":"other"},)"
      R"({"scrapePool":"/m","discoveredLabels":{"__address__":"a:1"},"lastError":""},)"
      R"({"scrapePool":"/n","discoveredLabels":{"__address__":"a:1"},"lastError":"refused\n"}],)"
      R"("droppedTargets":[]}})";
  EXPECT_EQ(read_last_error(answer, "a:1"), "refused\\x0a");
  EXPECT_EQ(read_last_error(answer, "c:1"), "");
  EXPECT_EQ(read_last_error("<html>", "a:1"), "");
  EXPECT_EQ(read_last_error(R"({"data":{"activeTargets":[{"scrapePool":1}]}})", "a:1"), "");
}

TEST(AskTargetHealth, OwnersAreAskedAtTheSameTimeAndAnswerForThemselves) {
  StubServer good([](const StubServer::Request&) {
    return StubServer::response(200, vector_of(sample("t:1", "up", "1")));
  });
  StubServer refusing(
      [](const StubServer::Request&) { return StubServer::response(422, "no such function"); });
  StubServer silent([](const StubServer::Request&) { return std::nullopt; });
  StubServer also_silent([](const StubServer::Request&) { return std::nullopt; });
  StubServer leading_away([](const StubServer::Request&) {
    return StubServer::response(302, "", "Location: http://127.0.0.1:1/\r\n");
  });
  StubServer other([](const StubServer::Request&) { return StubServer::response(200, "<html>"); });
  std::vector<HealthQuestion> questions;
  for (const StubServer* one : {&good, &refusing, &silent, &also_silent, &leading_away, &other}) {
    questions.push_back({.owner = owner_at(*one), .addresses = {"t:1"}});
  }
  const auto started = std::chrono::steady_clock::now();
  const HealthAnswer answer = ask_target_health({.deadline = Duration(1500)}, questions);
  EXPECT_LT(std::chrono::steady_clock::now() - started, Duration(2900)) << "one after the other";
  ASSERT_EQ(answer.by_owner.size(), 1u);
  EXPECT_EQ(answer.by_owner.at(owner_at(good)).at("t:1").state, State::kUp);
  EXPECT_EQ(answer.failed.size(), 5u);
  EXPECT_EQ(answer.failed.at(owner_at(refusing)), "HTTP 422");
  EXPECT_EQ(answer.failed.at(owner_at(leading_away)), "HTTP 302");
  EXPECT_EQ(answer.failed.at(owner_at(silent)), "Timeout was reached");
  EXPECT_EQ(answer.failed.at(owner_at(other)), "its answer is no Prometheus's");
  const auto asked = good.requests();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].method, "POST");
  EXPECT_EQ(asked[0].path, "/api/v1/query");
}

TEST(AskTargetHealth, AnAnswerWithoutEndIsNotReadToItsEnd) {
  StubServer endless([](const StubServer::Request&) {
    return StubServer::response(200, std::string(100'000, ' '));
  });
  const HealthAnswer answer =
      ask_target_health({.most_body = 50'000}, {{.owner = owner_at(endless)}});
  EXPECT_EQ(answer.failed.at(owner_at(endless)), "more than 50000 bytes");
}

TEST(AskTargetHealth, AllAnswersTogetherHaveALimit) {
  StubServer endless([](const StubServer::Request&) {
    return StubServer::response(200, std::string(100'000, ' '));
  });
  const HealthAnswer answer = ask_target_health(
      {.most_bodies = 80'000}, {{.owner = owner_at(endless)}, {.owner = "169.254.169.254:80"}});
  EXPECT_EQ(answer.failed.at(owner_at(endless)), "more than 40000 bytes");
}

TEST(AskTargetHealth, WhoIsNoAddressOrIsDeniedIsNotAsked) {
  const HealthAnswer answer = ask_target_health(
      {}, {{.owner = "169.254.169.254:80"}, {.owner = "http://a:1/x?"}, {.owner = "a b:1"}});
  EXPECT_EQ(answer.failed.size(), 3u);
  EXPECT_EQ(answer.failed.at("a b:1"), "its name is no address");
  EXPECT_NE(answer.failed.at("169.254.169.254:80").find("never scraped"), std::string::npos)
      << answer.failed.at("169.254.169.254:80");
}

TEST(AskTargetHealth, SoManyOwnersAreAskedAndNoMore) {
  const HealthAnswer answer =
      ask_target_health({.most_owners = 1}, {{.owner = "127.0.0.1:1"}, {.owner = "127.0.0.1:2"}});
  EXPECT_EQ(answer.failed.at("127.0.0.1:2"), "not asked: more than 1 at once");
  EXPECT_NE(answer.failed.at("127.0.0.1:1").find("refused"), std::string::npos);
}

TEST(AskTargetHealth, ARealPrometheusSaysHowItsTargetsAre) {
  const TempDir dir = TempDir::make("health-test").value();
  std::ofstream(dir.file("config.yml"))
      << "global: {scrape_interval: 1s}\nscrape_configs:\n"
         "  - job_name: /metrics\n    static_configs: [{targets: [\"127.0.0.1:1\"]}]\n"
         "  - job_name: other\n    static_configs: [{targets: [\"127.0.0.1:2\"]}]\n";
  auto server = PrometheusServer::start({.dir = dir.path(), .config_file = dir.file("config.yml")});
  ASSERT_TRUE(server) << server.error().message;
  const std::string dead = "127.0.0.1:1";
  HealthAnswer answer;
  const auto known = wait_for("both to be known", std::chrono::seconds(60), [&] {
    answer =
        ask_target_health({}, {{.owner = server->address(), .addresses = {dead}, .words = true}});
    const auto said = answer.by_owner.find(server->address());
    return said != answer.by_owner.end() && said->second.contains(dead) &&
           said->second.at(dead).state == State::kDown;
  });
  ASSERT_TRUE(known) << known.error().message;
  const TargetHealth health = answer.by_owner.at(server->address()).at(dead);
  EXPECT_NE(health.error.find("connection refused"), std::string::npos) << health.error;
  EXPECT_GT(health.last_scrape, 1.7e9);
  const HealthAnswer down =
      ask_target_health({}, {{.owner = server->address(), .only_down = true}});
  EXPECT_TRUE(down.by_owner.at(server->address()).contains(dead));
  EXPECT_FALSE(down.by_owner.at(server->address()).contains("127.0.0.1:2")) << "no job of ours";
}

}  // namespace
}  // namespace promster
