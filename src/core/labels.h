#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace promster {

// A set of label names and values, sorted by name, each name once. A plain value: one thread, or
// any number of readers.
class Labels {
 public:
  using Pair = std::pair<std::string, std::string>;

  Labels() = default;
  // A later pair replaces an earlier one of the same name.
  Labels(std::initializer_list<Pair> pairs);

  void set(std::string name, std::string value);
  // Null where there is no such label.
  const std::string* find(std::string_view name) const;
  bool empty() const { return pairs_.empty(); }
  std::size_t size() const { return pairs_.size(); }
  std::span<const Pair> pairs() const { return pairs_; }

  bool operator==(const Labels&) const = default;
  auto operator<=>(const Labels&) const = default;

 private:
  std::vector<Pair> pairs_;
};

// Prometheus's rule for a label name: [a-zA-Z_][a-zA-Z0-9_]* (prometheus.io/docs, "Data model").
bool is_label_name(std::string_view name);

// Prometheus's rule for a metric name: [a-zA-Z_:][a-zA-Z0-9_:]*.
bool is_metric_name(std::string_view name);

// A label that a user may give to a target: a label name, not "job", "instance" or one that starts
// with "__"; the value UTF-8 without control characters and of at most 256 bytes. The error says
// what is wrong with it.
Result<void> check_target_label(std::string_view name, std::string_view value);

}  // namespace promster
