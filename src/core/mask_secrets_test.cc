#include "core/mask_secrets.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(MaskSecrets, LeavesWhatIsNoSecret) {
  for (const std::string text :
       {"", "\n", "global:\n  scrape_interval: \"5s\"\n", "no end of line",
        "a:\n  password_file: /etc/p\n  credentials_file: c\n  key_file: k\n  bearer_token_file: "
        "b\n",
        "tokens: 3\nmonkey: business\nurl: \"http://a:9090/x@y\"\n", "# a comment\n\n- x\n"}) {
    EXPECT_EQ(mask_secrets(text), text);
  }
}

TEST(MaskSecrets, EveryKeyOfASecretIsMasked) {
  for (const std::string key :
       {"password", "credentials", "bearer_token", "client_secret", "secret_key", "token",
        "auth_token", "application_credential_secret"}) {
    EXPECT_EQ(mask_secrets("a:\n  " + key + ": hunter2\n  b: c\n"),
              "a:\n  " + key + ": <secret>\n  b: c\n");
    EXPECT_EQ(mask_secrets("- \"" + key + "\": \"hunter2\"\n  b: c\n"),
              "- \"" + key + "\": <secret>\n  b: c\n");
  }
}

TEST(MaskSecrets, AValueOfSeveralLinesGoesWhole) {
  EXPECT_EQ(mask_secrets("a:\n  password: |\n    one\n\n    two\n  b: c\n"),
            "a:\n  password: <secret>\n  b: c\n");
  EXPECT_EQ(mask_secrets("a:\n  password:\n    \"one\n    two\"\nb: c\n"),
            "a:\n  password: <secret>\nb: c\n");
  EXPECT_EQ(mask_secrets("password: >-\n one\nb: c"), "password: <secret>\nb: c");
}

TEST(MaskSecrets, HeadersMayHoldASecret) {
  EXPECT_EQ(
      mask_secrets("a:\n  headers:\n    Authorization: Bearer hunter2\n    X-Scope: 1\n  b: c\n"),
      "a:\n  headers: <secret>\n  b: c\n");
}

TEST(MaskSecrets, InAFlowMappingTheRestOfTheLineGoes) {
  EXPECT_EQ(mask_secrets("basic_auth: {username: u, password: hunter2}\nb: c\n"),
            "basic_auth: {username: u, password: <secret>\nb: c\n");
}

TEST(MaskSecrets, APasswordInAUrlIsMasked) {
  EXPECT_EQ(mask_secrets("url: \"https://me:hunter2@host:1/x\"\n"),
            "url: \"https://me:<secret>@host:1/x\"\n");
}

}  // namespace
}  // namespace promster
