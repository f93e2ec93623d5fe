#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "base/process.h"
#include "cluster/temp_dir.h"

namespace promster {

// A certificate authority of a test, in a directory of its own: `ca.crt`, and what it signs.
class TestCa {
 public:
  TestCa() : dir_(TempDir::make("ca").value()) {
    new_key("ca");
    openssl({"req", "-x509", "-new", "-key", file("ca.key"), "-subj", "/CN=test ca", "-days", "2",
             "-out", file("ca.crt")});
    std::ofstream(file("ext")) << "subjectAltName=IP:127.0.0.1\n"
                                  "extendedKeyUsage=serverAuth,clientAuth\n";
  }

  // Makes `name`.key and `name`.crt, good for 127.0.0.1.
  void sign(const std::string& name) {
    new_key(name);
    openssl({"req", "-new", "-key", file(name + ".key"), "-subj", "/CN=" + name, "-out",
             file(name + ".csr")});
    openssl({"x509", "-req", "-in", file(name + ".csr"), "-CA", file("ca.crt"), "-CAkey",
             file("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", file("ext"), "-out",
             file(name + ".crt")});
  }

  std::string file(const std::string& name) const { return dir_.file(name); }

 private:
  void new_key(const std::string& name) {
    openssl({"ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file(name + ".key")});
  }

  static void openssl(std::vector<std::string> argv) {
    argv.insert(argv.begin(), "openssl");
    const auto ran = run_program(argv, Duration(10'000));
    ASSERT_TRUE(ran.ok()) << ran.error().message;
    ASSERT_EQ(ran->status.code, 0) << ran->text;
  }

  TempDir dir_;
};

}  // namespace promster
