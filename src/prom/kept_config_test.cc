#include "prom/kept_config.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(KeptConfig, ComesBackAsItWas) {
  for (const Privacy& privacy : {Privacy(), Privacy::of(0640, 3, 4), Privacy::of(0600, 1, 2)}) {
    const KeptConfig kept{.files = {"a\nb", "c\n"}, .privacy = privacy, .stamp = "s\n"};
    const auto back = read_kept_config(write_kept_config(kept));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->files, kept.files);
    EXPECT_EQ(back->privacy, privacy);
    EXPECT_EQ(back->stamp, "s\n");
  }
}

TEST(KeptConfig, WhatIsAnotherTextIsNone) {
  const std::string text = write_kept_config({.files = {"yml", "rules"}});
  ASSERT_TRUE(read_kept_config(text));
  for (const std::string& other :
       {std::string(), text.substr(1), text.substr(0, text.size() - 1), "1" + text,
        std::string("promster last good 1 3\nymlrules"),
        std::string("promster last good 2 3 5\nymlrules"),
        std::string("promster last good 2 3 5 420 0\nymlrules"),
        std::string("promster last good 2 9 5 420 0 0\nymlrules"),
        std::string("promster last good 2 3 -5 420 0 0\nymlrules"),
        std::string("promster last good 2 3 5 x 0 0\nymlrules"),
        std::string("promster last good 2 3 18446744073709551615 420 0 0\nymlrules")}) {
    EXPECT_FALSE(read_kept_config(other)) << other;
  }
}

TEST(Privacy, TheStricterOfTwoLetsNobodyReadWhomOneKeepsOut) {
  const Privacy all, group = Privacy::of(0640, 1, 2), owner = Privacy::of(0600, 3, 4);
  EXPECT_TRUE(stricter(all, all).for_all());
  EXPECT_EQ(stricter(all, group), group);
  EXPECT_EQ(stricter(group, all), group);
  EXPECT_EQ(stricter(group, owner), Privacy::of(0600, 1, 2));
  EXPECT_EQ(stricter(owner, group), owner);
  EXPECT_EQ(Privacy::of(0444, 7, 7), all);
}

}  // namespace
}  // namespace promster
