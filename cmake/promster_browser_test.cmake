# What test/page_browser_test.cc needs beside itself: its modules from npm, in the build directory,
# and a browser. Where one of them is not there, the test is skipped and says why.
function(promster_browser_test)
  if(NOT PROMSTER_TESTS)
    return()
  endif()
  promster_records_answers(test/page_browser_test)
  find_program(CHROMIUM NAMES chromium chromium-browser)
  if(NOT PROMSTER_UI OR NOT CHROMIUM)
    target_compile_definitions(test_page_browser_test PRIVATE PROMSTER_BROWSER="")
    return()
  endif()
  target_compile_definitions(test_page_browser_test PRIVATE PROMSTER_BROWSER="${CHROMIUM}")
  set(folder ${CMAKE_BINARY_DIR}/browser)
  file(MAKE_DIRECTORY ${folder})
  set(packages ${CMAKE_SOURCE_DIR}/test/browser/package.json
               ${CMAKE_SOURCE_DIR}/test/browser/package-lock.json)
  add_custom_command(OUTPUT ${folder}/modules.stamp
    COMMAND ${CMAKE_COMMAND} -E copy ${packages} ${folder}
    COMMAND ${NPM} ci --ignore-scripts --include=dev --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${folder}/modules.stamp
    DEPENDS ${packages} WORKING_DIRECTORY ${folder} COMMENT "browser test: npm ci" VERBATIM)
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/test/browser/*.mjs)
  add_custom_command(OUTPUT ${folder}/scripts.stamp
    COMMAND ${CMAKE_COMMAND} -E copy ${scripts} ${folder}
    COMMAND ${CMAKE_COMMAND} -E touch ${folder}/scripts.stamp
    DEPENDS ${scripts} VERBATIM)
  add_custom_target(promster_browser_scripts
    DEPENDS ${folder}/modules.stamp ${folder}/scripts.stamp)
  add_dependencies(test_page_browser_test promster_browser_scripts)
endfunction()
