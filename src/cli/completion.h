#pragma once

#include <span>
#include <string>

#include "agent/setting_table.h"
#include "cli/command.h"

// Scripts that complete a command line: commands, their options and words, settings, choices, and
// files where a value is called FILE or DIR. Each knows all by itself, and never runs promster.
// Pure, any thread.
namespace promster {

std::string bash_completion(std::span<const Command> commands,
                            std::span<const SettingSpec> settings);
std::string zsh_completion(std::span<const Command> commands,
                           std::span<const SettingSpec> settings);
std::string fish_completion(std::span<const Command> commands,
                            std::span<const SettingSpec> settings);

}  // namespace promster
