#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "core/data/Rollouts.h"
#include "tests/TestPaths.h"

namespace sqil::test {

inline std::filesystem::path fixture(const std::string& name) {
    return testData() / "data" / "fixtures" / name;
}

/// What reference/make_rollouts.py wrote as element `index` of a data set.
inline int expectedValue(std::int64_t episode, int salt, std::int64_t index) {
    return static_cast<int>((index * 7 + episode * 31 + salt) % 251);
}

template<class Value>
bool hasExpectedValues(const StepBlock& block, std::int64_t episode, int salt, std::int64_t firstIndex) {
    const auto values = block.as<Value>();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] != static_cast<Value>(expectedValue(episode, salt, firstIndex + static_cast<std::int64_t>(i))))
            return false;
    return !values.empty();
}

inline std::string attribute(const std::map<std::string, std::string>& attributes, const std::string& name) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? std::string() : found->second;
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline std::vector<char> bytesOf(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline void writeBytes(const std::filesystem::path& path, const std::vector<char>& bytes, std::size_t count) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(count));
}

}  // namespace sqil::test
