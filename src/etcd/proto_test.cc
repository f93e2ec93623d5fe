// Our .proto says the same as etcd's own, as Debian ships it, wherever it says something.

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/process.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

namespace pb = google::protobuf;

// golang-etcd-server-dev, and what its files import.
const std::string kGo = "/usr/share/gocode/src/";
const std::string kEtcd = kGo + "go.etcd.io/etcd/";

// One line for each thing that shows on the wire: "RangeRequest.key" -> "1 optional bytes".
using Facts = std::map<std::string, std::string>;

// Without its package: etcd keeps two of the messages in mvccpb.
std::string local_name(const std::string& type) {
  return type.substr(type.rfind('.') + 1);
}

void add_message(const pb::DescriptorProto& message, Facts& facts) {
  for (const auto& field : message.field()) {
    facts[message.name() + "." + field.name()] =
        std::to_string(field.number()) + " " + pb::FieldDescriptorProto::Label_Name(field.label()) +
        " " + pb::FieldDescriptorProto::Type_Name(field.type()) + " " +
        local_name(field.type_name()) + (field.has_oneof_index() ? " in a oneof" : "");
  }
  for (const auto& type : message.enum_type()) {
    for (const auto& value : type.value()) {
      facts[message.name() + "." + type.name() + "." + value.name()] =
          std::to_string(value.number());
    }
  }
}

void add_service(const std::string& package, const pb::ServiceDescriptorProto& service,
                 Facts& facts) {
  for (const auto& method : service.method()) {
    facts[package + "." + service.name() + "/" + method.name()] =
        std::string(method.client_streaming() ? "stream " : "") + local_name(method.input_type()) +
        " -> " + (method.server_streaming() ? "stream " : "") + local_name(method.output_type());
  }
}

void add_file(const std::string& path, const std::vector<std::string>& include, Facts& facts) {
  const auto there = read_file(path);
  ASSERT_TRUE(there.ok()) << there.error().message
                          << "; install golang-etcd-server-dev (scripts/test does)";
  const auto dir = TempDir::make();
  ASSERT_TRUE(dir.ok());
  std::vector<std::string> argv{"protoc", "--descriptor_set_out=" + dir->file("set"), path};
  for (const std::string& folder : include) argv.push_back("-I" + folder);
  const auto ran = run_program(argv, Duration(30'000));
  ASSERT_TRUE(ran.ok()) << ran.error().message;
  pb::FileDescriptorSet set;
  ASSERT_TRUE(set.ParseFromString(read_file(dir->file("set")).value())) << ran->text;
  ASSERT_EQ(set.file_size(), 1);
  for (const auto& message : set.file(0).message_type()) add_message(message, facts);
  for (const auto& service : set.file(0).service()) {
    add_service(set.file(0).package(), service, facts);
  }
}

TEST(Proto, AgreesWithEtcds) {
  const std::vector<std::string> imports{
      kGo + "go.etcd.io", kGo + "github.com/gogo/protobuf",
      kGo + "github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis"};
  const std::string own = std::string(PROMSTER_SOURCE_DIR) + "/proto";
  Facts ours, theirs;
  ASSERT_NO_FATAL_FAILURE(add_file(own + "/etcd.proto", {own}, ours));
  ASSERT_NO_FATAL_FAILURE(add_file(kEtcd + "etcdserver/etcdserverpb/rpc.proto", imports, theirs));
  ASSERT_NO_FATAL_FAILURE(add_file(kEtcd + "mvcc/mvccpb/kv.proto", imports, theirs));
  ASSERT_GT(ours.size(), 50u);
  for (const auto& [name, fact] : ours) {
    const auto found = theirs.find(name);
    ASSERT_NE(found, theirs.end()) << "etcd does not know " << name;
    EXPECT_EQ(fact, found->second) << name;
  }
}

}  // namespace
}  // namespace promster
