#include "core/target_delivery.h"

#include <utility>

#include "core/render.h"

namespace promster {

TargetDelivery::TargetDelivery()
    : backoff_({.first = std::chrono::seconds(1),
                .most = std::chrono::seconds(30),
                .factor = 2,
                .jitter = false}) {}

std::optional<WriteTargets> TargetDelivery::plan(std::span<const Target* const> targets) {
  try_again_.reset();
  planned_ = std::make_shared<const std::string>(render_targets_json(targets));
  if (written_ && !doubted_ && *written_ == *planned_) {
    failure_.clear();  // what could not be written is not wanted any more
    return std::nullopt;
  }
  planned_addresses_.clear();
  for (const Target* target : targets) planned_addresses_.insert(target->address);
  return WriteTargets{.targets_json = *planned_, .targets = targets.size()};
}

void TargetDelivery::applied(const Result<bool>& written, SteadyTime now) {
  if (!written) {
    failure_ = written.error().message;
    try_again_ = now + backoff_.next();
    return;
  }
  written_ = std::move(planned_);
  doubted_ = false;
  addresses_ = std::move(planned_addresses_);
  failure_.clear();
  backoff_.reset();
}

}  // namespace promster
