#include "cli/status_follow.h"

#include <map>
#include <ostream>
#include <stop_token>

#include "cli/status_reader.h"
#include "cli/status_report.h"
#include "prom/event_stream.h"

namespace promster {
namespace {

constexpr std::size_t kMostRemembered = 1000;  // as many as a node remembers

// Prints changes, each once as long as it says the same: it is told anew when it is complete.
class ChangePrinter {
 public:
  ChangePrinter(bool json, std::ostream& out) : json_(json), out_(out) {}

  void print(const std::string& data) {
    const auto change = read_change(data);
    if (!change) return;
    std::string line = change_line(*change);
    const auto known = printed_.find(change->id);
    if (known != printed_.end() && known->second == line) return;
    out_ << (json_ ? data : line) << std::endl;
    printed_[change->id] = std::move(line);
    if (printed_.size() > kMostRemembered) printed_.erase(printed_.begin());
  }

 private:
  const bool json_;
  std::ostream& out_;
  std::map<std::uint64_t, std::string> printed_;
};

}  // namespace

Error follow_history(const StatusSource& source, const std::string& resource, bool json,
                     std::ostream& out) {
  const auto history = source.ask(resource);
  if (!history) return history.error();
  if (!source.node) return Error{"history; only a node can be followed; try: --url"};
  ChangePrinter printer(json, out);
  const auto changes = changes_oldest_first(*history);
  if (!changes) return changes.error();
  if (!json) out << kHistoryTitle << std::endl;
  for (const std::string& change : *changes) printer.print(change);
  const auto ended = read_event_stream(
      api_request(*source.node, "events"),
      [&printer](const StreamedEvent& event) {
        if (event.name == "change") printer.print(event.data);
      },
      std::stop_token());
  return Error{ended.error().message + "; try: again, or the page of another node"};
}

}  // namespace promster
