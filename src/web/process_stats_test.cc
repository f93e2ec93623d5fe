#include "web/process_stats.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <vector>

namespace promster {
namespace {

TEST(ProcessStats, AreThoseOfThisProcess) {
  const ProcessStats stats = read_process_stats();
  ASSERT_TRUE(stats.cpu_seconds && stats.start_time && stats.resident_bytes && stats.virtual_bytes);
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_LE(*stats.start_time, now + 2);
  EXPECT_GT(*stats.start_time, now - 300);
  EXPECT_GT(*stats.resident_bytes, 500e3);
  EXPECT_GT(*stats.virtual_bytes, *stats.resident_bytes);
  EXPECT_EQ(*stats.max_fds, static_cast<double>(::sysconf(_SC_OPEN_MAX)));
}

TEST(ProcessStats, CountOpenDescriptors) {
  const double before = *read_process_stats().open_fds;
  std::vector<int> opened;
  for (int i = 0; i < 5; ++i) opened.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(*read_process_stats().open_fds, before + 5);
  for (const int fd : opened) ::close(fd);
  EXPECT_EQ(*read_process_stats().open_fds, before);
}

TEST(ProcessStats, CountTheTimeOfTheProcessor) {
  const double before = *read_process_stats().cpu_seconds;
  const std::clock_t start = std::clock();
  volatile unsigned work = 0;
  while (std::clock() - start < CLOCKS_PER_SEC / 5) work = work + 1;
  EXPECT_NEAR(*read_process_stats().cpu_seconds - before, 0.2, 0.1);
}

// The name of the program, which comes before the figures, may look like them.
TEST(ProcessStats, AStrangeNameDisturbsNothing) {
  const double resident = *read_process_stats().resident_bytes;
  ASSERT_EQ(::prctl(PR_SET_NAME, "a) R 1 1 (b"), 0);
  EXPECT_NEAR(*read_process_stats().resident_bytes, resident, resident);
}

}  // namespace
}  // namespace promster
