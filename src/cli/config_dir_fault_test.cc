#include "cli/config_dir_fault.h"

#include <gtest/gtest.h>

#include <fstream>

#include "cluster/temp_dir.h"

namespace promster {
namespace {

TEST(ConfigDirFault, SaysThatAFileIsInTheWay) {
  const auto dir = TempDir::make("promster-config-dir-test");
  ASSERT_TRUE(dir);
  std::ofstream(dir->file("promster")) << "#!";
  EXPECT_EQ(config_dir_fault(dir->path()), "");
  EXPECT_EQ(config_dir_fault(dir->file("not/there/yet")), "");
  EXPECT_EQ(config_dir_fault(dir->file("promster")),
            dir->file("promster") +
                " is a file, and the files for Prometheus go into a folder of that name; try: "
                "--prometheus.config-dir=DIR, or start promster in another folder");
}

}  // namespace
}  // namespace promster
