#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace promster {

// Answers by the name of their handler and their status. A plain value: one thread, or many
// readers.
struct HttpCounts {
  std::map<std::pair<std::string, int>, std::uint64_t> by_handler_and_code;

  void add(const std::string& handler, int code) { ++by_handler_and_code[{handler, code}]; }
};

}  // namespace promster
