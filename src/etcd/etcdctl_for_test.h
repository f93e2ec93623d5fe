#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/process.h"

namespace promster {

// What etcdctl printed; a failure of it is one of the test.
inline std::string etcdctl(const std::string& endpoint, const std::vector<std::string>& arguments) {
  std::vector<std::string> argv{"etcdctl", "--endpoints", endpoint};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const auto ran = run_program(argv, Duration(20'000));
  if (!ran) {
    ADD_FAILURE() << ran.error().message;
    return {};
  }
  EXPECT_EQ(ran->status.code, 0) << ran->text;
  return ran->text;
}

}  // namespace promster
