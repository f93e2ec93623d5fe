#include "agent/farewell.h"

#include <chrono>
#include <csignal>
#include <utility>

namespace promster {
namespace {

constexpr auto kMeanwhile = std::chrono::seconds(1);

}  // namespace

void Farewell::asked(int number) {
  if (number == SIGUSR2) {
    if (std::exchange(begun_, true)) return;
    stays_ = true;
    wishes_.push(Wish::kStay);
    stop_();
  } else if (std::exchange(stays_, false)) {
    wishes_.push(Wish::kEnd);
  } else {
    begun_ = true;
    stop_();
  }
}

void Farewell::wait_for_end(const std::function<void()>& meanwhile) {
  bool stays = false;
  auto wait_until = std::chrono::steady_clock::now();
  do {
    for (const Wish wish : wishes_.wait_until(wait_until)) stays = wish == Wish::kStay;
    meanwhile();
    wait_until = std::chrono::steady_clock::now() + kMeanwhile;
  } while (stays);
}

}  // namespace promster
