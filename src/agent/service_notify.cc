#include "agent/service_notify.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace promster {
namespace {

constexpr Duration kPulseWithoutWatchdog{10'000};
// Of the time that the manager grants: a lost datagram or a slow turn is no hang.
constexpr int kPulsesPerWatchdog = 4;
constexpr Duration kMoreTimeToStop{60'000};

std::string joined(const std::vector<std::string>& reasons) {
  std::string text;
  for (const std::string& reason : reasons) text += (text.empty() ? "" : "; ") + reason;
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string status(const Snapshot& shown) {
  const std::string assigned = std::to_string(shown.targets_assigned);
  if (shown.drained) return "drained; waits to be stopped";
  if (shown.draining) return "draining: hands its targets over, " + assigned + " left";
  if (!shown.ready()) return "not ready: " + joined(shown.missing);
  return "ready: scrapes " + assigned + " of " + std::to_string(shown.targets_discovered) +
         " targets" + (shown.degraded.empty() ? "" : "; " + joined(shown.degraded));
}

}  // namespace

ServiceNotify ServiceNotify::from_environment() {
  return {NotifySocket::from_environment(), watchdog_from_environment(::getpid())};
}

std::optional<Duration> ServiceNotify::pulse() const {
  if (!socket_.enabled()) return std::nullopt;
  return watchdog_ ? *watchdog_ / kPulsesPerWatchdog : kPulseWithoutWatchdog;
}

Duration ServiceNotify::between_tries() const {
  return pulse().value_or(kPulseWithoutWatchdog) / 2;
}

std::string ServiceNotify::lines(const Snapshot& after, SteadyTime now, Said& said) const {
  std::string text;
  if (!std::exchange(said.ready, true)) text += "READY=1\n";
  if (after.stopping && !std::exchange(said.stopping, true)) {
    text += "STOPPING=1\n";
    said.alive.reset();
  }
  if (std::string line = status(after); line != said.status) {
    text += "STATUS=" + line + "\n";
    said.status = std::move(line);
  }
  if (said.alive && now < *said.alive + between_tries()) return text;
  said.alive = now;
  if (watchdog_) text += "WATCHDOG=1\n";
  if (after.stopping && after.draining) {
    const std::chrono::microseconds more = kMoreTimeToStop;
    text += "EXTEND_TIMEOUT_USEC=" + std::to_string(more.count()) + "\n";
  }
  return text;
}

// A try may take a second, so not every turn is for one.
void ServiceNotify::turned(const Snapshot& after, SteadyTime now, const Log& log) {
  if (!socket_.enabled() || (failed_ && now < *failed_ + between_tries())) return;
  Said said = said_;
  if (send(lines(after, now, said), log)) {
    said_ = std::move(said);
    failed_.reset();
  } else {
    failed_ = now;
  }
}

void ServiceNotify::stopping(const Log& log) {
  if (!said_.stopping) said_.stopping = send("STOPPING=1\n", log);
}

bool ServiceNotify::send(const std::string& text, const Log& log) {
  const auto sent = text.empty() ? Result<void>() : socket_.send(text);
  if (!sent && !std::exchange(failure_logged_, true)) {
    log.warning("the service manager is not told", {{"reason", sent.error().message}});
  }
  return sent.ok();
}

}  // namespace promster
