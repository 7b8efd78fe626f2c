#include "tests/TestPaths.h"

namespace sqil::test {

std::filesystem::path sample() {
    return SQIL_SAMPLE_DIR;
}
std::filesystem::path testData() {
    return SQIL_TEST_DATA_DIR;
}
std::filesystem::path reference() {
    return SQIL_REFERENCE_DIR;
}
std::filesystem::path programs() {
    return SQIL_BIN_DIR;
}
std::filesystem::path sharedData() {
    return testData().parent_path().parent_path() / "shared" / "data";
}

}  // namespace sqil::test
