#include "prom/executor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "prom/executor_for_test.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

namespace fs = std::filesystem;
using Kind = ConfigOutcome::Kind;

class ExecutorFaultTest : public ExecutorTest {
 protected:
  // A Prometheus that says it runs the configuration on disk, which it loaded at `loaded_`.
  StubServer::Answer runs_what_is_there() {
    return [this](const StubServer::Request& request) {
      if (request.path == "/-/reload") return StubServer::response(reload_status_, "words");
      if (request.path == "/api/v1/status/runtimeinfo") {
        return StubServer::response(200, R"({"data": {"startTime": "", "lastConfigTime": ")" +
                                             loaded_ + R"(", "reloadConfigSuccess": )" +
                                             (reload_success_ ? "true}}" : "false}}"));
      }
      std::string yaml;
      for (const char c : content("prometheus.yml")) {
        yaml += c == '\n' ? "\\n" : c == '"' ? "\\\"" : std::string(1, c);
      }
      return StubServer::response(200, R"({"data": {"yaml": ")" + yaml + R"("}})");
    };
  }

  ApplyConfig config_on_disk() const {
    const ApplyConfig config{"global: {scrape_interval: \"1s\"}\n", "groups: []\n"};
    EXPECT_TRUE(replace_file(path("rules.yml"), config.rules_yml));
    EXPECT_TRUE(replace_file(path("prometheus.yml"), config.prometheus_yml));
    return config;
  }

  // promtool of a site: it counts its runs, and refuses while there is a file `broken`.
  ExecutorOptions with_own_promtool(const std::string& url) const {
    ExecutorOptions result = options(url);
    result.promtool.program = data_.file("promtool");
    result.promtool.memory_of_refusal = Duration(0);
    std::ofstream(result.promtool.program) << "#!/bin/sh\necho >> " << data_.file("runs")
                                           << "\n! test -e " << data_.file("broken") << "\n";
    fs::permissions(result.promtool.program, fs::perms::owner_all);
    return result;
  }
  auto runs_of_promtool() const {
    const auto runs = read_file(data_.file("runs"));
    return runs ? std::ranges::count(*runs, '\n') : 0;
  }
  void rules_broken(bool broken) const {
    if (broken)
      std::ofstream(data_.file("broken")) << "yes";
    else
      fs::remove(data_.file("broken"));
  }

  std::string loaded_ = "2100-01-01T00:00:00Z";  // long after any file here took its place
  int reload_status_ = 200;
  bool reload_success_ = true;
};

TEST_F(ExecutorFaultTest, NewAgentDoesNotReloadAPrometheusThatLoadedTheFilesLongAgo) {
  const ApplyConfig config = config_on_disk();
  StubServer server(runs_what_is_there());
  Executor executor(options(server.url()), log_);
  const auto outcome = apply(executor, config);
  EXPECT_EQ(outcome.kind, Kind::kAccepted) << outcome.reason;
  EXPECT_FALSE(outcome.reloaded);
  EXPECT_EQ(apply(executor, config).kind, Kind::kUnchanged);
  loaded_ = "2001-01-01T00:00:00Z";  // before the files were there
  Executor other(options(server.url()), log_);
  EXPECT_TRUE(apply(other, config).reloaded);
}

// They may be changed while no agent runs, after Prometheus loaded them.
TEST_F(ExecutorFaultTest, NewAgentReloadsWhereTheSitesFilesOfRulesAreOthers) {
  ApplyConfig config = config_on_disk();
  config.base.stamp = "one";
  StubServer server(runs_what_is_there());
  const auto started_anew = [&] {
    Executor executor(options(server.url()), log_);
    const auto outcome = apply(executor, config);
    EXPECT_EQ(outcome.kind, Kind::kAccepted) << outcome.reason;
    return outcome.reloaded;
  };
  EXPECT_TRUE(started_anew()) << "nobody knows which it loaded";
  EXPECT_FALSE(started_anew());
  config.base.stamp = "two";
  EXPECT_TRUE(started_anew());
  EXPECT_FALSE(started_anew());
  config.base.stamp = "";
  EXPECT_TRUE(started_anew()) << "they are gone";
}

