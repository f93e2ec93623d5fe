#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cluster/temp_dir.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

struct Answer {
  int exit_code = -1;
  std::string out, err;
};

Answer simulate(Names arguments) {
  std::ostringstream out, err;
  arguments.insert(arguments.begin(), "simulate");
  const int code = run_command_line(
      all_commands(), {.arguments = arguments, .environment = {}, .out = out, .err = err});
  return {code, out.str(), err.str()};
}

Json simulate_json(Names arguments) {
  arguments.insert(arguments.end(), {"-o", "json"});
  const Answer answer = simulate(std::move(arguments));
  EXPECT_EQ(answer.exit_code, kExitFine) << answer.err;
  EXPECT_EQ(answer.err, "");
  return Json::parse(answer.out);
}

class SimulateCommandTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(dir_.file(name)) << text;
    return dir_.file(name);
  }
  std::string file(const std::string& name, const Names& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return file(name, text);
  }

  TempDir dir_ = *TempDir::make("simulate");
};

TEST_F(SimulateCommandTest, EveryTargetHasItsOwnersAndEveryMemberItsLoad) {
  const Json told = simulate_json({"--targets=200", "--members=7", "--replicas=2", "--slack=0"});
  ASSERT_EQ(told["owners"].size(), 200U);
  std::map<std::string, std::size_t> load;
  for (const auto& owners : told["owners"]) {
    ASSERT_EQ(owners.size(), 2U);
    EXPECT_NE(owners[0], owners[1]);
    for (const auto& owner : owners) ++load[owner];
  }
  EXPECT_EQ(told["load"].get<decltype(load)>(), load);
  EXPECT_LE(told["after"]["most"], 58) << "ceil(400 / 7)";
  EXPECT_EQ(told["moved"], 0);
}

TEST_F(SimulateCommandTest, TheSlackBoundsTheLoad) {
  for (const auto& [slack, most] : {std::pair{"0", 100}, {"0.05", 105}, {"0.2", 120}}) {
    const Json told =
        simulate_json({"--targets=1000", "--members=10", std::string("--slack=") + slack});
    EXPECT_LE(told["after"]["most"], most);
    EXPECT_GT(told["after"]["most"], most - 10);
  }
}

TEST_F(SimulateCommandTest, WhoJoinsTakesAndWhoLeavesGives) {
  const Json told =
      simulate_json({"--targets=300", "--members=5", "--join=1", "--leave=10.0.0.2:9090"});
  EXPECT_EQ(told["load"].count("10.0.0.2:9090"), 0U);
  EXPECT_GT(told["load"]["new-1:9090"], 40);
  EXPECT_EQ(told["moved"], told["moves"].size());
  EXPECT_GE(told["moved"], told["load_before"]["10.0.0.2:9090"]);
  for (const auto& move : told["moves"]) {
    EXPECT_EQ(told["owners"][move["target"].get<std::string>()], move["to"]);
  }
  ASSERT_EQ(told["comparison"].size(), 4U);
  EXPECT_EQ(told["comparison"][0]["algorithm"], "bounded");
  EXPECT_EQ(told["comparison"][0]["moved"], told["moved"]);
}

TEST_F(SimulateCommandTest, AlgorithmsDiffer) {
  std::set<Json> seen;
  for (const char* name : {"bounded", "legacy", "rendezvous", "hashmod"}) {
    const Json told =
        simulate_json({"--targets=100", "--members=4", std::string("--algorithm=") + name});
    EXPECT_EQ(told["algorithm"], name);
    seen.insert(told["owners"]);
  }
  EXPECT_EQ(seen.size(), 4U);
  EXPECT_EQ(simulate_json({"--targets=1", "--members=1"})["algorithm"], "bounded");
  EXPECT_EQ(simulate_json({"--targets=1", "--members=1", "--shard.algorithm=legacy"})["algorithm"],
            "legacy");
}

