#pragma once

#include <string>
#include <string_view>

#include "base/duration.h"

// When Prometheus evaluates a group of rules, and how to make every node do so at the same moments.
//
// Prometheus evaluates a group once an interval, at a moment that it derives from a hash of the
// group's name and the path of its file: t = hash mod interval (github.com/prometheus/prometheus,
// rules/group.go, EvalTimestamp). Where all nodes and levels evaluate at the same t, what a level
// federates between two evaluations is one evaluation of all nodes below it, so that a target which
// changes its owner between two evaluations is in the sum once, never twice and never not at all.
//
// Pure functions, any thread.
namespace promster {

// The part of the interval in which the groups of all nodes are to fall: [0, interval /
// kPhaseSlots).
inline constexpr int kPhaseSlots = 250;

// `base`, or `base-<n>` with the least n whose group falls into that part, be the labels hashed as
// Prometheus before 2.44 hashes them or as later ones do (model/labels: slicelabels, stringlabels).
// `path`: the rule file as Prometheus names it. REQUIRES: interval > 0.
std::string aligned_group_name(std::string_view base, std::string_view path, Duration interval);

// When a node may change which targets its rules count: not shortly before an evaluation, since
// Prometheus needs up to a second to see it on either side.
class SwitchWindow {
 public:
  explicit SwitchWindow(Duration evaluation_interval) : interval_(evaluation_interval) {}

  // `unix_now`: the wall clock, since that is what Prometheus's evaluations follow.
  bool open(double unix_now) const;
  // How long until it is open; zero where it is.
  Duration until_open(double unix_now) const;

 private:
  Duration interval_;
};

}  // namespace promster
