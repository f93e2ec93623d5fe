#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/duration.h"

namespace promster {

// Asks many HTTP servers at once, in the thread of the caller: whether they answer at all, or what.
// Each request has a connection of its own, no redirect is followed, and no proxy of the
// environment is used.
//
// Thread rule: one thread, but for wake().
class ParallelGets {
 public:
  struct Options {
    Duration deadline{2000};  // of each GET, from the look-up of the name to the last byte
    std::size_t most = 4096;  // bytes of a body, after which nobody listens any more
    bool keep = false;        // whether bodies are of interest
  };
  // How a GET ended: with a status of HTTP, whatever came after it, or without one.
  struct Ended {
    std::string id;
    int status = 0;
    std::string error;  // where the status is 0, in words that do not differ from try to try
    // Of who keeps bodies: all of it, or why it is not whole.
    std::string body, cut;
  };

  explicit ParallelGets(Options options);
  ~ParallelGets();
  ParallelGets(const ParallelGets&) = delete;
  ParallelGets& operator=(const ParallelGets&) = delete;

  // A GET; with a form (name=value, %XX encoded) a POST of it. REQUIRES: none with this id is under
  // way.
  void start(const std::string& id, const std::string& url, const std::string& form = {});
  // Ends the GET with this id, if there is one, without a word.
  void drop(const std::string& id);
  bool idle() const { return transfers_.empty(); }

  // Waits until something has ended, or the deadline; wake() ends it early, too.
  std::vector<Ended> wait_until(SteadyTime deadline);
  // Any thread.
  void wake();

 private:
  struct Transfer;
  struct Multi;

  std::vector<Ended> advance();

  const Options options_;
  std::unique_ptr<Multi> multi_;
  std::map<std::string, std::unique_ptr<Transfer>> transfers_;  // by id; they go before multi_
};

}  // namespace promster
