#include "agent/base_config_reader.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/base_config_file.h"
#include "base/file.h"

namespace promster {
namespace {

class Watch {
 public:
  Watch(BaseConfig known, Inbox<Event>& events)
      : events_(events), file_(known.file), told_(std::move(known)) {}

  // One look, of which `asked` says that it was wished for.
  void turn(bool asked) {
    const std::string now = stamp();
    const bool settled = now == std::exchange(last_look_, now);
    const bool changed = now != seen_;
    bool readable = true;
    if (asked || (changed && settled)) readable = read();
    if (asked && readable) events_.push(RefreshAsked{});
  }

 private:
  // The files of rules are those of the version that could be read last.
  std::string look(const BaseConfig& base) {
    if (const auto facts = read_base_config(base)) rule_files_ = facts->rule_files;
    return stamp();
  }
  std::string stamp() const {
    std::vector<std::string> files = rule_files_;
    files.push_back(file_);
    return stamp_of_files(files);
  }

  bool read() {
    auto base = load_base_config(file_, [](const std::string& path) { return read_file(path); });
    if (!base) {
      seen_ = stamp();
      told_.reset();
      events_.push(BaseConfigRead{.base = {}, .fault = base.error().message});
      return false;
    }
    seen_ = look(*base);
    if (told_ == *base) return true;
    told_ = *base;
    events_.push(BaseConfigRead{.base = *std::move(base), .fault = {}});
    return true;
  }

  Inbox<Event>& events_;
  const std::string file_;
  std::optional<BaseConfig> told_;  // the last good one
  std::vector<std::string> rule_files_;
  std::string seen_;       // what was read last
  std::string last_look_;  // what the last look saw
};

}  // namespace

void watch_base_config(const BaseConfigWatch& watch, Inbox<ReadAgain>& wishes, Inbox<Event>& events,
                       const std::stop_token& stop) {
  const std::stop_callback wake(stop, [&wishes] { wishes.close(); });
  Watch watched(watch.known, events);
  while (!stop.stop_requested()) {
    const auto asked = wishes.wait_until(std::chrono::steady_clock::now() + watch.every);
    if (!stop.stop_requested()) watched.turn(!asked.empty());
  }
}

}  // namespace promster
