#include "core/config_delivery.h"

#include <algorithm>
#include <utility>

namespace promster {
namespace {

constexpr Duration kBetweenReloads = std::chrono::seconds(5);
constexpr Duration kAskAgain = std::chrono::seconds(5);
constexpr Duration kRefusedFor = std::chrono::minutes(30);

}  // namespace

ConfigDelivery::ConfigDelivery(ApplyConfig wanted, std::optional<ApplyConfig> bare, SteadyTime now)
    : current_(std::move(wanted)),
      bare_(std::move(bare)),
      next_try_(now),
      backoff_({.first = std::chrono::seconds(1),
                .most = std::chrono::seconds(30),
                .factor = 2,
                .jitter = false}),
      in_place_(!bare_) {}

void ConfigDelivery::want(ApplyConfig wanted, SteadyTime now) {
  wanted.force_reload = wanted.force_reload || current_.force_reload;
  current_ = std::move(wanted);
  backoff_.reset();
  try_at(now);
}

void ConfigDelivery::prometheus_ready(SteadyTime now) {
  if (pending_) try_at(now);
}

std::optional<ApplyConfig> ConfigDelivery::due(SteadyTime now) const {
  if (!next_try_ || *next_try_ > now) return std::nullopt;
  return current_;
}

void ConfigDelivery::applied(const ConfigOutcome& outcome, SteadyTime now) {
  using Kind = ConfigOutcome::Kind;
  next_try_.reset();
  pending_ = outcome.kind == Kind::kPending;
  if (outcome.reloaded && !pending_) reloaded_ = now;
  switch (outcome.kind) {
    case Kind::kAccepted:
    case Kind::kUnchanged:
    case Kind::kPending:
      in_place_ = true;
      backoff_.reset();
      current_.force_reload = current_.force_reload && pending_;
      if (!pending_ && !current_is_bare()) accepted_ = true;
      // The bare configuration being in use does not make the refused one accepted.
      if (!current_is_bare()) refusal_.reset();
      if (pending_) try_at(now + kAskAgain);
      break;
    case Kind::kRejected:
      refused(outcome, now);
      break;
    case Kind::kFailed:
      refusal_ = outcome;
      try_at(now + backoff_.next());
      break;
  }
}

void ConfigDelivery::refused(const ConfigOutcome& outcome, SteadyTime now) {
  if (!refusal_ || !current_is_bare()) refusal_ = outcome;
  if (outcome.good_one_stays) accepted_ = in_place_ = true;
  if (bare_ && !in_place_ && !current_is_bare()) {
    current_ = *bare_;
    try_at(now);
    return;
  }
  try_at(now + kRefusedFor);
}

bool ConfigDelivery::current_is_bare() const {
  return refusal_ && bare_ && current_.rules_yml == bare_->rules_yml &&
         current_.prometheus_yml == bare_->prometheus_yml;
}

bool ConfigDelivery::good_one_stays() const {
  return accepted_ && refusal_ && refusal_->kind == ConfigOutcome::Kind::kRejected;
}

void ConfigDelivery::try_at(SteadyTime when) {
  next_try_ = reloaded_ ? std::max(when, *reloaded_ + kBetweenReloads) : when;
}

}  // namespace promster
