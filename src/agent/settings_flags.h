#pragma once

#include <span>
#include <string>
#include <vector>

namespace promster {

// A setting given on the command line.
struct GivenFlag {
  std::string name;      // of the setting: "scrape.interval"
  std::string spelling;  // as it was typed, with two dashes: "--scrape-interval"
  std::string value;
};

// The settings among the arguments, and what is left of these, in order: the command, its own
// options, and what nobody knows.
struct TakenFlags {
  std::vector<GivenFlag> flags;
  std::vector<std::string> rest;
  std::vector<std::string> errors;
};

// Takes the settings out of a command line. A flag may be spelled as ours (--scrape.interval) or
// the original's (--scrape-interval), with one dash or two, its value after "=" or as the next
// argument; a flag that is on or off needs no value and takes the next argument only where that is
// one of Go's words for true and false, as the original's (Go package flag). Nothing after "--" is
// taken.
TakenFlags take_setting_flags(std::span<const std::string> arguments);

}  // namespace promster
