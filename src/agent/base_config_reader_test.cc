#include "agent/base_config_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "agent/base_config_file.h"
#include "base/file.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

class BaseConfigReaderTest : public ::testing::Test {
 protected:
  BaseConfigReaderTest() {
    write("base.yml", "rule_files: [rules/*.yml]\n");
    std::filesystem::create_directory(dir_.file("rules"));
    const auto base = load_base_config(dir_.file("base.yml"),
                                       [](const std::string& path) { return read_file(path); });
    EXPECT_TRUE(base);
    thread_ = std::jthread([this, known = *base](const std::stop_token& stop) {
      watch_base_config({.known = known, .every = Duration(10)}, wishes_, events_, stop);
    });
  }

  void write(const std::string& name, const std::string& text) {
    const std::string path = dir_.file(name);
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  }

  // The next event; nothing where none comes in a time that is long for it.
  std::optional<Event> next() {
    while (unread_.empty()) {
      unread_ = events_.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(20));
      if (unread_.empty()) return std::nullopt;
    }
    Event event = unread_.front();
    unread_.erase(unread_.begin());
    return event;
  }
  std::optional<BaseConfigRead> next_read() {
    const auto event = next();
    const auto* read = event ? std::get_if<BaseConfigRead>(&*event) : nullptr;
    return read == nullptr ? std::nullopt : std::optional(*read);
  }

  TempDir dir_ = *TempDir::make("base-config");
  Inbox<ReadAgain> wishes_;
  Inbox<Event> events_;
  std::vector<Event> unread_;
  std::jthread thread_;
};

TEST_F(BaseConfigReaderTest, TellsOfAnotherText) {
  write("base.yml", "storage: {}\n");
  const auto read = next_read();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->base.text, "storage: {}\n");
  EXPECT_EQ(read->base.file, dir_.file("base.yml"));
  EXPECT_EQ(read->fault, "");
}

TEST_F(BaseConfigReaderTest, TellsOfAnotherFileOfRules) {
  write("rules/a.yml", "groups: []\n");
  const auto first = next_read();
  ASSERT_TRUE(first);
  EXPECT_NE(first->base.stamp, "");
  std::filesystem::remove(dir_.file("rules/a.yml"));
  const auto second = next_read();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->base.stamp, "");
}

TEST_F(BaseConfigReaderTest, SaysWhyItCannotBeRead) {
  write("base.yml", "a: [\n");
  const auto broken = next_read();
  ASSERT_TRUE(broken);
  EXPECT_NE(broken->fault.find("base.yml: line "), std::string::npos) << broken->fault;
  std::filesystem::remove(dir_.file("base.yml"));
  const auto gone = next_read();
  ASSERT_TRUE(gone);
  EXPECT_NE(gone->fault.find("No such file"), std::string::npos) << gone->fault;
}

TEST_F(BaseConfigReaderTest, AWishReadsAtOnceAndThenHasAllReloaded) {
  write("base.yml", "storage: {}\n");
  wishes_.push({});
  const auto read = next_read();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->base.text, "storage: {}\n");
  const auto event = next();
  ASSERT_TRUE(event);
  EXPECT_TRUE(std::holds_alternative<RefreshAsked>(*event));
}

}  // namespace
}  // namespace promster
