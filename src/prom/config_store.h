#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/plan.h"
#include "prom/kept_config.h"
#include "prom/privacy.h"

namespace promster {

// What lies in --prometheus.config-dir: prometheus.yml, rules.yml, sd/targets.json, and .last-good,
// which keeps the configuration that Prometheus accepted last (both files in one, so that a crash
// cannot mix two) and the stamp of the site's files of rules then. A site's own configuration may
// hold secrets, which are in prometheus.yml, too: where not everybody may read the one, not
// everybody may read the other, as far as that is ours to say (exposed_to_more()) and Prometheus
// can read it (open_to_all()).
//
// Thread rule: one thread, and one ConfigStore a directory.
class ConfigStore {
 public:
  // What is there again, and the names of the files that changed by that.
  struct PutBack {
    ConfigFiles files;
    std::vector<std::string> changed;
  };

  // Removes what an earlier crash left over there.
  explicit ConfigStore(std::string config_dir);

  // Whether both files on disk are these, and nobody reads them who may not read the site's.
  bool holds(const ApplyConfig& config) const;
  bool has_bytes(const ApplyConfig& config) const;
  // When the later of both files took its place (their change time, which no copy can preserve).
  std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> changed_at() const;
  // Whether it was remembered as good after the files on disk, which are these, took their place.
  bool good_since_put(const ApplyConfig& config) const;

  // Replaces rules.yml, then prometheus.yml, and returns the names of those that changed. On an
  // error both are as they were.
  Result<std::vector<std::string>> put(const ApplyConfig& config);
  // The same for sd/targets.json; says whether the bytes changed.
  Result<bool> put_targets(const std::string& json);

  // Whether more people may read the prometheus.yml that was put than the site's own file, since it
  // is another's, mounted by itself.
  bool exposed_to_more() const { return tolerated_ && !opened_; }
  // Prometheus cannot read the prometheus.yml that was put, which is as private as the site's file:
  // from now on everybody may, as long as the site's is as it is. Returns whether that is new.
  bool open_to_all(const ApplyConfig& config);
  // It was no help: the next put closes it again.
  void close_again() { tolerated_.reset(); }

  // Prometheus runs this configuration, with the files of rules that its base was stamped with.
  Result<void> remember_good(const ApplyConfig& config);
  // That stamp; empty where there is none.
  std::string good_stamp() const;
  // Puts the last good files back in place of `refused`, or where there are none what the last
  // put() replaced; nullopt says that there was nothing else to put there.
  Result<std::optional<PutBack>> go_back_from(const ApplyConfig& refused);

 private:
  // The site's file, when it was put last.
  struct SeenFile {
    std::string file;
    Privacy privacy;
  };

  std::string path(std::string_view name) const { return dir_ + "/" + std::string(name); }
  ConfigFiles read() const;
  bool tolerates(const Privacy& privacy) const {
    return tolerated_ && same_readers(*tolerated_, privacy);
  }
  Privacy privacy_for(const BaseConfig& base) const;
  Result<std::vector<std::string>> put_files(const ConfigFiles& files, const Privacy& privacy);
  std::optional<KeptConfig> last_good() const;

  std::string dir_;
  std::optional<SeenFile> seen_;
  std::optional<Privacy> tolerated_;    // prometheus.yml is less private than this, and stays so
  bool opened_ = false;                 // by us
  std::optional<KeptConfig> replaced_;  // what was there before what was never seen accepted
};

}  // namespace promster
