#include "cli/api_words.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(ApiWords, AMendIsWhatOneTypes) {
  EXPECT_EQ(in_terminal_words("\"x\" is no target; there are 2 below /t/; try: "
                              "/api/v1/targets?q=x"),
            "\"x\" is no target; there are 2 below /t/; try: promster status targets x");
  EXPECT_EQ(in_terminal_words("target; it is missing; try: explain?target=10.0.0.1:80"),
            "target; it is missing; try: promster explain 10.0.0.1:80");
  EXPECT_EQ(in_terminal_words("nobody comes and nobody goes; add and remove are missing; try: "
                              "simulate?add=1"),
            "nobody comes and nobody goes; --join and --leave are missing; try: promster simulate "
            "--join=1");
}

TEST(ApiWords, AParameterIsTheOption) {
  EXPECT_EQ(in_terminal_words("limit; \"0\" is no number from 1 to 1000; try: limit=50"),
            "--limit; \"0\" is no number from 1 to 1000; try: --limit=50");
  EXPECT_EQ(in_terminal_words("add; a node is named twice; try: each once"),
            "--join; a node is named twice; try: each once");
}

TEST(ApiWords, OtherWordsStay) {
  for (const char* words : {"", "levels; no; try: x", "etcd at /api/v1/targets?q=x is odd",
                            "the limit; why; try: promster check"}) {
    EXPECT_EQ(in_terminal_words(words), words);
  }
}

}  // namespace
}  // namespace promster
