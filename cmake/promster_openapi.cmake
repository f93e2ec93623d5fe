# Tests that get answers of the API record them (src/web/api_record_for_test.h); the test
# openapi/answers then holds them against src/web/openapi.yaml. ctest runs openapi/clear before the
# first of them, and all of them where openapi/answers is asked for.
set(PROMSTER_ANSWERS ${CMAKE_BINARY_DIR}/openapi-answers)

# Says of tests of the current folder that they record.
function(promster_records_answers)
  if(NOT PROMSTER_TESTS)
    return()
  endif()
  set_property(TEST ${ARGN} APPEND PROPERTY FIXTURES_REQUIRED openapi_folder)
  set_property(TEST ${ARGN} APPEND PROPERTY FIXTURES_SETUP openapi_answers)
endfunction()

# The two tests themselves.
function(promster_openapi_tests)
  if(NOT PROMSTER_TESTS)
    return()
  endif()
  # Debian's own first: that is where the packages of scripts/packages are.
  find_program(PROMSTER_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(PROMSTER_PYTHON python3 REQUIRED)
  add_test(NAME openapi/clear COMMAND ${CMAKE_COMMAND} -E rm -rf ${PROMSTER_ANSWERS})
  set_property(TEST openapi/clear PROPERTY FIXTURES_SETUP openapi_folder)
  add_test(NAME openapi/answers
    COMMAND ${PROMSTER_PYTHON} ${CMAKE_SOURCE_DIR}/test/openapi/validate.py
      ${CMAKE_SOURCE_DIR}/src/web/openapi.yaml ${PROMSTER_ANSWERS})
  set_property(TEST openapi/answers PROPERTY FIXTURES_REQUIRED openapi_answers)
endfunction()
