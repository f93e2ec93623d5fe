#include "etcd/transport.h"

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.h"
#include "etcd/failure.h"

namespace promster {
namespace {

constexpr int kMostReceived = 64 << 20;
constexpr std::string_view kPlain = "http://";
constexpr std::string_view kTls = "https://";
constexpr const char* kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";

EtcdError failure(const grpc::Status& status) {
  return etcd_failure(static_cast<int>(status.error_code()), status.error_message());
}

gpr_timespec in(Duration duration) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_millis(duration.count(), GPR_TIMESPAN));
}

gpr_timespec until(std::optional<SteadyTime> deadline) {
  if (!deadline) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  return in(std::chrono::ceil<Duration>(*deadline - std::chrono::steady_clock::now()));
}

grpc::ByteBuffer buffer_of(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string bytes_of(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

void prepare(grpc::ClientContext& context, const CallOptions& options) {
  if (!options.token.empty()) context.AddMetadata("token", options.token);
  if (options.require_leader) context.AddMetadata("hasleader", "true");
}

// What a stop does to a call. TryCancel is safe from any thread, and before the call has begun.
class CancelOnStop {
 public:
  CancelOnStop(std::stop_token stop, grpc::ClientContext& context)
      : callback_(std::move(stop), [&context] { context.TryCancel(); }) {}

 private:
  std::stop_callback<std::function<void()>> callback_;
};

// gRPC's blocking streams cannot wait with a deadline; its asynchronous ones can, on a queue of
// their own that this thread alone serves.
class GrpcStream final : public Stream {
 public:
  GrpcStream(std::shared_ptr<grpc::Channel> channel, const CallOptions& options)
      : stub_(std::move(channel)), cancel_(options.stop, context_) {
    prepare(context_, options);
    call_ = stub_.PrepareCall(&context_, options.method, &queue_);
  }

  ~GrpcStream() override {
    context_.TryCancel();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {  // operations under way still write to our members
    }
  }

  EtcdResult<void> start() {
    call_->StartCall(&started_);
    return end_of(started_);
  }

  EtcdResult<void> send(const std::string& bytes) override {
    if (ended_) return *ended_;
    call_->Write(buffer_of(bytes), &written_);
    return end_of(written_);
  }

  EtcdResult<std::string> receive(std::optional<SteadyTime> deadline) override {
    if (ended_) return *ended_;
    if (!read_.under_way) {
      read_ = Operation{.under_way = true};
      call_->Read(&incoming_, &read_);
    }
    if (!wait_for(read_, until(deadline)))
      return EtcdError{EtcdError::Code::kDeadline, "no answer"};
    if (!read_.ok) return end_status();
    return bytes_of(incoming_);
  }

 private:
  // Its address is the tag of an operation.
  struct Operation {
    bool under_way = false;
    bool ok = false;
  };

  // Serves the queue until the operation has ended; false says that the deadline came first.
  bool wait_for(const Operation& operation, gpr_timespec deadline) {
    while (operation.under_way) {
      void* tag = nullptr;
      bool ok = false;
      if (queue_.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) return false;
      *static_cast<Operation*>(tag) = Operation{.under_way = false, .ok = ok};
    }
    return true;
  }

  // Starting ends when there is a connection or none to be had, writing when the bytes are handed
  // over: gRPC bounds both.
  EtcdResult<void> end_of(Operation& operation) {
    operation.under_way = true;
    wait_for(operation, gpr_inf_future(GPR_CLOCK_MONOTONIC));
    if (!operation.ok) return end_status();
    return {};
  }

  // Why the stream has ended. REQUIRES: an operation was not ok.
  EtcdError end_status() {
    wait_for(read_, gpr_inf_future(GPR_CLOCK_MONOTONIC));
    grpc::Status status;
    finished_.under_way = true;
    call_->Finish(&status, &finished_);
    wait_for(finished_, gpr_inf_future(GPR_CLOCK_MONOTONIC));
    ended_ = status.ok() ? EtcdError{EtcdError::Code::kUnavailable, "etcd ended the stream"}
                         : failure(status);
    return *ended_;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer incoming_;
  Operation started_, written_, read_, finished_;
  std::optional<EtcdError> ended_;
  CancelOnStop cancel_;
};

class GrpcTransport final : public Transport {
 public:
  explicit GrpcTransport(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)) {}

  EtcdResult<std::string> call(const CallOptions& options, const std::string& request) override {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    prepare(context, options);
    context.set_deadline(in(options.within));
    const CancelOnStop cancel(options.stop, context);
    const auto call = stub.PrepareUnaryCall(&context, options.method, buffer_of(request), &queue);
    grpc::ByteBuffer response;
    grpc::Status status;
    call->StartCall();
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    if (!status.ok()) return failure(status);
    return bytes_of(response);
  }

  EtcdResult<std::unique_ptr<Stream>> open(const CallOptions& options) override {
    auto stream = std::make_unique<GrpcStream>(channel_, options);
    if (auto started = stream->start(); !started) return started.error();
    return std::unique_ptr<Stream>(std::move(stream));
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
};

grpc::ChannelArguments arguments(const TransportOptions& options) {
  const int dial_ms = static_cast<int>(options.dial_timeout.count());
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMostReceived);
  // etcd refuses pings more often than every 5 s, and any without a call (GOAWAY, too_many_pings).
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Clients that share a process must not share a connection that one of them has found dead.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // The least back-off is also how long gRPC tries to connect.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, dial_ms);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  return arguments;
}

EtcdResult<std::string> pem(const std::string& path) {
  if (path.empty()) return std::string();
  auto text = read_file(path);
  if (!text) return EtcdError{EtcdError::Code::kOther, text.error().message};
  return std::move(text).value();
}

EtcdResult<std::shared_ptr<grpc::ChannelCredentials>> credentials(const TransportOptions& options) {
  if (options.endpoint.starts_with(kPlain)) return grpc::InsecureChannelCredentials();
  auto ca = pem(options.ca_file.empty() ? kSystemCertificates : options.ca_file);
  if (!ca) return ca.error();
  auto cert = pem(options.cert_file);
  if (!cert) return cert.error();
  auto key = pem(options.key_file);
  if (!key) return key.error();
  return grpc::SslCredentials({.pem_root_certs = std::move(ca).value(),
                               .pem_private_key = std::move(key).value(),
                               .pem_cert_chain = std::move(cert).value()});
}

std::optional<std::string> address_of(const std::string& endpoint) {
  for (const std::string_view scheme : {kPlain, kTls}) {
    if (endpoint.starts_with(scheme)) return endpoint.substr(scheme.size());
  }
  return std::nullopt;
}

}  // namespace

EtcdResult<std::unique_ptr<Transport>> Transport::make(const TransportOptions& options) {
  // gRPC's own lines on standard error say nothing that the error does not, and are no log of ours.
  gpr_set_log_function([](gpr_log_func_args*) {});
  const auto address = address_of(options.endpoint);
  if (!address) {
    return EtcdError{EtcdError::Code::kOther, "an endpoint starts with http:// or https://"};
  }
  auto secrets = credentials(options);
  if (!secrets) return secrets.error();
  auto channel = grpc::CreateCustomChannel("dns:///" + *address, *secrets, arguments(options));
  return std::unique_ptr<Transport>(std::make_unique<GrpcTransport>(std::move(channel)));
}

}  // namespace promster
