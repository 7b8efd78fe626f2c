#pragma once
#include <filesystem>
#include <fstream>

/// Where tests find things. Nothing outside the repository and the build folder is needed;
/// the shared data set beside the checkout is used where it is there.
namespace sqil::test {

inline std::filesystem::path sample() {
    return SQIL_SAMPLE_DIR;
}
inline std::filesystem::path testData() {
    return SQIL_TEST_DATA_DIR;
}
inline std::filesystem::path reference() {
    return SQIL_REFERENCE_DIR;
}
inline std::filesystem::path programs() {
    return SQIL_BIN_DIR;
}
inline std::filesystem::path sharedData() {
    return testData().parent_path().parent_path() / "shared" / "data";
}

}  // namespace sqil::test