TEST_F(SimulateCommandTest, TheOriginalsVectorsFromFiles) {
  std::ifstream vectors(PROMSTER_SOURCE_DIR "/src/core/testdata/legacy-ring.json");
  for (const Json& one : Json::parse(vectors)) {
    const auto members = one["members"].get<Names>(), targets = one["targets"].get<Names>();
    const Json told = simulate_json({"--algorithm=legacy", "--targets=" + file("targets", targets),
                                     "--members=" + file("members", members)});
    for (std::size_t i = 0; i < targets.size(); ++i) {
      EXPECT_EQ(told["owners"][targets[i]], Json({members[one["owners"][i]]})) << targets[i];
    }
  }
}

TEST_F(SimulateCommandTest, AFileHasANameALine) {
  const Json told =
      simulate_json({"--members=2",
                     "--targets=" + file("targets", "# ours\n\na:1\r\n  b:1\nb:1\n\"q\\uote\":1")});
  EXPECT_EQ(told["targets"], 3);
  for (const char* name : {"a:1", "b:1", "\"q\\uote\":1"})
    EXPECT_EQ(told["owners"].count(name), 1U);
}

TEST_F(SimulateCommandTest, TheTableSaysTheSame) {
  const Answer table = simulate({"--targets=300", "--members=5", "--join=1"});
  const Json told = simulate_json({"--targets=300", "--members=5", "--join=1"});
  EXPECT_EQ(simulate({"--targets=1", "--members=1"}).out.find("1 target, "), 0U);
  EXPECT_EQ(table.exit_code, kExitFine);
  const std::string moved = std::to_string(told["moved"].get<int>());
  for (const std::string& part :
       {std::string("300 targets, bounded, slack 0.1, owners a target: 1"), "moved: " + moved,
        std::string("new-1:9090"), std::string("hashmod"), std::string("more; -o json has them")}) {
    EXPECT_NE(table.out.find(part), std::string::npos) << part << "\n" << table.out;
  }
}

TEST_F(SimulateCommandTest, TheFewestMovesAreWholeTargets) {
  const Answer answer =
      simulate({"--targets=20", "--members=5", "--join=1", "--slack=0", "-o", "table"});
  EXPECT_NE(answer.out.find(" targets; the fewest possible: 3\n"), std::string::npos) << answer.out;
}

TEST_F(SimulateCommandTest, WhatCannotBeAnsweredIsSaid) {
  const std::pair<Names, std::string> cases[] = {
      {{"--members=0"}, "promster: there are no members"},
      {{"--members=10001"}, "promster: --members; it is more than 10000"},
      {{"--members=3", "--leave=10.0.0.9:9090"},
       "promster: --leave: \"10.0.0.9:9090\" is no member; did you mean 10.0.0."},
      {{"--members=1", "--leave=10.0.0.1:9090"}, "promster: --leave: no member would be left"},
      {{"--members=3", "--slack=-1"}, "promster: --slack: "},
      {{"--members=3", "--replicas=0"}, "promster: --replicas: "},
      {{"--members=3", "--join=99999"}, "promster: --join; it is more than"},
      {{"--members=3", "--algorithm=best"}, "promster: --algorithm; "}};
  for (auto [arguments, message] : cases) {
    arguments.emplace_back("--targets=5");
    const Answer answer = simulate(arguments);
    EXPECT_EQ(answer.exit_code, kExitUsage) << message;
    EXPECT_EQ(answer.err.find(message), 0U) << answer.err;
    EXPECT_EQ(answer.out, "");
  }
}

TEST_F(SimulateCommandTest, AFileThatIsNotThereIsAFailure) {
  const Answer answer = simulate({"--targets=/nowhere/at/all", "--members=3"});
  EXPECT_EQ(answer.exit_code, kExitFailed);
  EXPECT_EQ(answer.err.find("promster: --targets: read /nowhere/at/all: No such file"), 0U);
}

TEST_F(SimulateCommandTest, WithoutNumbersItNeedsTheSettings) {
  const Answer answer = simulate({"--targets=5"});
  EXPECT_EQ(answer.exit_code, kExitUsage);
  EXPECT_NE(answer.err.find("SCRAPE_ETCD_PATH"), std::string::npos);
  EXPECT_NE(answer.err.find("SCRAPE_ETCD_URL"), std::string::npos);
}

