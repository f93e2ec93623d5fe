#include "web/embedded_assets.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"

namespace promster {
namespace {

std::string built(const std::string& name) {
  return read_file(PROMSTER_BINARY_DIR "/ui/dist/" + name).value();
}

// Of either form the bytes that were built; the name and the ETag say which.
void expect_embedded(const EmbeddedAsset& embedded, const std::string& file) {
  const Asset& asset = embedded.asset;
  EXPECT_EQ(asset.bytes, built(file));
  EXPECT_EQ(asset.gzip_bytes, built(file + ".gz"));
  EXPECT_EQ(asset.etag.size(), 16u);
  EXPECT_TRUE(asset.hashed_name);
  const std::filesystem::path name(file);
  EXPECT_EQ(embedded.path,
            "/assets/" + name.stem().string() + "-" + asset.etag + name.extension().string());
}

TEST(EmbeddedAssets, AreTheFilesOfTheBuild) {
  expect_embedded(embedded_style(), "style.css");
  expect_embedded(embedded_icon(), "icon.svg");
  const auto scripts = embedded_scripts();
  EXPECT_EQ(scripts.has_value(), std::filesystem::exists(PROMSTER_BINARY_DIR "/ui/dist/app.js"));
  if (!scripts) return;
  expect_embedded(scripts->app, "app.js");
  expect_embedded(scripts->first, "first.js");
}

TEST(EmbeddedAssets, AreSmall) {
  std::size_t packed =
      embedded_style().asset.gzip_bytes.size() + embedded_icon().asset.gzip_bytes.size();
  if (const auto scripts = embedded_scripts()) {
    packed += scripts->app.asset.gzip_bytes.size() + scripts->first.asset.gzip_bytes.size();
  }
  EXPECT_LT(packed, 30u << 10) << "leaves 10 kB for the HTML";
}

}  // namespace
}  // namespace promster
