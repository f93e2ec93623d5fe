# What is built from ui/: style, icon and, where npm is there, the script of the page. All happens in
# the build directory; the source tree is only read.

find_program(NPM npm)
if(NPM)
  option(PROMSTER_UI "build the live page (npm)" ON)
else()
  option(PROMSTER_UI "build the live page (npm)" OFF)
endif()
if(PROMSTER_UI AND NOT NPM)
  message(FATAL_ERROR "PROMSTER_UI needs npm; try: apt-get install npm, or -DPROMSTER_UI=OFF")
endif()
if(NOT PROMSTER_UI)
  message(STATUS "without npm: the page is rendered by the server only, and is not live")
endif()

set(PAGE_SOURCE ${CMAKE_SOURCE_DIR}/ui)
set(PAGE_BINARY ${CMAKE_BINARY_DIR}/ui)

# Installs what the lock file names, and nothing else, and runs no script of a package.
function(promster_page_modules stamp)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -E copy ${PAGE_SOURCE}/package.json ${PAGE_SOURCE}/package-lock.json
            ${PAGE_BINARY}
    COMMAND ${NPM} ci --ignore-scripts --include=dev --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${PAGE_SOURCE}/package.json ${PAGE_SOURCE}/package-lock.json
    WORKING_DIRECTORY ${PAGE_BINARY}
    COMMENT "page: npm ci"
    VERBATIM)
endfunction()

# Checks the types against the API's contract, and makes the scripts: ARGN.
function(promster_page_scripts)
  set(stamp ${PAGE_BINARY}/modules.stamp)
  set(contract ${CMAKE_SOURCE_DIR}/src/web/openapi.yaml)
  promster_page_modules(${stamp})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PAGE_SOURCE}/src/*.ts ${PAGE_SOURCE}/src/*.tsx)
  list(FILTER sources EXCLUDE REGEX "openapi\\.d\\.ts$")
  add_custom_command(OUTPUT ${ARGN}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${PAGE_BINARY}/src
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${PAGE_SOURCE}/src ${PAGE_BINARY}/src
    COMMAND ${CMAKE_COMMAND} -E copy ${PAGE_SOURCE}/tsconfig.json ${PAGE_BINARY}
    COMMAND ${CMAKE_COMMAND} -E env OPENAPI=${contract} ${NPM} run --silent build
    DEPENDS ${stamp} ${sources} ${contract} ${PAGE_SOURCE}/tsconfig.json
    WORKING_DIRECTORY ${PAGE_BINARY}
    COMMENT "page: types, bundle"
    VERBATIM)
endfunction()

# The style without its comments and spaces, where esbuild is there; as it is, where not.
function(promster_page_style output)
  if(PROMSTER_UI)
    set(stamp ${PAGE_BINARY}/modules.stamp)
    set(pack ${PAGE_BINARY}/node_modules/.bin/esbuild ${PAGE_SOURCE}/style.css --minify
             --outfile=${output} --log-level=warning)
  else()
    set(pack ${CMAKE_COMMAND} -E copy ${PAGE_SOURCE}/style.css ${output})
  endif()
  add_custom_command(OUTPUT ${output} COMMAND ${pack}
    DEPENDS ${PAGE_SOURCE}/style.css ${stamp} COMMENT "page: style" VERBATIM)
endfunction()

# The same bytes for the same file: gzip keeps neither its name nor its time.
function(promster_gzip file)
  add_custom_command(OUTPUT ${file}.gz COMMAND gzip -9 -n -k -f ${file} DEPENDS ${file} VERBATIM)
endfunction()

# Puts the files of the page into `source` (src/web/embedded_assets.cc) of a target.
function(promster_embed_page target source)
  file(MAKE_DIRECTORY ${PAGE_BINARY}/dist)
  set(style ${PAGE_BINARY}/dist/style.css)
  set(icon ${PAGE_BINARY}/dist/icon.svg)
  set(definitions PROMSTER_STYLE="${style}" PROMSTER_ICON="${icon}")
  promster_page_style(${style})
  add_custom_command(OUTPUT ${icon} COMMAND ${CMAKE_COMMAND} -E copy ${PAGE_SOURCE}/icon.svg ${icon}
    DEPENDS ${PAGE_SOURCE}/icon.svg VERBATIM)
  set(files ${style} ${icon})
  if(PROMSTER_UI)
    set(script ${PAGE_BINARY}/dist/app.js)
    set(first ${PAGE_BINARY}/dist/first.js)
    promster_page_scripts(${script} ${first})
    list(APPEND files ${script} ${first})
    list(APPEND definitions PROMSTER_SCRIPT="${script}" PROMSTER_FIRST_SCRIPT="${first}")
  endif()
  foreach(file ${files})
    promster_gzip(${file})
    list(APPEND embedded ${file} ${file}.gz)
  endforeach()
  # A target of its own, which waits for no library.
  add_custom_target(promster_page DEPENDS ${embedded})
  add_dependencies(${target} promster_page)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${embedded}")
  set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS ${definitions})
endfunction()
