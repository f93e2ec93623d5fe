# What is made from the program's own tables: `cmake --build build --target docs` writes the manual
# pages to man/ and the completions to completion/ of the build directory.
set(completion ${CMAKE_BINARY_DIR}/completion)
add_custom_target(docs
  COMMAND ${CMAKE_COMMAND} -E make_directory ${completion}
  COMMAND promster docs man ${CMAKE_BINARY_DIR}/man
  COMMAND promster completion bash > ${completion}/promster.bash
  COMMAND promster completion zsh > ${completion}/_promster
  COMMAND promster completion fish > ${completion}/promster.fish
  COMMENT "manual pages and completions"
  VERBATIM)
