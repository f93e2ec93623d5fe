#include "agent/base_config_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>
#include <utility>

#include "agent/base_config_file.h"
#include "base/file.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

class BaseConfigReaderTest : public ::testing::Test {
 protected:
  BaseConfigReaderTest() {
    write("base.yml", "rule_files: [rules/*.yml]\n");
    fs::create_directory(dir_.file("rules"));
    known_ = *load_base_config(dir_.file("base.yml"), read_);
  }

  void write(const std::string& name, const std::string& text) {
    const std::string path = dir_.file(name);
    std::ofstream(path + ".new") << text;
    fs::rename(path + ".new", path);
  }
  void append(const std::string& name, const std::string& text) {
    std::ofstream(dir_.file(name), std::ios::app) << text;
  }

  // What a look tells; nothing where that is nothing, or something else beside.
  std::optional<BaseConfigRead> look() {
    reader_->look();
    const std::vector<Event> told = events_.wait_until(std::chrono::steady_clock::now());
    const auto* read = told.size() == 1 ? std::get_if<BaseConfigRead>(&told[0]) : nullptr;
    return read == nullptr ? std::nullopt : std::optional(*read);
  }
  // The same of the look that sees that nothing changed since the one before, which tells nothing.
  std::optional<BaseConfigRead> settled_look() {
    EXPECT_FALSE(look()) << "it may be half of it";
    return look();
  }
  void start() {
    reader_.emplace(known_, events_, [this](const std::string& path) { return read_(path); });
    EXPECT_FALSE(settled_look());
  }

  TempDir dir_ = *TempDir::make("base-config");
  BaseConfigReader::Read read_ = [](const std::string& path) { return read_file(path); };
  BaseConfig known_;
  Inbox<Event> events_;
  std::optional<BaseConfigReader> reader_;
};

TEST_F(BaseConfigReaderTest, TellsOfAnotherTextOnce) {
  start();
  write("base.yml", "storage: {}\n");
  const auto read = settled_look();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->base.text, "storage: {}\n");
  EXPECT_EQ(read->base.file, dir_.file("base.yml"));
  EXPECT_EQ(read->fault, "");
  EXPECT_FALSE(settled_look());
}

TEST_F(BaseConfigReaderTest, TellsOfWhatChangedSinceTheStart) {
  write("rules/a.yml", "groups: []\n");
  reader_.emplace(known_, events_, read_);
  EXPECT_TRUE(settled_look());
  fs::remove(dir_.file("base.yml"));
  reader_.emplace(known_, events_, read_);
  EXPECT_TRUE(settled_look());
}

TEST_F(BaseConfigReaderTest, TellsOfAnotherFileOfRules) {
  start();
  write("rules/a.yml", "groups: []\n");
  const auto first = settled_look();
  ASSERT_TRUE(first);
  EXPECT_NE(first->base.stamp, "");
  fs::remove(dir_.file("rules/a.yml"));
  const auto second = settled_look();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->base.stamp, "");
}

TEST_F(BaseConfigReaderTest, WaitsUntilAFileIsWritten) {
  start();
  append("base.yml", "storage:\n");
  EXPECT_FALSE(look());
  append("base.yml", "  tsdb:\n");
  EXPECT_FALSE(look());
  append("base.yml", "    out_of_order_time_window: 1h\n");
  const auto read = settled_look();
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->base.text.ends_with("tsdb:\n    out_of_order_time_window: 1h\n"));
}

TEST_F(BaseConfigReaderTest, WhatIsReplacedWhileItIsReadIsReadAgain) {
  start();
  read_ = [this, first = true](const std::string& path) mutable {
    auto text = read_file(path);
    if (std::exchange(first, false)) write("base.yml", "storage: {}\n");
    return text;
  };
  append("base.yml", "# a comment\n");
  ASSERT_TRUE(settled_look());
  const auto read = settled_look();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->base.text, "storage: {}\n");
}

TEST_F(BaseConfigReaderTest, SaysWhyItCannotBeReadOnceAndThatItCan) {
  start();
  write("base.yml", "a: [\n");
  const auto broken = settled_look();
  ASSERT_TRUE(broken);
  EXPECT_NE(broken->fault.find("base.yml: line "), std::string::npos) << broken->fault;
  fs::remove(dir_.file("base.yml"));
  const auto gone = settled_look();
  ASSERT_TRUE(gone);
  EXPECT_NE(gone->fault.find("No such file"), std::string::npos) << gone->fault;
  EXPECT_FALSE(settled_look());
  write("base.yml", known_.text);
  const auto back = settled_look();
  ASSERT_TRUE(back) << "it is as it was before it was gone";
  EXPECT_EQ(back->base, known_);
}

// A folder that was closed, a file server that was away: the file is what it was.
TEST_F(BaseConfigReaderTest, ReadsAgainUntilItCan) {
  start();
  read_ = [](const std::string& path) { return Error{path + ": Input/output error"}; };
  append("base.yml", "# a comment\n");
  ASSERT_TRUE(settled_look());
  EXPECT_FALSE(settled_look()) << "that was told";
  read_ = [](const std::string& path) { return read_file(path); };
  const auto read = look();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->fault, "");
  EXPECT_FALSE(settled_look());
}

// Who may read a file is not in its time of change.
TEST_F(BaseConfigReaderTest, AnotherModeIsAnotherStamp) {
  const std::string file = dir_.file("base.yml");
  const std::string before = stamp_of_files({file});
  const auto differs = wait_for("a later tick of the file system's clock", Duration(20'000), [&] {
    fs::permissions(file, fs::perms(0640));
    return stamp_of_files({file}) != before;
  });
  EXPECT_TRUE(differs) << differs.error().message;
}

TEST_F(BaseConfigReaderTest, AWishIsAnsweredThoughTheFaultWasTold) {
  start();
  write("base.yml", "a: [\n");
  ASSERT_TRUE(settled_look());
  reader_->look_as_asked();
  EXPECT_EQ(events_.wait_until(std::chrono::steady_clock::now()).size(), 1u) << "and no reload";
}

TEST_F(BaseConfigReaderTest, AWishReadsAtOnceAndThenHasAllReloaded) {
  Inbox<ReadAgain> wishes;
  const std::jthread thread([&](const std::stop_token& stop) {
    watch_base_config({.known = known_, .every = Duration(60'000)}, wishes, events_, stop);
  });
  write("base.yml", "storage: {}\n");
  wishes.push({});
  std::vector<Event> told;
  const auto both = wait_for("two events", Duration(20'000), [&] {
    for (Event& event : events_.wait_until(std::chrono::steady_clock::now())) {
      told.push_back(std::move(event));
    }
    return told.size() == 2;
  });
  ASSERT_TRUE(both) << both.error().message;
  ASSERT_TRUE(std::holds_alternative<BaseConfigRead>(told[0]));
  EXPECT_EQ(std::get<BaseConfigRead>(told[0]).base.text, "storage: {}\n");
  EXPECT_TRUE(std::holds_alternative<RefreshAsked>(told[1]));
}

TEST_F(BaseConfigReaderTest, LooksUntilItIsStopped) {
  Inbox<ReadAgain> wishes;
  const std::jthread thread([&](const std::stop_token& stop) {
    watch_base_config({.known = known_, .every = Duration(10)}, wishes, events_, stop);
  });
  write("base.yml", "storage: {}\n");
  EXPECT_EQ(events_.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(20)).size(),
            1u);
}

}  // namespace
}  // namespace promster
