#include "web/workers.h"

#include <thread>
#include <utility>

#include "base/inbox.h"

namespace promster {

struct Workers::Worker {
  Inbox<WorkerJob> jobs;
  std::jthread thread;  // the first to go: it reads the inbox
};

Workers::Workers(std::size_t threads, std::size_t most_waiting,
                 std::function<void(std::function<void()>)> post)
    : most_threads_(threads), most_waiting_(most_waiting), post_(std::move(post)) {}

Workers::~Workers() {
  for (const auto& worker : workers_) worker->jobs.close();
  workers_.clear();
}

void Workers::start_one() {
  Worker& worker = *workers_.emplace_back(std::make_unique<Worker>());
  idle_.push_back(&worker);
  worker.thread = std::jthread([this, &worker] {
    while (!worker.jobs.closed()) {
      for (WorkerJob& job : worker.jobs.wait_until({})) {
        auto then = job.work();
        // What the job refers to is the owner's, and must go on the owner's thread.
        post_([this, &worker, then = std::move(then), job = std::move(job)] {
          then();
          finished(worker);
        });
      }
    }
  });
}

bool Workers::run(WorkerJob job) {
  if (idle_.empty() && workers_.size() < most_threads_) start_one();
  if (idle_.empty()) {
    if (waiting_.size() >= most_waiting_) return false;
    waiting_.push_back(std::move(job));
    return true;
  }
  Worker& worker = *idle_.back();
  idle_.pop_back();
  worker.jobs.push(std::move(job));
  return true;
}

void Workers::finished(Worker& worker) {
  while (!waiting_.empty()) {
    WorkerJob next = std::move(waiting_.front());
    waiting_.pop_front();
    if (next.wanted && !next.wanted()) continue;
    worker.jobs.push(std::move(next));
    return;
  }
  idle_.push_back(&worker);
}

}  // namespace promster
