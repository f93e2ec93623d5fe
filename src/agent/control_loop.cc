#include "agent/control_loop.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "agent/change_report.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

double unix_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

// When to turn even if no event comes.
std::optional<SteadyTime> next_turn(const ControlLoop& loop) {
  const auto deadline = loop.reconciler.deadline();
  if (!loop.pulse) return deadline;
  const SteadyTime pulse = steady_clock::now() + *loop.pulse;
  return deadline ? std::min(*deadline, pulse) : pulse;
}

// One turn: events in, plan out and carried out.
void turn(const ControlLoop& loop) {
  for (const Event& event : loop.inbox.wait_until(next_turn(loop))) {
    loop.reconciler.observe(event, steady_clock::now());
  }
  const auto started = steady_clock::now();
  loop.reconciler.tell_time(started, unix_now());
  const Plan plan = loop.reconciler.step(started);
  const std::chrono::duration<double> deciding = steady_clock::now() - started;
  Outcome outcome = plan.empty() ? Outcome{} : loop.execute(plan);
  if (plan.assigned) outcome.assign_seconds = deciding.count();
  loop.reconciler.applied(outcome, steady_clock::now());
}

}  // namespace

void run_control_loop(const ControlLoop& loop) {
  std::shared_ptr<const Snapshot> before = loop.published.get();
  while (!loop.reconciler.done(steady_clock::now())) {
    turn(loop);
    loop.published.set(loop.reconciler.snapshot());
    loop.announce(loop.reconciler);
    std::shared_ptr<const Snapshot> after = loop.published.get();
    report_changes(*before, *after, loop.log);
    before = std::move(after);
  }
}

}  // namespace promster
