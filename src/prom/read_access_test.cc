#include "prom/read_access.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "base/process.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

class ReadAccessTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "not root, so no process of another user";
    auto started = Process::start(
        {.argv = {"setpriv", "--reuid=12345", "--regid=12346", "--groups=12347", "sleep", "60"},
         .own_group = true});
    ASSERT_TRUE(started) << started.error().message;
    process_.emplace(std::move(*started));
    std::ofstream(file_) << "text";
    // It is still root until it has become somebody else.
    const auto done = wait_for("setpriv", Duration(10'000), [&] { return is(0, 0, 0600); });
    ASSERT_TRUE(done) << done.error().message;
  }
  bool is(uid_t user, gid_t group, mode_t mode) const {
    EXPECT_EQ(::chown(file_.c_str(), user, group), 0);
    EXPECT_EQ(::chmod(file_.c_str(), mode), 0);
    return surely_cannot_read(process_->pid(), file_);
  }

  TempDir dir_ = *TempDir::make("read-access");
  std::string file_ = dir_.file("a");
  std::optional<Process> process_;
};

TEST_F(ReadAccessTest, GoesByOwnerGroupAndMode) {
  EXPECT_FALSE(is(12345, 0, 0600));
  EXPECT_TRUE(is(12345, 0, 0240));
  EXPECT_FALSE(is(0, 12346, 0640)) << "its group";
  EXPECT_FALSE(is(0, 12347, 0640)) << "one more group of its";
  EXPECT_TRUE(is(0, 12347, 0600));
  EXPECT_TRUE(is(0, 1, 0640));
  EXPECT_FALSE(is(0, 0, 0644)) << "everybody";
}

TEST_F(ReadAccessTest, IsNotSureOfWhatItCannotTell) {
  EXPECT_TRUE(is(0, 0, 0600));
  EXPECT_FALSE(surely_cannot_read(process_->pid(), dir_.file("none")));
  EXPECT_FALSE(surely_cannot_read(::getpid(), file_)) << "root reads all";
  EXPECT_FALSE(surely_cannot_read(-1, file_));
}

}  // namespace
}  // namespace promster
