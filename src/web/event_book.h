#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace promster {

// The bytes of an event, shared by all who are sent it.
using EventBytes = std::shared_ptr<const std::string>;

// Server-sent events (WHATWG HTML, 9.2): numbers them, puts them into words, and keeps the newest
// of each name for those who come later. Thread rule: one thread.
class EventBook {
 public:
  // The event as every reader is to get it: "id: 7\nevent: NAME\ndata: ...\n\n". A line end in the
  // name is left out; each line of `data` gets a field of its own.
  EventBytes add(std::string_view name, std::string_view data);

  // What a new reader gets first: how soon to come back after a loss, and the newest event of each
  // name, the oldest of them first.
  std::string opening() const;

  // What keeps a connection alive between events: a comment.
  static EventBytes keep_alive();

 private:
  std::uint64_t last_id_ = 0;
  std::map<std::string, std::pair<std::uint64_t, EventBytes>, std::less<>> newest_;
};

}  // namespace promster
