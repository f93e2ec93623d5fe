#pragma once

#include <termios.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "cli/status_report.h"

namespace promster {

// The terminal of this process, taken over: the other screen, no cursor, keys as they are pressed.
// The destructor gives it back as it was.
//
// Thread rule: made and destroyed by one thread, which draws; watch() is another's.
class Terminal {
 public:
  struct Size {
    std::size_t width = 80, height = 24;
  };

  // Whether this process has one that can be drawn on: standard input and output are the terminal,
  // and TERM is neither empty nor "dumb".
  static bool usable(const std::string& term);

  // `colours` off: bold and reverse only. Blocks SIGINT, SIGTERM, SIGHUP and SIGWINCH in this
  // thread and all that it starts, for watch(). Fails where the terminal cannot be set.
  static Result<Terminal> take(bool colours);
  Terminal(Terminal&& other) noexcept;
  Terminal& operator=(Terminal&&) = delete;
  ~Terminal();

  Size size() const;

  // Draws the lines from the top; what is there already is not sent again.
  void draw(const ReportLines& lines);

  // What happened: bytes that were typed, another size, or one of the signals that end a program
  // (or the end of the input).
  struct Happened {
    std::string typed;
    bool resized = false;
    bool ended = false;
  };
  // Tells it until a stop is asked for or the end was told. Blocks; a thread of its own.
  static void watch(const std::function<void(Happened)>& tell, const std::stop_token& stop);

 private:
  Terminal(const termios& before, bool colours) : before_(before), colours_(colours) {}

  std::optional<termios> before_;  // none: moved from
  bool colours_ = true;
  std::string drawn_;
};

}  // namespace promster
