# Warnings, sanitizers and the compiler cache, for every target of the project.

# GCC 12 sees overlapping and oversized copies in std::string where there are none.
add_compile_options(-Wall -Wextra $<$<NOT:$<COMPILE_LANGUAGE:CUDA>>:-Wpedantic> -Wno-unused-parameter -Wno-missing-field-initializers
                    -Wno-restrict -Wno-stringop-overflow)
include_directories(${CMAKE_SOURCE_DIR})

if(SQIL_SANITIZE)
    add_compile_options(-fsanitize=${SQIL_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${SQIL_SANITIZE})
endif()

# Precompiled headers need the two sloppiness flags; the base directory lets one cache serve
# several checkouts.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    set(sqil_ccache ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
    set(CMAKE_C_COMPILER_LAUNCHER ${sqil_ccache})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${sqil_ccache})
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
endif()
