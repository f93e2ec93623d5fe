#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/inbox.h"
#include "base/result.h"
#include "core/base_config.h"
#include "core/event.h"

namespace promster {

// Looks at the site's own configuration and the files of rules that it names, and pushes
// BaseConfigRead when one of them changed: once two looks saw the same, since an editor may be in
// the middle of writing. While the file cannot be read it is tried again at each look, since what
// is in the way (a mode of a folder, a file server) need not show in the file.
//
// A look costs a stat() a file; a notification would not do, since files are also replaced behind a
// symbolic link (Kubernetes) or on another machine (NFS).
//
// Thread rule: one thread.
class BaseConfigReader {
 public:
  using Read = std::function<Result<std::string>(const std::string& path)>;

  // `known`: as it was read at the start. `events` must outlive the reader.
  BaseConfigReader(BaseConfig known, Inbox<Event>& events, Read read);

  void look();
  // An operator wishes it: reads now, says what is wrong though that was said, and, where it can be
  // read, has everything reloaded (RefreshAsked).
  void look_as_asked();

 private:
  // What the files were, as stamp_of_files() has it.
  struct Stamps {
    std::string file, rules;
    bool operator==(const Stamps&) const = default;
  };

  Stamps stamps() const;
  bool read(Stamps before, bool asked);

  Inbox<Event>& events_;
  Read read_;
  const std::string file_;
  std::optional<BaseConfig> told_;       // the last one, unless a fault was told since
  std::string fault_;                    // why it cannot be read; empty: it can
  std::vector<std::string> rule_files_;  // of the version that could be read last
  std::optional<Stamps> last_look_;
  std::optional<Stamps> read_as_;  // no later than what was read
};

// A wish of the operator: look at the file now, and have everything reloaded (RefreshAsked).
struct ReadAgain {};

struct BaseConfigWatch {
  BaseConfig known;       // as it was read at the start
  Duration every{2'000};  // between two looks
};

// Looks again and again, and when it is wished for. Returns when it is told to stop.
void watch_base_config(const BaseConfigWatch& watch, Inbox<ReadAgain>& wishes, Inbox<Event>& events,
                       const std::stop_token& stop);

}  // namespace promster
