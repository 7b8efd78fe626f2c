# LibTorch as the C++ libraries and headers inside a PyTorch installation.
#
# Set LIBTORCH_ROOT to a LibTorch folder or to the `torch` folder of a Python environment
# (it has include/ and lib/). scripts/setup.sh passes the pinned wheel's.
#
# Defines the target LibTorch::torch. Only torch_cpu and c10 are linked: where a driver is present
# the program loads libtorch_cuda.so at run time (core/policy/Device.h).

set(LIBTORCH_ROOT "$ENV{LIBTORCH_ROOT}" CACHE PATH "Folder with LibTorch's include/ and lib/")

find_path(LibTorch_INCLUDE_DIR ATen/ATen.h PATHS "${LIBTORCH_ROOT}/include" NO_DEFAULT_PATH)
find_library(LibTorch_CPU_LIBRARY torch_cpu PATHS "${LIBTORCH_ROOT}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_C10_LIBRARY c10 PATHS "${LIBTORCH_ROOT}/lib" NO_DEFAULT_PATH)

if(LibTorch_INCLUDE_DIR)
    file(STRINGS "${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h" LibTorch_version_lines
         REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
    string(REGEX REPLACE "[^0-9]+" "." LibTorch_VERSION "${LibTorch_version_lines}")
    string(REGEX REPLACE "^\\.|\\.$" "" LibTorch_VERSION "${LibTorch_VERSION}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
    REQUIRED_VARS LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
    VERSION_VAR LibTorch_VERSION
    REASON_FAILURE_MESSAGE "Set LIBTORCH_ROOT to a LibTorch folder, or run scripts/setup.sh, which installs the pinned one.")

if(LibTorch_FOUND AND NOT TARGET LibTorch::torch)
    add_library(LibTorch::c10 UNKNOWN IMPORTED)
    set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION "${LibTorch_C10_LIBRARY}")
    add_library(LibTorch::torch_cpu UNKNOWN IMPORTED)
    set_target_properties(LibTorch::torch_cpu PROPERTIES IMPORTED_LOCATION "${LibTorch_CPU_LIBRARY}")

    add_library(LibTorch::torch INTERFACE IMPORTED)
    target_include_directories(LibTorch::torch SYSTEM INTERFACE
        "${LibTorch_INCLUDE_DIR}" "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
    # The wheel's torch_cpu names CUDA's runtime and profiler libraries, which its own RPATH finds
    # beside it at run time; the linker need not.
    target_link_options(LibTorch::torch INTERFACE -Wl,--allow-shlib-undefined)
    target_link_libraries(LibTorch::torch INTERFACE LibTorch::torch_cpu LibTorch::c10)
endif()
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY)
