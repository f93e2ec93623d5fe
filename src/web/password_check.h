#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace promster {

// What a client says it is (RFC 7617).
struct Credentials {
  std::string user;
  std::string password;
};

// Reads an Authorization header. Nothing where it is no well-formed "Basic ..."; a password that
// holds a NUL, which bcrypt would end at, is none.
std::optional<Credentials> read_basic_authorization(const std::string* header);

// Who may ask: names with bcrypt hashes, exporter-toolkit's basic_auth_users. Comparing with a hash
// is slow on purpose, so what was found right once is remembered: not the password, but a HMAC,
// with a key of this process, of user, hash and password, each with its length, so that no two
// triples can look alike (GHSA-4v48-4q5m-8vx4). An unknown user costs as much as a known one.
//
// Thread rule: verify() from any thread; the rest from one.
class PasswordCheck {
 public:
  // REQUIRES: the hashes are bcrypt's (is_bcrypt_hash).
  explicit PasswordCheck(std::map<std::string, std::string> users);

  // Whether they were remembered.
  bool knows(const Credentials& credentials) const;
  // Compares with the hash: milliseconds to seconds.
  bool verify(const Credentials& credentials) const;
  // After verify() said yes.
  void remember(const Credentials& credentials);

 private:
  std::string digest(const Credentials& credentials) const;
  const std::string& hash_of(const std::string& user) const;

  std::map<std::string, std::string> users_;
  std::string nobody_;  // a hash that no password has
  std::array<unsigned char, 32> key_;
  std::set<std::string> known_;
};

// "$2a$10$...", also 2b and 2y, of a cost that does not take longer than seconds.
bool is_bcrypt_hash(std::string_view text);

// A hash for basic_auth_users, with fresh salt. Nothing where the system has no randomness.
// REQUIRES: the password has 72 bytes at most, more than which bcrypt does not look at, and no NUL.
std::optional<std::string> bcrypt_hash(const std::string& password, int cost = 10);

}  // namespace promster
