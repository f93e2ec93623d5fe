#pragma once

#include <optional>
#include <string>

#include "base/duration.h"
#include "base/result.h"
#include "core/plan.h"

namespace promster {

// What promtool thinks of a configuration.
struct PromtoolVerdict {
  enum class Kind {
    kAgrees,
    kRefuses,      // `words` is what it says, on one line
    kUnavailable,  // not installed, or it hung or crashed: `words` says so
  };
  Kind kind = Kind::kUnavailable;
  std::string words;
};

struct PromtoolOptions {
  std::string config_dir;              // where the configuration is meant to go
  std::string program = "promtool";    // empty: there is none
  Duration limit{5000};                // for one run, which is killed after it
  Duration memory_of_refusal{60'000};  // see check()
};

// Asks `promtool check config` about a configuration before it takes the place of the old one. The
// candidates are written to a side directory of config_dir, whose other entries appear there as
// symbolic links, so that relative paths (rule files of a site, certificates) mean the same in
// both.
//
// Thread rule: one thread, and one Promtool a config_dir.
class Promtool {
 public:
  explicit Promtool(PromtoolOptions options);

  // An error says that the side directory could not be written. A refusal is remembered for a while
  // and not asked for again: not for ever, and not where a reload was asked for, since it may rest
  // on a file beside ours.
  Result<PromtoolVerdict> check(const ApplyConfig& config);

  // What it says of the site's own configuration alone, whose lines are those that people know;
  // nothing where it agrees with that, or the file is gone. REQUIRES: check() refused `config`.
  std::optional<std::string> words_on_base(const ApplyConfig& config) const;

 private:
  struct Remembered {
    ApplyConfig config;
    PromtoolVerdict verdict;
    SteadyTime until;
  };

  Result<void> stage(const ApplyConfig& config) const;
  void unstage() const;
  PromtoolVerdict run_staged() const;
  PromtoolVerdict run(const std::string& file) const;

  PromtoolOptions options_;
  std::string side_dir_;
  std::optional<Remembered> refused_;
};

}  // namespace promster
