#include "agent/base_config_reader.h"

#include <utility>

#include "agent/base_config_file.h"
#include "base/file.h"

namespace promster {

BaseConfigReader::BaseConfigReader(BaseConfig known, Inbox<Event>& events, Read read)
    : events_(events), read_(std::move(read)), file_(known.file), told_(std::move(known)) {}

void BaseConfigReader::look() {
  Stamps now = stamps();
  const bool settled = now == std::exchange(last_look_, now);
  const bool due = now != read_as_ || !fault_.empty();
  if (due && settled) read(std::move(now), /*asked=*/false);
}

void BaseConfigReader::look_as_asked() {
  if (read(stamps(), /*asked=*/true)) events_.push(RefreshAsked{});
}

BaseConfigReader::Stamps BaseConfigReader::stamps() const {
  return {.file = stamp_of_files({file_}), .rules = stamp_of_files(rule_files_)};
}

// `before` is from before the read, so that what changes meanwhile is seen by a later look.
bool BaseConfigReader::read(Stamps before, bool asked) {
  auto base = load_base_config(file_, read_);
  if (!base) {
    read_as_ = std::move(before);
    told_.reset();
    const std::string fault = std::exchange(fault_, base.error().message);
    if (asked || fault_ != fault) events_.push(BaseConfigRead{.base = {}, .fault = fault_});
    return false;
  }
  fault_.clear();
  if (const auto facts = read_base_config(*base)) rule_files_ = facts->rule_files;
  read_as_ = Stamps{.file = std::move(before.file), .rules = base->stamp};
  if (told_ == *base) return true;
  told_ = *base;
  events_.push(BaseConfigRead{.base = *std::move(base), .fault = {}});
  return true;
}

void watch_base_config(const BaseConfigWatch& watch, Inbox<ReadAgain>& wishes, Inbox<Event>& events,
                       const std::stop_token& stop) {
  const std::stop_callback wake(stop, [&wishes] { wishes.close(); });
  BaseConfigReader reader(watch.known, events,
                          [](const std::string& path) { return read_file(path); });
  while (!stop.stop_requested()) {
    const auto asked = wishes.wait_until(std::chrono::steady_clock::now() + watch.every);
    if (stop.stop_requested()) return;
    if (asked.empty()) {
      reader.look();
    } else {
      reader.look_as_asked();
    }
  }
}

}  // namespace promster
