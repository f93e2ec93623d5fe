#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace promster {

// What a worker does. `work` runs on the worker's thread and returns what is to follow on the
// owner's; `wanted` (may be empty) is asked on the owner's thread before work that had to wait
// begins.
struct WorkerJob {
  std::function<std::function<void()>()> work;
  std::function<bool()> wanted;
};

// A few threads that do what would keep the owner's thread from its duty. They start with the first
// job. Nothing here is shared: a worker gets a job in an inbox and gives the rest back to the
// owner.
//
// Thread rule: made by any thread, asked by the owner's, destroyed after the owner's has ended.
class Workers {
 public:
  // `post` runs a function on the owner's thread some time later; it is called from any thread, and
  // works until the workers are destroyed.
  Workers(std::size_t threads, std::size_t most_waiting,
          std::function<void(std::function<void()>)> post);
  // Drops what waits, and waits for what runs.
  ~Workers();

  // False, and nothing happens, where too many wait.
  bool run(WorkerJob job);

 private:
  struct Worker;

  void start_one();
  void finished(Worker& worker);

  std::size_t most_threads_;
  std::size_t most_waiting_;
  std::function<void(std::function<void()>)> post_;
  std::deque<WorkerJob> waiting_;
  std::vector<Worker*> idle_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace promster
