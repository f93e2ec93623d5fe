#include "cluster/wait.h"

#include <chrono>
#include <string>
#include <thread>

namespace promster {

Result<void> wait_for(std::string_view what, Duration most,
                      const std::function<Result<void>()>& condition, Duration between) {
  const auto deadline = std::chrono::steady_clock::now() + most;
  for (;;) {
    const Result<void> answer = condition();
    if (answer.ok()) return {};
    if (std::chrono::steady_clock::now() >= deadline) {
      return answer.error()
          .within("not within " + format_duration(most))
          .within("wait for " + std::string(what));
    }
    std::this_thread::sleep_for(between);
  }
}

Result<void> wait_for(std::string_view what, Duration most, const std::function<bool()>& condition,
                      Duration between) {
  const std::function<Result<void>()> reasoned = [&]() -> Result<void> {
    if (condition()) return {};
    return Error{"still not so"};
  };
  return wait_for(what, most, reasoned, between);
}

}  // namespace promster
