#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "base/result.h"

// A site's own prometheus.yml (--prometheus.base-config), into which ours is merged (interface.md,
// "A site's own prometheus.yml"). Pure functions, any thread. Errors start with the file and, where
// there is one, the line: "/etc/prometheus/prometheus.yml: line 12: ...".
namespace promster {

// The file as it was read.
struct BaseConfig {
  std::string file;  // its absolute path; empty: there is none
  std::string text;  // what it holds
  // Differs where what its rule_files name differs: Prometheus has to load them then, though our
  // bytes are the same.
  std::string stamp;

  bool given() const { return !file.empty(); }
  bool operator==(const BaseConfig&) const = default;
};

// What the rest of promster has to know of it.
struct BaseFacts {
  std::optional<Duration> scrape_interval, scrape_timeout, evaluation_interval;  // of its `global`
  std::vector<std::string> rule_files;  // absolute, and with the patterns that it has
};

// Whether it can be used at all, and what it says. REQUIRES: base.given().
Result<BaseFacts> read_base_config(const BaseConfig& base);

// An error where another version of it has another value for one of these intervals of its `global`
// (such as "scrape_interval"), on which too much rests to be changed while promster runs.
Result<void> same_intervals(const BaseConfig& before, const BaseConfig& now,
                            std::span<const std::string> names);

// `ours`, a configuration that promster rendered, merged into the base: maps key by key, ours
// winning where both have a value; lists one after the other, the base's first. Paths of the base
// that are relative are relative to its folder and become absolute, since the result lies in
// another. An error where both have a job of one name, or send to one remote_write URL. All else of
// the base passes through as it is. REQUIRES: base.given().
Result<std::string> merge_into_base(const BaseConfig& base, std::string_view ours);

}  // namespace promster
