#pragma once

#include <optional>
#include <string>

#include "web/asset.h"

namespace promster {

// A file of ui/ that is in the program.
struct EmbeddedAsset {
  std::string path;  // "/assets/style-0123456789abcdef.css": changes with the bytes
  Asset asset;
};

// Any thread.
EmbeddedAsset embedded_style();
EmbeddedAsset embedded_icon();

// The live page, in a program that was built with npm.
struct EmbeddedScripts {
  EmbeddedAsset first;  // runs before anything is drawn: the theme that was chosen
  EmbeddedAsset app;
};
std::optional<EmbeddedScripts> embedded_scripts();

}  // namespace promster
