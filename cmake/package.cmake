# What is installed, and the Debian package of it: `cmake --build build --target deb` leaves
# build/package/promster_<version>_<architecture>.deb. Two builds of one source give equal bytes.
set(PROMSTER_PACKAGE_MAINTAINER "promster developers <promster@promster.invalid>" CACHE STRING
    "who answers for the Debian package: who builds it, with a real address")
# Sorts below what Debian itself may once upload.
set(PROMSTER_PACKAGE_RELEASE 0upstream1)
set(PROMSTER_PACKAGE_VERSION ${PROJECT_VERSION}-${PROMSTER_PACKAGE_RELEASE})
set(debian ${CMAKE_SOURCE_DIR}/deploy/debian)
set(staged ${CMAKE_BINARY_DIR}/package/staged)
configure_file(${debian}/changelog.in ${CMAKE_BINARY_DIR}/package/changelog @ONLY)

add_custom_target(package_documents
  COMMAND ${debian}/stage ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR} ${staged}
          ${CMAKE_BINARY_DIR}/package/changelog
  COMMENT "manual pages, completions and documents of the package"
  VERBATIM)
add_dependencies(package_documents docs)

# `cmake --install build --prefix DIR` takes the program, and its documents where they were built
# (target package_documents). The rest belongs below / and only into the package.
install(TARGETS promster RUNTIME DESTINATION bin COMPONENT program)
install(DIRECTORY ${staged}/share/ DESTINATION share COMPONENT program OPTIONAL)
install(FILES ${debian}/promster.service DESTINATION /lib/systemd/system
        COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES ${debian}/promster.default DESTINATION /etc/default RENAME promster
        COMPONENT debian EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};promster;program;/"
                                 "${CMAKE_BINARY_DIR};promster;debian;/")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME promster)
set(CPACK_PACKAGE_CONTACT ${PROMSTER_PACKAGE_MAINTAINER})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${PROMSTER_PACKAGE_RELEASE})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS prometheus)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS etcd-server)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${debian}/conffiles ${debian}/postinst ${debian}/prerm
                                       ${debian}/postrm)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "shares scrape targets among Prometheus servers")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"promster runs beside each Prometheus server and makes a cluster of them.
Through etcd it registers its node, finds the sibling nodes and the
scrape targets, takes its fair share of the targets, writes the
configuration, the rules and the target file, and reloads Prometheus.
.
The cluster grows and shrinks by starting and stopping nodes. With
recording rules and federation such clusters stack into levels, and the
number at the top answers for a whole fleet.")
include(CPack)

# The moment of the newest entry of deploy/debian/changelog.in, for all times in the package.
set(PROMSTER_PACKAGE_EPOCH 1795392000)
add_custom_target(deb
  COMMAND ${CMAKE_COMMAND} -E env SOURCE_DATE_EPOCH=${PROMSTER_PACKAGE_EPOCH}
          sh -c "umask 022 && exec \"$0\" --config \"$1\"" ${CMAKE_CPACK_COMMAND}
          ${CMAKE_BINARY_DIR}/CPackConfig.cmake
  WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
  COMMENT "Debian package"
  VERBATIM)
add_dependencies(deb promster package_documents)
