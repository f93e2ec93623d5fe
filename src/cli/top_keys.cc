#include <algorithm>
#include <array>
#include <utility>

#include "cli/top_model.h"

namespace promster {
namespace {

// As xterm and those like it send them (invisible-island.net/xterm/ctlseqs, "PC-Style Function
// Keys"), with and without application mode.
constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kSequences{{
    {"\x1b[A", "up"},
    {"\x1b[B", "down"},
    {"\x1bOA", "up"},
    {"\x1bOB", "down"},
    {"\x1b[5~", "page-up"},
    {"\x1b[6~", "page-down"},
    {"\x1b[H", "home"},
    {"\x1b[F", "end"},
    {"\x1bOH", "home"},
    {"\x1bOF", "end"},
    {"\x1b[1~", "home"},
    {"\x1b[4~", "end"},
    {"\x1b[7~", "home"},
    {"\x1b[8~", "end"},
    {"\x1b[Z", "back-tab"},
    {"\x1b[C", "tab"},
    {"\x1b[D", "back-tab"},
}};

// How long the sequence at the start is that is no key of ours: ESC, "[" or "O", up to a letter
// or "~".
std::size_t unknown_sequence(std::string_view bytes) {
  if (bytes.size() < 2 || (bytes[1] != '[' && bytes[1] != 'O')) return 1;
  std::size_t end = 2;
  while (end < bytes.size() && (bytes[end] < '@' || bytes[end] > '~')) ++end;
  return std::min(end + 1, bytes.size());
}

std::string plain_key(char byte) {
  switch (byte) {
    case '\x03':
      return "ctrl-c";
    case '\t':
      return "tab";
    case '\r':
    case '\n':
      return "enter";
    case '\b':
    case '\x7f':
      return "backspace";
    default:
      return static_cast<unsigned char>(byte) < 0x20 ? "" : std::string(1, byte);
  }
}

void show(TopModel& model, std::size_t view) {
  model.view = static_cast<TopView>(view % kTopViews);
  model.scroll = 0;
  model.help = false;
}

// The last character goes whole, of however many bytes.
void drop_character(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
    text.pop_back();
  }
  if (!text.empty()) text.pop_back();
}

KeyEffect type(TopModel& model, const std::string& key) {
  constexpr std::size_t kMostSearch = 200;
  model.scroll = 0;
  if (key == "enter") {
    model.typing = false;
    return KeyEffect::kRedraw;
  }
  if (key == "escape") {
    model.typing = false;
    model.search.clear();
    return KeyEffect::kAsk;
  }
  if (key == "backspace") {
    drop_character(model.search);
    return KeyEffect::kAsk;
  }
  if (key.size() != 1 || model.search.size() >= kMostSearch) return KeyEffect::kNothing;
  model.search += key;
  return KeyEffect::kAsk;
}

KeyEffect scroll_to(TopModel& model, const std::string& key, std::size_t height) {
  const std::size_t room = height > 2 ? height - 2 : 1;
  const std::size_t lines = top_lines(model).size();
  const std::size_t most = lines > room ? lines - room : 0;
  const std::size_t step = key.starts_with("page") ? room : 1;
  std::size_t& scroll = model.scroll;
  if (key == "up" || key == "page-up") scroll -= std::min(scroll, step);
  if (key == "down" || key == "page-down") scroll = std::min(most, scroll + step);
  if (key == "home") scroll = 0;
  if (key == "end") scroll = most;
  return KeyEffect::kRedraw;
}

KeyEffect start_search(TopModel& model) {
  show(model, static_cast<std::size_t>(TopView::kTargets));
  model.typing = true;
  return KeyEffect::kAsk;
}

}  // namespace

std::vector<std::string> read_keys(std::string_view bytes) {
  std::vector<std::string> keys;
  while (!bytes.empty()) {
    const auto known = std::ranges::find_if(
        kSequences, [&](const auto& pair) { return bytes.starts_with(pair.first); });
    std::size_t length = 1;
    std::string key;
    if (known != kSequences.end()) {
      length = known->first.size();
      key = known->second;
    } else if (bytes.front() == '\x1b') {
      length = unknown_sequence(bytes);
      key = length == 1 ? "escape" : "";
    } else {
      key = plain_key(bytes.front());
    }
    if (!key.empty()) keys.push_back(std::move(key));
    bytes.remove_prefix(length);
  }
  return keys;
}

KeyEffect press(TopModel& model, const std::string& key, std::size_t height) {
  if (key == "ctrl-c") return KeyEffect::kQuit;
  if (model.typing) return type(model, key);
  if (key == "q") return KeyEffect::kQuit;
  const auto view = static_cast<std::size_t>(model.view);
  if (key == "tab") show(model, view + 1);
  if (key == "back-tab") show(model, view + kTopViews - 1);
  if (key.size() == 1 && key[0] >= '1' && key[0] <= '5') {
    show(model, static_cast<std::size_t>(key[0] - '1'));
  }
  if (static_cast<std::size_t>(model.view) != view) return KeyEffect::kAsk;
  if (key == "/") return start_search(model);
  if (key == "?") model.help = !model.help;
  if (key == "h") model.health = !model.health;
  if (key == "escape") {
    model.help = false;
    model.search.clear();
  }
  if (key == "h" || key == "escape" || key.size() == 1) return KeyEffect::kAsk;
  return scroll_to(model, key, height);
}

}  // namespace promster
