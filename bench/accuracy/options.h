#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "bench/accuracy/campaign.h"

namespace promster {

// What of promster is at work.
struct AccuracyMode {
  std::string name;         // of the flag and of the files: "normal"
  std::string what;         // in a chart
  Environment environment;  // of every node
};
const std::vector<AccuracyMode>& accuracy_modes();

struct AccuracyOptions {
  CampaignOptions campaign;         // the environment is that of a mode
  std::vector<AccuracyMode> modes;  // run one after the other
  std::vector<std::string> csvs;    // where not empty, only these are drawn: MODE=FILE
  std::string out = "accuracy-out";
};

// The text for --help.
std::string accuracy_usage();

// Reads the command line, without the name of the program.
Result<AccuracyOptions> parse_accuracy_options(const std::vector<std::string>& arguments);

}  // namespace promster