// Ours are as they were, and so is what Prometheus runs.
TEST_F(ExecutorFaultTest, FilesOfRulesBrokenWhileNoAgentRanLeaveTheOldConfigurationInUse) {
  ApplyConfig config = config_on_disk();
  config.base.stamp = "one";
  StubServer server(runs_what_is_there());
  const ExecutorOptions checked = with_own_promtool(server.url());
  loaded_ = "2001-01-01T00:00:00Z";  // not long after our files took their place
  {
    Executor executor(checked, log_);
    ASSERT_EQ(apply(executor, config).kind, Kind::kAccepted);
  }

  rules_broken(true);
  config.base.stamp = "two";
  Executor executor(checked, log_);
  for (int i = 0; i < 2; ++i) {
    const auto refused = apply(executor, config);
    EXPECT_EQ(refused.kind, Kind::kRejected);
    EXPECT_TRUE(refused.good_one_stays) << refused.reason;
    EXPECT_FALSE(refused.reloaded);
  }
  rules_broken(false);
  config.base.stamp = "three";
  const auto mended = apply(executor, config);
  EXPECT_EQ(mended.kind, Kind::kAccepted) << mended.reason;
  EXPECT_TRUE(mended.reloaded) << "these were never loaded";
}

TEST_F(ExecutorFaultTest, WhatPrometheusIsNotSeenToRunIsNotInUse) {
  ApplyConfig config = config_on_disk();
  config.base.stamp = "one";
  StubServer server(runs_what_is_there());
  const ExecutorOptions checked = with_own_promtool(server.url());
  rules_broken(true);
  const auto stays = [&](const ApplyConfig& wanted) {
    Executor executor(checked, log_);
    const auto outcome = apply(executor, wanted);
    EXPECT_EQ(outcome.who, "promtool");
    return outcome.good_one_stays;
  };
  EXPECT_TRUE(stays(config)) << "it loaded them long after they were there";
  EXPECT_FALSE(stays({config.prometheus_yml, "groups: [] # others"}));
  reload_success_ = false;
  EXPECT_FALSE(stays(config)) << "nobody knows what is in use after a reload that failed";
  reload_success_ = true;
  loaded_ = "2001-01-01T00:00:00Z";
  EXPECT_FALSE(stays(config)) << "it loaded others";
}

// It may read a long log at its start, and wants the processors.
TEST_F(ExecutorFaultTest, PromtoolIsAskedOnceWhilePrometheusCannotBeAsked) {
  ApplyConfig config = config_on_disk();
  config.base.stamp = "one";
  StubServer server(runs_what_is_there());
  Executor executor(with_own_promtool(server.url()), log_);
  reload_status_ = 503;
  auto runs_for = [&, before = std::ptrdiff_t{0}](const ApplyConfig& wanted) mutable {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(apply(executor, wanted).kind, Kind::kPending);
    return runs_of_promtool() - std::exchange(before, runs_of_promtool());
  };
  EXPECT_EQ(runs_for(config), 1);
  config.base.stamp = "two";
  EXPECT_EQ(runs_for(config), 1) << "other files of rules";
  config.rules_yml += "# other\n";
  EXPECT_EQ(runs_for(config), 1) << "other bytes";
  config.force_reload = true;
  EXPECT_EQ(runs_for(config), 1) << "a reload that is asked for";
  reload_status_ = 200;
  EXPECT_EQ(apply(executor, config).kind, Kind::kAccepted);
  EXPECT_EQ(runs_of_promtool(), 4);
  EXPECT_EQ(apply(executor, config).kind, Kind::kAccepted) << "asked for once more";
  EXPECT_EQ(runs_of_promtool(), 5);
}

TEST_F(ExecutorFaultTest, WhatMayHaveBeenLoadedMeanwhileIsNotWhatWasAcceptedLast) {
  ApplyConfig config = config_on_disk();
  StubServer server(runs_what_is_there());
  Executor executor(options(server.url()), log_);
  config.base.stamp = "one";
  ASSERT_TRUE(apply(executor, config).reloaded);
  config.base.stamp = "two";
  reload_status_ = 503;
  EXPECT_EQ(apply(executor, config).kind, Kind::kPending);
  config.base.stamp = "one";
  reload_status_ = 200;
  EXPECT_TRUE(apply(executor, config).reloaded);
}

// What a reload answers, and what becomes of the files.
TEST_F(ExecutorFaultTest, OnlyAClearNoRollsBack) {
  struct Case {
    std::optional<std::string> answer;
    Kind kind;
  };
  const auto status = [](int code) { return StubServer::response(code, "words"); };
  for (const Case& entry : std::initializer_list<Case>{{status(401), Kind::kPending},
                                                       {status(403), Kind::kPending},
                                                       {status(404), Kind::kPending},
                                                       {status(405), Kind::kPending},
                                                       {status(500), Kind::kRejected},
                                                       {status(501), Kind::kPending},
                                                       {status(503), Kind::kPending},
                                                       {status(200), Kind::kPending},
                                                       {"garbage", Kind::kPending},
                                                       {"", Kind::kPending},
                                                       {std::nullopt, Kind::kPending}}) {
    ASSERT_TRUE(replace_file(path("rules.yml"), "old rules"));
    ASSERT_TRUE(replace_file(path("prometheus.yml"), "old config"));
    StubServer server([&](const auto&) { return entry.answer; });
    ExecutorOptions quick = options(server.url());
    quick.promtool.program = "";
    quick.prometheus.deadline = quick.prometheus.reload_deadline = Duration(200);
    Executor executor(quick, log_);
    const auto outcome = apply(executor, {"new config", "new rules"});
    const std::string answer = entry.answer.value_or("silence");
    EXPECT_EQ(outcome.kind, entry.kind) << answer;
    EXPECT_NE(outcome.reason, "") << answer;
    const std::string version = outcome.kind == Kind::kRejected ? "old " : "new ";
    EXPECT_EQ(content("prometheus.yml"), version + "config") << answer;
    EXPECT_EQ(content("rules.yml"), version + "rules") << answer;
  }
}

