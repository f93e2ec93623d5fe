#pragma once

#include <span>
#include <string>
#include <vector>

#include "agent/setting_table.h"
#include "cli/command.h"

// The reference, made from the same tables as the help and the completions. Pure, any thread.
namespace promster {

// A page and the name of its file.
struct ReferencePage {
  std::string file;  // "promster-check.1"
  std::string text;
};

// Manual pages in roff (man(7)): promster.1, one of each command, and promster-settings.5.
std::vector<ReferencePage> man_pages(std::span<const Command> commands,
                                     std::span<const SettingSpec> settings);

// commands.md and settings.md, as they stand in docs/reference/.
std::vector<ReferencePage> markdown_pages(std::span<const Command> commands,
                                          std::span<const SettingSpec> settings);

}  // namespace promster
