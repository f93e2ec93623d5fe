find_package(Threads REQUIRED)

# Makes one folder a static library, promster_<name>, of all its .cc files, and one test program of
# each *_test.cc in it, which ctest knows as <name>/<file>.
#   LINKS        what the library links, public: the folders below
#   PRIVATE      third-party libraries, seen by its .cc files only
#   TEST_LINKS   what its tests link beside it
function(promster_folder name)
  cmake_parse_arguments(ARG "" "" "LINKS;PRIVATE;TEST_LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  add_library(promster_${name} STATIC ${sources})
  target_include_directories(promster_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  target_link_libraries(promster_${name} PUBLIC ${ARG_LINKS} PRIVATE ${ARG_PRIVATE} Threads::Threads)
  promster_tests(${name} promster_${name} ${ARG_TEST_LINKS})
endfunction()

# One test program of each *_test.cc of the current folder, linked to the libraries named.
function(promster_tests name)
  if(NOT PROMSTER_TESTS)
    return()
  endif()
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cc)
  foreach(file ${tests})
    get_filename_component(stem ${file} NAME_WE)
    set(program ${name}_${stem})
    add_executable(${program} ${file})
    target_link_libraries(${program} PRIVATE ${ARGN} GTest::gtest_main rapidcheck)
    # Tests are compiled for speed of the build; what they call is not.
    target_compile_options(${program} PRIVATE -O0 -U_FORTIFY_SOURCE)
    promster_test_paths(${program} ${file})
    add_test(NAME ${name}/${stem} COMMAND ${program})
    set_tests_properties(${name}/${stem} PROPERTIES TIMEOUT 300)
  endforeach()
endfunction()

# Tells a test where the source, the build directory and the program are. Only one that asks: a path in
# the flags of the others would keep a compiler cache from serving two checkouts.
function(promster_test_paths program file)
  file(STRINGS ${file} asks LIMIT_COUNT 1
    REGEX "PROMSTER_(SOURCE_DIR|BINARY)|/(api_record|api_server|metrics_reference)_for_test\\.h")
  if(asks)
    target_compile_definitions(${program} PRIVATE
      PROMSTER_SOURCE_DIR="${CMAKE_SOURCE_DIR}" PROMSTER_BINARY_DIR="${CMAKE_BINARY_DIR}"
      PROMSTER_BINARY="$<TARGET_FILE:promster>")
  endif()
endfunction()
