#include "web/event_book.h"

#include <algorithm>
#include <iterator>

namespace promster {
namespace {

constexpr std::string_view kRetry = "retry: 2000\n\n";  // ms

// A line ends with LF, CR LF or CR, as the reader sees it.
void append_data(std::string& text, std::string_view data) {
  for (;;) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    text.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == data.size()) return;
    data.remove_prefix(end + (data.substr(end, 2) == "\r\n" ? 2 : 1));
  }
}

}  // namespace

EventBytes EventBook::add(std::string_view name, std::string_view data) {
  std::string text = "id: " + std::to_string(++last_id_) + "\nevent: ";
  std::ranges::copy_if(name, std::back_inserter(text),
                       [](char c) { return c != '\r' && c != '\n'; });
  text += '\n';
  append_data(text, data);
  text += '\n';
  const auto bytes = std::make_shared<const std::string>(std::move(text));
  newest_.insert_or_assign(std::string(name), std::pair(last_id_, bytes));
  return bytes;
}

std::string EventBook::opening() const {
  std::map<std::uint64_t, EventBytes> in_order;
  for (const auto& [name, event] : newest_) in_order.insert(event);
  std::string text(kRetry);
  for (const auto& [id, bytes] : in_order) text += *bytes;
  return text;
}

EventBytes EventBook::keep_alive() {
  return std::make_shared<const std::string>(":\n\n");
}

}  // namespace promster