constexpr const char* kSimulated = R"({"status": "success", "data": {"revision": 7,
  "algorithm": "bounded", "moved": 3, "fewest": 3.3, "targets": 10,
  "before": {"balance": {"fair": 5, "most": 6, "least": 4, "max_over_mean": 1.2, "capacity": 6},
    "nodes": [{"name": "a:1", "targets": 6}, {"name": "b:1", "targets": 4}]},
  "after": {"balance": {"fair": 3.3, "most": 4, "least": 3, "max_over_mean": 1.2, "capacity": 4},
    "nodes": [{"name": "a:1", "targets": 4}, {"name": "b:1", "targets": 3},
              {"name": "new-1:1", "targets": 3}]},
  "moves": [{"from": "a:1", "to": "new-1:1", "targets": 2},
            {"from": "", "to": "b:1", "targets": 1}]}})";

// A node that says what a test wants, to the question that the test expects.
class SimulateAtNode : public testing::Test {
 protected:
  Answer ask(Names arguments) {
    arguments.push_back("--url=" + server_.url());
    return simulate(std::move(arguments));
  }

  std::string path_, answer_ = kSimulated;
  int status_ = 200;
  StubServer server_{[this](const StubServer::Request& request) {
    path_ = request.path;
    return StubServer::response(status_, answer_, "Content-Type: application/json\r\n");
  }};
};

TEST_F(SimulateAtNode, TheTableIsThatOfTheNode) {
  const Answer told = ask({"--join=1", "--leave=c:1,d:1"});
  EXPECT_EQ(told.exit_code, kExitFine) << told.err;
  EXPECT_EQ(path_, "/api/v1/simulate?add=1&remove=c%3A1%2Cd%3A1");
  EXPECT_EQ(told.out,
            "10 targets, bounded\n\n"
            "                before     after\n"
            "members              2         3\n"
            "fair share         5.0       3.3\n"
            "most                 6         4\n"
            "least                4         3\n"
            "most / mean       1.20      1.20\n\n"
            "member       before     after\n"
            "a:1               6         4\n"
            "b:1               4         3\n"
            "new-1:1           -         3\n\n"
            "moved: 3 targets; the fewest possible: 3\n"
            "  a:1 -> new-1:1  2 targets\n"
            "  - -> b:1  1 target\n");
}

TEST_F(SimulateAtNode, JsonIsTheDataAsItCame) {
  const Answer told = ask({"--join=1", "-o", "json"});
  EXPECT_EQ(Json::parse(told.out), Json::parse(kSimulated)["data"]);
}

TEST_F(SimulateAtNode, AnObjectionOfTheNodeIsInWordsOfTheTerminal) {
  status_ = 400;
  answer_ = R"({"status": "error", "errorType": "bad_data",
    "error": "nobody comes and nobody goes; add and remove are missing; try: simulate?add=1"})";
  const Answer told = ask({});
  EXPECT_EQ(told.exit_code, kExitFailed);
  EXPECT_EQ(path_, "/api/v1/simulate");
  EXPECT_EQ(told.err,
            "promster: nobody comes and nobody goes; --join and --leave are missing; try: "
            "promster simulate --join=1\n");
  answer_ = R"({"status": "success", "data": {"targets": "x"}})";
  EXPECT_EQ(ask({}).exit_code, kExitFailed) << "an answer in another form";
}

TEST_F(SimulateAtNode, WhatANodeIsNotAskedWithIsRefused) {
  for (const char* option :
       {"--targets=3", "--members=3", "--algorithm=legacy", "--slack=0.5", "--replicas=2"}) {
    const Answer told = ask({"--join=1", option});
    EXPECT_EQ(told.exit_code, kExitUsage) << option;
    EXPECT_NE(told.err.find(" and --url; a node is asked about its own cluster; try: "),
              std::string::npos);
  }
  EXPECT_EQ(path_, "") << "nobody was asked";
}

}  // namespace
}  // namespace promster
