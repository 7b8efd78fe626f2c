#pragma once
#include <filesystem>

/// Where tests find things. Nothing outside the repository and the build folder is needed;
/// the shared data set beside the checkout is used where it is there.
namespace sqil::test {

std::filesystem::path sample();     ///< resources/sample
std::filesystem::path testData();   ///< tests
std::filesystem::path reference();  ///< what the scripts in tests/reference wrote
std::filesystem::path programs();   ///< the build's bin
std::filesystem::path sharedData();

}  // namespace sqil::test
