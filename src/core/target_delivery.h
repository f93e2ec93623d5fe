#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "base/backoff.h"
#include "base/duration.h"
#include "core/plan.h"
#include "core/target.h"

namespace promster {

// What is in the target file, what is to be, and when to try again after the disk failed.
//
// Thread rule: one thread.
class TargetDelivery {
 public:
  TargetDelivery();

  // The write that makes the file hold these targets; nothing where it holds them already.
  std::optional<WriteTargets> plan(std::span<const Target* const> targets);
  // What came of the last plan.
  void applied(const Result<bool>& written, SteadyTime now);
  // Somebody wants the disk looked at: the next plan is a write even if nothing changed.
  void doubt() { doubted_ = true; }

  // The bytes that were written last; null: none were.
  const std::shared_ptr<const std::string>& written() const { return written_; }
  // The addresses in the file, as far as it was written by us.
  const std::set<std::string>& addresses() const { return addresses_; }
  std::optional<SteadyTime> try_again() const { return try_again_; }
  const std::string& failure() const { return failure_; }

 private:
  std::shared_ptr<const std::string> planned_;
  std::set<std::string> planned_addresses_, addresses_;
  std::shared_ptr<const std::string> written_;
  bool doubted_ = false;
  std::optional<SteadyTime> try_again_;
  Backoff backoff_;
  std::string failure_;
};

}  // namespace promster
