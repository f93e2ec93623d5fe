#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "web/http_server.h"
#include "web/password_check.h"
#include "web/raw_client_for_test.h"

// basic_auth_users.
namespace promster {
namespace {

std::string basic(const std::string& base64) {
  return "Authorization: Basic " + base64 + "\r\n";
}

const std::string kRight = basic("YW5uOnNlY3JldA==");   // ann:secret
const std::string kWrong = basic("YW5uOndyb25n");       // ann:wrong
const std::string kNobody = basic("Ym9iOnNlY3JldA==");  // bob:secret

class Passwords : public testing::Test {
 protected:
  Passwords() {
    auto server =
        HttpServer::start({.listen = {"127.0.0.1:0"},
                           .config = {.tls = {},
                                      .headers = {{"X-Frame-Options", "SAMEORIGIN"}},
                                      .users = {{"ann", bcrypt_hash("secret", 4).value()}}},
                           .open_paths = {"/metrics"},
                           .refused = [this](int status) { refused_.push_back(status); }},
                          [](const WebRequest&) { return WebResponse{.body = "let in"}; });
    EXPECT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(*server);
  }

  std::string ask(const std::string& path, const std::string& headers) {
    RawClient client(server_->port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    return client.answer();
  }
  int status(const std::string& headers, const std::string& path = "/") {
    return status_in(ask(path, headers));
  }

  std::vector<int> refused_;  // the server's, until it has ended
  std::unique_ptr<HttpServer> server_;
};

TEST_F(Passwords, OnlyTheRightOneIsLetIn) {
  for (int i = 0; i < 2; ++i) {  // found out, and remembered
    EXPECT_EQ(status(kRight), 200);
    EXPECT_EQ(status(kWrong), 401);
    EXPECT_EQ(status(kNobody), 401);
  }
  for (const std::string& headers :
       {std::string(), basic(""), basic("YW5u"), basic("!!!!"), basic("YW5uOnNlY3JldA="),
        basic("YW5uOnNlY3JldAB4"),  // ann:secret, NUL, x
        std::string("Authorization: Bearer YW5uOnNlY3JldA==\r\n"),
        std::string("Authorization: \r\n")}) {
    EXPECT_EQ(status(headers), 401) << headers;
  }
}

TEST_F(Passwords, TheRefusalSaysHowAndKeepsTheConnection) {
  RawClient client(server_->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string refusal = client.answer();
  EXPECT_NE(refusal.find("\r\nWWW-Authenticate: Basic realm=\"promster\""), std::string::npos);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n" + kRight + "\r\n");
  EXPECT_TRUE(client.answer().ends_with("let in"));
}

TEST_F(Passwords, RefusalsAreCounted) {
  EXPECT_EQ(status(kWrong), 401);
  server_.reset();
  EXPECT_EQ(refused_, std::vector{401});
}

// `promster healthcheck` and the own Prometheus have no password.
TEST_F(Passwords, TheOwnMachineGetsWhatIsOpen) {
  EXPECT_EQ(status("", "/metrics"), 200);
  EXPECT_EQ(status("X-Forwarded-For: 10.0.0.1\r\n", "/metrics"), 401);
  EXPECT_EQ(status("", "/metrics/x"), 401);
}

TEST_F(Passwords, HeadersOfTheConfigurationTakeThePlaceOfOurs) {
  const std::string answer = ask("/", kRight);
  EXPECT_NE(answer.find("\r\nX-Frame-Options: SAMEORIGIN\r\n"), std::string::npos);
  EXPECT_EQ(answer.find("DENY"), std::string::npos);
}

TEST(PasswordCheck, RemembersNoMixtureOfRightParts) {
  const std::string hash = bcrypt_hash("secret", 4).value();
  PasswordCheck check({{"ann", hash}, {"anns", hash}});
  const Credentials right{.user = "ann", .password = "secret"};
  EXPECT_FALSE(check.knows(right));
  ASSERT_TRUE(check.verify(right));
  check.remember(right);
  EXPECT_TRUE(check.knows(right));
  // GHSA-4v48-4q5m-8vx4: parts that join to the same text.
  EXPECT_FALSE(check.knows({.user = "ann", .password = "secre"}));
  EXPECT_FALSE(check.knows({.user = "anns", .password = "secret"}));
  EXPECT_FALSE(check.knows({.user = "anns", .password = "ecret"}));
  EXPECT_FALSE(check.knows({.user = "ann" + hash, .password = "secret"}));
  EXPECT_FALSE(check.knows({.user = "", .password = "ann" + hash + "secret"}));
  EXPECT_FALSE(check.verify({.user = "nobody", .password = "secret"}));
  EXPECT_FALSE(check.verify({.user = "nobody", .password = ""}));
}

TEST(PasswordCheck, KnowsBcryptHashes) {
  EXPECT_TRUE(is_bcrypt_hash("$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG"));
  for (const std::string no :
       {"", "secret", "$2y$10$short", "$1$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG",
        "$2y$15$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG",
        "$2y$03$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG",
        "$2z$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG",
        "$2y$1:$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG",
        "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7z:"}) {
    EXPECT_FALSE(is_bcrypt_hash(no)) << no;
  }
}

TEST(PasswordCheck, TakesHashesOfExporterToolkit) {  // its documentation: "test"
  const std::map<std::string, std::string> users{
      {"ann", "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay"}};
  const PasswordCheck check(users);
  EXPECT_TRUE(check.verify({.user = "ann", .password = "test"}));
}

}  // namespace
}  // namespace promster