// Somebody else's reload came in between and failed.
TEST_F(ExecutorFaultTest, AReloadThatFailedAfterOursIsARefusal) {
  ASSERT_TRUE(replace_file(path("rules.yml"), "old rules"));
  ASSERT_TRUE(replace_file(path("prometheus.yml"), "old config"));
  StubServer server([](const StubServer::Request& request) {
    if (request.path != "/api/v1/status/runtimeinfo") return StubServer::response(200, "");
    return StubServer::response(200, R"({"data": {"reloadConfigSuccess": false, "startTime": "",)"
                                     R"("lastConfigTime": "2026-01-01T00:00:00Z"}})");
  });
  ExecutorOptions unchecked = options(server.url());
  unchecked.promtool.program = "";
  Executor executor(unchecked, log_);
  const auto outcome = apply(executor, {"new config", "new rules"});
  EXPECT_EQ(outcome.kind, Kind::kRejected);
  EXPECT_NE(outcome.reason.find("its last reload failed"), std::string::npos) << outcome.reason;
  EXPECT_EQ(content("prometheus.yml"), "old config");
}

// A directory that cannot be written. Root may write everywhere but below /proc.
TEST_F(ExecutorFaultTest, ADiskFailureIsAFailureAndKeepsTheOldFiles) {
  ExecutorOptions nowhere = options("http://127.0.0.1:1");
  nowhere.config_dir = "/proc/promster";
  Executor executor(nowhere, log_);
  const auto outcome =
      executor.execute({.config = ApplyConfig{"new", "new"}, .targets = WriteTargets{}});
  EXPECT_EQ(outcome.config->kind, Kind::kFailed);
  EXPECT_NE(outcome.config->reason.find("/proc/promster"), std::string::npos);
  EXPECT_FALSE(outcome.targets->written.ok());
}

TEST_F(ExecutorFaultTest, WhereTheSecondFileFailsTheFirstIsPutBack) {
  fs::create_directory(path("prometheus.yml"));  // nothing can be renamed over it
  ASSERT_TRUE(replace_file(path("rules.yml"), "old rules"));
  ExecutorOptions unchecked = options("http://127.0.0.1:1");
  unchecked.promtool.program = "";
  Executor executor(unchecked, log_);
  const auto outcome = apply(executor, {"new config", "new rules"});
  EXPECT_EQ(outcome.kind, Kind::kFailed);
  EXPECT_TRUE(outcome.reason.starts_with("write " + path("prometheus.yml") + ": rename: "))
      << outcome.reason;
  EXPECT_EQ(content("rules.yml"), "old rules");
}

TEST_F(ExecutorFaultTest, AMissingPromtoolIsSaidOnce) {
  const std::string log_file = path("log");
  const int fd = ::open(log_file.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const Log log(LogLevel::kInfo, LogFormat::kLogfmt, fd);
  ExecutorOptions unchecked = options("http://127.0.0.1:1");
  unchecked.promtool.program = "/nowhere/promtool";
  Executor executor(unchecked, log);
  apply(executor, {"one", ""});
  apply(executor, {"two", ""});
  ::close(fd);
  const std::string text = content("log");
  EXPECT_NE(text.find("promtool is not installed"), std::string::npos);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
}

TEST_F(ExecutorFaultTest, LeftOversOfACrashAreRemoved) {
  ASSERT_TRUE(ensure_directory(path("sd")));
  const std::string left_over = path("sd/.targets.json.promster-0123456789abcdef");
  std::ofstream(left_over) << "half";
  fs::create_directory(path(".promster-check"));
  const Executor executor(options("http://127.0.0.1:1"), log_);
  EXPECT_FALSE(fs::exists(left_over));
  EXPECT_FALSE(fs::exists(path(".promster-check")));
}

}  // namespace
}  // namespace promster
