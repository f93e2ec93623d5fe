#pragma once

#include <sys/types.h>

#include <string>

namespace promster {

// Whether a running process is known to be unable to read a file, by the file's mode: false where
// it may, or where that cannot be told (a process of another user namespace, a file that is not
// there). What proc(5) says of its users, groups and capabilities decides; the folders above the
// file are not looked at. Any thread.
bool surely_cannot_read(pid_t process, const std::string& file);

}  // namespace promster
