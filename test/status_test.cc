// `promster status`, `explain`, `simulate` and `top` as users run them: from real nodes and
// straight from a real etcd, which give the same answers.
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "cluster/etcd_server.h"
#include "cluster/node.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"

namespace promster {
namespace {

using Json = nlohmann::json;
using Strings = std::vector<std::string>;

constexpr Duration kLong = std::chrono::seconds(60);
constexpr int kTargets = 12;

struct Ran {
  int exit_code = -1;
  std::string out, err;
  Json json() const { return Json::parse(out, nullptr, false); }
};

std::string shell_quoted(const Strings& words) {
  std::string text;
  for (const std::string& word : words) text += " '" + word + "'";
  return text;
}

class StatusTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { shared_ = std::make_unique<Shared>(); }
  static void TearDownTestSuite() { shared_.reset(); }

  // One etcd and two nodes for all tests.
  struct Shared {
    Shared() {
      const auto client = make_etcd_client({.settings = {.endpoints = {etcd.endpoint()}}});
      for (int i = 0; i < kTargets; ++i) {
        EXPECT_TRUE(client->put("/t/app/127.0.0.1:" + std::to_string(40'000 + i), "", 0));
      }
      start();
      start();
      for (Node& node : nodes) EXPECT_TRUE(node.wait_until_ready(kLong));
    }
    void start() {
      auto node = Node::start({.binary = PROMSTER_BINARY,
                               .name = "node" + std::to_string(nodes.size()),
                               .dir = dir.path(),
                               .environment = {{"SCRAPE_ETCD_PATH", "/t"},
                                               {"REGISTRY_ETCD_URL", etcd.endpoint()},
                                               {"REGISTRY_SERVICE", "s"},
                                               {"REGISTRY_TTL", "5"},
                                               {"SCRAPE_INTERVAL", "1s"},
                                               {"EVALUATION_INTERVAL", "1s"}}});
      EXPECT_TRUE(node) << node.error().message;
      nodes.push_back(std::move(*node));
    }
    TempDir dir = TempDir::make("status-test").value();
    EtcdServer etcd = EtcdServer::start({.dir = dir.path()}).value();
    std::vector<Node> nodes;
  };

  Node& node(std::size_t i) { return shared_->nodes[i]; }
  std::string url() { return "--url=" + node(0).web_url(); }

  Ran run(Strings words) {
    const std::string out = shared_->dir.file("out"), err = shared_->dir.file("err");
    words.insert(words.begin(), PROMSTER_BINARY);
    const std::string settings =
        "REGISTRY_ETCD_URL=" + shared_->etcd.endpoint() + " REGISTRY_SERVICE=s SCRAPE_ETCD_PATH=/t";
    const std::string line = settings + shell_quoted(words) + " >" + out + " 2>" + err;
    const int status = std::system(line.c_str());
    return {WEXITSTATUS(status), *read_file(out), *read_file(err)};
  }
  Json from_node(Strings words) { return answer(std::move(words), url()); }
  Json from_etcd(Strings words) { return answer(std::move(words), "--from=etcd"); }
  Json answer(Strings words, const std::string& from) {
    words.insert(words.end(), {from, "-o", "json"});
    const Ran ran = run(words);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.json();
  }

  // Waits until the node knows both nodes, and all targets are in their place.
  void settle() {
    const auto settled = wait_for("two nodes that agree", kLong, [&] {
      const Json nodes = run({"status", "nodes", url(), "-o", "json"}).json();
      const Json status = run({"status", url(), "-o", "json"}).json();
      return nodes.is_object() && nodes["nodes"].size() == 2 && status.is_object() &&
             status["ready"] == true && status["targets"]["moving"] == 0 &&
             nodes["nodes"][0]["agrees"] == true && nodes["nodes"][1]["agrees"] == true;
    });
    ASSERT_TRUE(settled) << settled.error().message << run({"status", "nodes", url()}).out;
  }

  static std::unique_ptr<Shared> shared_;
};

std::unique_ptr<StatusTest::Shared> StatusTest::shared_;

TEST_F(StatusTest, ANodeAndEtcdGiveTheSameAnswers) {
  settle();
  const Json status = from_node({"status"}), status_of_etcd = from_etcd({"status"});
  for (const char* same : {"service", "algorithm", "checksum", "balance"}) {
    EXPECT_EQ(status[same], status_of_etcd[same]) << same;
  }
  EXPECT_EQ(status["members"], status_of_etcd["members"]);
  EXPECT_EQ(status["targets"]["discovered"], kTargets);
  EXPECT_EQ(status_of_etcd["targets"]["discovered"], kTargets);

  const Json nodes = from_node({"status", "nodes"}), of_etcd = from_etcd({"status", "nodes"});
  ASSERT_EQ(nodes["nodes"].size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    for (const char* same : {"name", "state", "targets", "algorithm", "version", "web"}) {
      EXPECT_EQ(nodes["nodes"][i][same], of_etcd["nodes"][i][same]) << same;
    }
  }

  const Json targets = from_node({"status", "targets"});
  const Json targets_of_etcd = from_etcd({"status", "targets"});
  ASSERT_EQ(targets["targets"].size(), static_cast<std::size_t>(kTargets));
  EXPECT_EQ(targets["targets"], targets_of_etcd["targets"]);

  EXPECT_EQ(from_node({"status", "levels"})["levels"][0]["nodes"],
            from_etcd({"status", "levels"})["levels"][0]["nodes"]);
}

TEST_F(StatusTest, ExplainAndSimulateAgreeWithWhatIsShown) {
  settle();
  const Json targets = from_node({"status", "targets"});
  const Json owners = run({"simulate", "-o", "json"}).json()["owners"];
  for (const Json& target : targets["targets"]) {
    const std::string address = target["address"];
    Json told = from_node({"explain", address});
    EXPECT_EQ(told["owners"], target["owners"]);
    EXPECT_EQ(owners[address], target["owners"]);
    EXPECT_NE(told["health"], nullptr) << "the owner's Prometheus was asked";
    told["health"] = nullptr;
    Json told_by_etcd = run({"explain", address, "-o", "json"}).json();
    told["revision"] = told_by_etcd["revision"] = 0;  // of the prefix, and of the store
    EXPECT_EQ(told, told_by_etcd);
  }
}

TEST_F(StatusTest, TheTablesNameNodesTargetsAndLevels) {
  settle();
  const Ran overview = run({"status", url()});
  EXPECT_EQ(overview.exit_code, 0);
  EXPECT_NE(overview.out.find("2 nodes share 12 targets"), std::string::npos) << overview.out;
  const Ran one = run({"status", "targets", "40003", "--health", url()});
  EXPECT_NE(one.out.find("127.0.0.1:40003"), std::string::npos) << one.out;
  EXPECT_NE(one.out.find("1 to 1 of 1 target"), std::string::npos) << one.out;
  const Ran levels = run({"status", "levels", url()});
  EXPECT_NE(levels.out.find("/t  12 targets ──▶ s"), std::string::npos) << levels.out;
  EXPECT_NE(levels.out.find(node(1).address()), std::string::npos) << levels.out;
  const Ran once = run({"top", "--once", url()});
  EXPECT_NE(once.out.find("this node"), std::string::npos) << once.out;
  const Ran history = run({"status", "history", "--from=etcd"});
  EXPECT_EQ(history.exit_code, 1);
  EXPECT_NE(history.err.find("try: --url"), std::string::npos) << history.err;
}

// `promster top` in a terminal of its own.
class TopTerminal {
 public:
  explicit TopTerminal(const std::string& url) {
    winsize size{.ws_row = 30, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
    EXPECT_EQ(::openpty(&master_, &slave_, nullptr, nullptr, &size), 0);
    EXPECT_EQ(::tcgetattr(slave_, &before_), 0);
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::login_tty(slave_);
    ::setenv("TERM", "xterm", 1);
    ::execl(PROMSTER_BINARY, "promster", "top", url.c_str(), nullptr);
    ::_exit(127);
  }
  TopTerminal(const TopTerminal&) = delete;
  TopTerminal& operator=(const TopTerminal&) = delete;
  ~TopTerminal() {
    if (!ended_) ::kill(pid_, SIGKILL);
    ended();
    ::close(master_);
    ::close(slave_);
  }

  // Reads until the words have been drawn since the last call.
  bool draws(const std::string& words) {
    const auto deadline = std::chrono::steady_clock::now() + kLong;
    while (text_.find(words) == std::string::npos) {
      const auto left = std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
      pollfd fd{.fd = master_, .events = POLLIN, .revents = 0};
      if (left.count() <= 0 || ::poll(&fd, 1, static_cast<int>(left.count())) <= 0) return false;
      std::array<char, 4096> bytes;
      const ssize_t got = ::read(master_, bytes.data(), bytes.size());
      if (got <= 0) return false;
      text_.append(bytes.data(), static_cast<std::size_t>(got));
    }
    text_.erase(0, text_.find(words) + words.size());
    return true;
  }
  void type(const std::string& keys) {
    EXPECT_EQ(::write(master_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  void resize(unsigned short columns) {
    winsize size{.ws_row = 10, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    ::ioctl(master_, TIOCSWINSZ, &size);
  }
  void signal(int number) { ::kill(pid_, number); }
  int ended() {
    if (!ended_) ::waitpid(pid_, &status_, 0);
    ended_ = true;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128;
  }
  bool is_as_before() {
    termios now{};
    ::tcgetattr(slave_, &now);
    return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag &&
           now.c_oflag == before_.c_oflag;
  }
  const std::string& text() const { return text_; }

 private:
  int master_ = -1, slave_ = -1;
  termios before_{};
  pid_t pid_ = -1;
  bool ended_ = false;
  int status_ = 0;
  std::string text_;
};

TEST_F(StatusTest, TopFollowsKeysAndGivesTheTerminalBack) {
  settle();
  TopTerminal terminal(url());
  ASSERT_TRUE(terminal.draws("\x1b[?1049h")) << "the other screen";
  ASSERT_TRUE(terminal.draws("All is well")) << terminal.text();
  EXPECT_FALSE(terminal.is_as_before()) << "keys come as they are pressed";
  terminal.type("2");
  EXPECT_TRUE(terminal.draws("[2 Nodes]")) << terminal.text();
  terminal.type("/40007");
  EXPECT_TRUE(terminal.draws("1 to 1 of 1 target")) << terminal.text();
  terminal.type("\r");
  terminal.resize(60);
  EXPECT_TRUE(terminal.draws("[3 Targets]")) << terminal.text();
  terminal.type("q");
  EXPECT_TRUE(terminal.draws("\x1b[?25h\x1b[?1049l")) << "cursor and screen are back";
  EXPECT_EQ(terminal.ended(), 0);
  EXPECT_TRUE(terminal.is_as_before());
}

TEST_F(StatusTest, ASignalGivesTheTerminalBackAsWell) {
  TopTerminal terminal(url());
  ASSERT_TRUE(terminal.draws("[1 Overview]")) << terminal.text();
  terminal.signal(SIGTERM);
  EXPECT_TRUE(terminal.draws("\x1b[?1049l")) << terminal.text();
  EXPECT_EQ(terminal.ended(), 0);
  EXPECT_TRUE(terminal.is_as_before());
}

// The last one here, since it ends a node.
TEST_F(StatusTest, TheHistorySaysThatANodeDied) {
  settle();
  const std::string died = node(1).address();
  node(1).crash();
  const auto told = wait_for("the history to say so", kLong, [&] {
    const Ran ran = run({"status", "history", url(), "--limit=1"});
    return ran.exit_code == 0 && ran.out.find(died + " left") != std::string::npos;
  });
  EXPECT_TRUE(told) << told.error().message << run({"status", "history", url()}).out;
  const auto alone = wait_for("one node to have everything", kLong, [&] {
    const Json nodes = run({"status", "nodes", url(), "-o", "json"}).json();
    return nodes.is_object() && nodes["nodes"].size() == 1 &&
           nodes["nodes"][0]["targets"] == kTargets;
  });
  EXPECT_TRUE(alone) << alone.error().message;
}

}  // namespace
}  // namespace promster
