#include "cluster/child.h"

#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "base/text.h"
#include "cluster/wait.h"
#include "prom/http_client.h"

namespace promster {

namespace {

// proc(5): /proc/PID/task/TID/stat is "tid (name) state ...", T being stopped.
bool every_thread_is_stopped(pid_t pid) {
  std::error_code gone;
  const std::filesystem::path tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
    const auto stat = read_file((task.path() / "stat").string());
    const std::size_t name_end = stat ? stat->rfind(')') : std::string::npos;
    if (name_end == std::string::npos || stat->substr(name_end, 3) != ") T") return false;
  }
  return true;
}

}  // namespace

Result<void> Child::launch() {
  auto process = Process::start(options_);
  if (!process) return process.error();
  process_.emplace(std::move(*process));
  return {};
}

Result<void> Child::wait_until_ready(const std::string& url, Duration most) {
  HttpClient http;
  const auto answers = [&]() -> Result<void> {
    if (!running()) return {};  // no use in waiting
    const auto response = http.get(url, Duration(1000));
    if (!response) return response.error();
    if (response->status == 200) return {};
    return Error{"GET " + url + ": status " + std::to_string(response->status)};
  };
  const std::string& name = options_.argv.front();
  auto waited = wait_for(name, most, answers);
  if (waited && !running()) waited = Error{"start " + name + ": it ended"};
  if (waited) return {};
  return Error{waited.error().message + "\n" + log_tail(log_path(), 10)};
}

std::optional<ExitStatus> Child::stop(Duration grace) {
  if (!process_) return std::nullopt;
  resume();  // a stopped process would not hear SIGTERM
  const ExitStatus status = process_->stop(grace);
  process_.reset();
  return status;
}

void Child::kill() {
  process_.reset();
}
// The signal only asks: each thread stops on its way back from the kernel.
void Child::pause() {
  signal(SIGSTOP);
  const auto stopped = wait_for(
      "a process to stop", Duration(10'000), [this] { return every_thread_is_stopped(pid()); },
      Duration(1));
  if (!stopped) std::abort();
}

void Child::resume() {
  signal(SIGCONT);
}

void Child::signal(int number) {
  if (process_) process_->signal(number);
}

std::optional<ExitStatus> Child::wait(Duration most) {
  return process_ ? process_->wait(most) : std::nullopt;
}

std::string log_tail(const std::string& path, int lines) {
  const auto text = read_file(path);
  if (!text) return "  (" + text.error().message + ")";
  const auto all = split(trim(*text), '\n');
  const std::size_t wanted = static_cast<std::size_t>(lines);
  std::string tail;
  for (std::size_t i = all.size() > wanted ? all.size() - wanted : 0; i < all.size(); ++i) {
    tail += "  " + printable(all[i], 400) + "\n";
  }
  return tail;
}

}  // namespace promster
