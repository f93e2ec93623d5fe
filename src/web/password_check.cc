#include "web/password_check.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/ascii_case.h"

namespace promster {
namespace {

constexpr std::size_t kHashSize = 60;
constexpr int kLeastCost = 4;
constexpr int kMostCost = 14;                 // about a second
constexpr std::size_t kMostRemembered = 128;  // right passwords only: few more than users

int cost_of(std::string_view hash) {
  return (hash[4] - '0') * 10 + (hash[5] - '0');
}

bool starts_basic(std::string_view header) {
  constexpr std::string_view kBasic = "basic ";
  return header.size() > kBasic.size() &&
         equal_without_case(header.substr(0, kBasic.size()), kBasic);
}

std::optional<std::string> base64_decoded(std::string_view text) {
  const std::size_t padding = text.size() - text.find_last_not_of('=') - 1;
  if (text.empty() || text.size() % 4 != 0 || padding > 2) return std::nullopt;
  std::string decoded(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  decoded.resize(static_cast<std::size_t>(size) - padding);
  return decoded;
}

// The hash of a password under the salt and cost of `setting`, itself a hash or a new salt.
std::string crypted(const std::string& password, const std::string& setting) {
  const auto scratch = std::make_unique<crypt_data>();
  const char* hash = ::crypt_r(password.c_str(), setting.c_str(), scratch.get());
  std::string result(hash == nullptr ? "" : hash);
  OPENSSL_cleanse(scratch.get(), sizeof *scratch);
  return result;
}

std::optional<std::string> fresh_salt(int cost) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> salt{};
  const char* made = ::crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost), nullptr, 0,
                                        salt.data(), static_cast<int>(salt.size()));
  if (made == nullptr) return std::nullopt;
  return made;
}

void append_with_length(std::string& text, const std::string& part) {
  text.append(std::to_string(part.size())).append(":").append(part);
}

}  // namespace

std::optional<Credentials> read_basic_authorization(const std::string* header) {
  if (header == nullptr || !starts_basic(*header)) return std::nullopt;
  const auto decoded = base64_decoded(std::string_view(*header).substr(6));
  const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos || decoded->find('\0') != std::string::npos) return std::nullopt;
  return Credentials{.user = decoded->substr(0, colon), .password = decoded->substr(colon + 1)};
}

PasswordCheck::PasswordCheck(std::map<std::string, std::string> users) : users_(std::move(users)) {
  int cost = kLeastCost;
  for (const auto& [user, hash] : users_) cost = std::max(cost, cost_of(hash));
  const auto salt = fresh_salt(cost);
  if (!salt || RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1) std::abort();
  nobody_ = *salt;  // a salt alone is no hash, but costs one to compare with
}

const std::string& PasswordCheck::hash_of(const std::string& user) const {
  const auto found = users_.find(user);
  return found == users_.end() ? nobody_ : found->second;
}

std::string PasswordCheck::digest(const Credentials& credentials) const {
  std::string text;
  append_with_length(text, credentials.user);
  append_with_length(text, hash_of(credentials.user));
  append_with_length(text, credentials.password);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           &size) == nullptr) {
    std::abort();
  }
  OPENSSL_cleanse(text.data(), text.size());
  return {reinterpret_cast<const char*>(digest.data()), size};
}

bool PasswordCheck::knows(const Credentials& credentials) const {
  return known_.contains(digest(credentials));
}

bool PasswordCheck::verify(const Credentials& credentials) const {
  const std::string& expected = hash_of(credentials.user);
  const std::string got = crypted(credentials.password, expected);
  return got.size() == kHashSize && got.size() == expected.size() &&
         CRYPTO_memcmp(got.data(), expected.data(), got.size()) == 0;
}

void PasswordCheck::remember(const Credentials& credentials) {
  if (known_.size() >= kMostRemembered) known_.clear();
  known_.insert(digest(credentials));
}

bool is_bcrypt_hash(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_base64 = [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '/'; };
  if (text.size() != kHashSize || !text.starts_with("$2") || text[3] != '$' || text[6] != '$') {
    return false;
  }
  if (std::string_view("aby").find(text[2]) == std::string_view::npos) return false;
  return is_digit(text[4]) && is_digit(text[5]) && cost_of(text) >= kLeastCost &&
         cost_of(text) <= kMostCost && std::ranges::all_of(text.substr(7), is_base64);
}

std::optional<std::string> bcrypt_hash(const std::string& password, int cost) {
  const auto salt = fresh_salt(cost);
  if (!salt) return std::nullopt;
  std::string hash = crypted(password, *salt);
  if (!is_bcrypt_hash(hash)) return std::nullopt;
  return hash;
}

}  // namespace promster
