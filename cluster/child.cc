#include "cluster/child.h"

#include <sys/wait.h>

#include <csignal>
#include <cstdlib>

#include "base/file.h"
#include "base/text.h"
#include "cluster/wait.h"
#include "prom/http_client.h"

namespace promster {

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
void Child::pause() {
  signal(SIGSTOP);
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
