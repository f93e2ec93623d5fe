#include "agent/settings_file_watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/inbox.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

struct Told {};

class SettingsFileWatchTest : public ::testing::Test {
 protected:
  SettingsFileWatchTest() {
    write("scrape.interval: 5s\n");
    thread_ = std::jthread([this](const std::stop_token& stop) {
      watch_settings_file(
          {.file = file_, .every = Duration(10)}, [this] { told_.push({}); }, stop);
    });
  }
  void write(const std::string& text) {
    std::ofstream(file_ + ".new") << text;
    std::filesystem::rename(file_ + ".new", file_);
  }
  std::size_t told(Duration most) {
    return told_.wait_until(std::chrono::steady_clock::now() + most).size();
  }

  TempDir dir_ = *TempDir::make("settings-file");
  const std::string file_ = dir_.file("promster.yml");
  Inbox<Told> told_;
  std::jthread thread_;
};

TEST_F(SettingsFileWatchTest, TellsOfEachVersionOnce) {
  EXPECT_EQ(told(Duration(100)), 0u) << "it is as it was";
  write("scrape.interval: 6s\n");
  EXPECT_EQ(told(Duration(20'000)), 1u);
  EXPECT_EQ(told(Duration(100)), 0u);
  std::filesystem::remove(file_);
  EXPECT_EQ(told(Duration(20'000)), 1u);
}

}  // namespace
}  // namespace promster
