#include "prom/config_lock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "base/process.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

class ConfigLockTest : public ::testing::Test {
 protected:
  std::string refusal() const {
    const auto taken = ConfigLock::take(path_);
    return taken ? "" : taken.error().message;
  }

  TempDir dir_ = *TempDir::make("config-lock");
  std::string path_ = dir_.file("config");
};

TEST_F(ConfigLockTest, IsHeldByOne) {
  {
    const auto first = ConfigLock::take(path_);
    ASSERT_TRUE(first) << first.error().message;
    const std::string words = refusal();
    EXPECT_TRUE(words.starts_with("another promster is at work in " + path_)) << words;
    EXPECT_NE(words.find("; try: --prometheus.config-dir"), std::string::npos) << words;
  }
  EXPECT_EQ(refusal(), "");
  EXPECT_TRUE(fs::is_empty(path_)) << "it leaves nothing there";
}

TEST_F(ConfigLockTest, NamesTheHolderWhereItIsSeen) {
  const auto first = ConfigLock::take(path_);
  ASSERT_TRUE(first) << first.error().message;
  const std::string words = refusal(), pid = " (pid " + std::to_string(::getpid()) + ")";
  EXPECT_TRUE(words.find(pid + ";") != std::string::npos || words.find("(pid") == std::string::npos)
      << words;
}

TEST_F(ConfigLockTest, IsNotHandedOnToAProgramThatIsStarted) {
  std::optional<Process> child;
  {
    const auto first = ConfigLock::take(path_);
    ASSERT_TRUE(first) << first.error().message;
    auto started = Process::start({.argv = {"sleep", "1000"}});
    ASSERT_TRUE(started) << started.error().message;
    child.emplace(std::move(*started));
  }
  EXPECT_EQ(refusal(), "");
  EXPECT_TRUE(child->running());
}

TEST_F(ConfigLockTest, WhatCannotBeLockedIsNoReasonNotToStart) {
  std::ofstream(path_) << "in the way";
  EXPECT_EQ(refusal(), "");
}

}  // namespace
}  // namespace promster
