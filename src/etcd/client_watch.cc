#include "etcd/client_watch.h"

#include <utility>

#include "etcd/watch_assembler.h"

namespace promster {
namespace {

constexpr Duration kCreatedWithin{5000};

class ClientWatch final : public EtcdWatch {
 public:
  explicit ClientWatch(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}

  EtcdResult<void> start(const WatchRequest& request) {
    if (auto sent = stream_->send(encode_watch(request)); !sent) return sent.error();
    auto created = answer(std::chrono::steady_clock::now() + kCreatedWithin);
    if (!created) return created.error();
    if (!*created) return EtcdError{EtcdError::Code::kDeadline, "no answer"};
    created_ = std::move(*created);
    return {};
  }

  EtcdResult<std::optional<WatchResponse>> next_until(std::optional<SteadyTime> deadline) override {
    if (created_) return std::exchange(created_, std::nullopt);
    return answer(deadline);
  }

 private:
  EtcdResult<std::optional<WatchResponse>> answer(std::optional<SteadyTime> deadline) {
    for (;;) {
      auto bytes = stream_->receive(deadline);
      if (!bytes && is_late(bytes.error(), deadline)) return std::optional<WatchResponse>();
      if (!bytes) return bytes.error();
      auto message = decode_watch(*bytes);
      if (!message) return message.error();
      auto whole = assembler_.add(std::move(message).value());
      if (!whole) return whole.error();
      if (*whole) return std::move(*whole);
    }
  }

  // Whether our deadline has passed; etcd's own would have ended the stream.
  static bool is_late(const EtcdError& error, std::optional<SteadyTime> deadline) {
    return error.code == EtcdError::Code::kDeadline && deadline &&
           std::chrono::steady_clock::now() >= *deadline;
  }

  std::unique_ptr<Stream> stream_;
  WatchAssembler assembler_;
  std::optional<WatchResponse> created_;
};

}  // namespace

EtcdResult<std::unique_ptr<EtcdWatch>> start_watch(std::unique_ptr<Stream> stream,
                                                   const WatchRequest& request) {
  auto watch = std::make_unique<ClientWatch>(std::move(stream));
  if (auto started = watch->start(request); !started) return started.error();
  return std::unique_ptr<EtcdWatch>(std::move(watch));
}

}  // namespace promster
