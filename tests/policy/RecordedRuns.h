#pragma once
#include <ATen/ATen.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

/// Inputs and outputs that tests/reference/parity_policies.py recorded in PyTorch.
namespace sqil::test {

inline nlohmann::json readJson(const std::filesystem::path& path) {
    std::ifstream stream(path);
    return nlohmann::json::parse(stream);
}

inline at::ScalarType typeNamed(const std::string& name) {
    if (name == "float32")
        return at::kFloat;
    if (name == "bfloat16")
        return at::kBFloat16;
    if (name == "int64")
        return at::kLong;
    throw std::runtime_error("unexpected type " + name);
}

inline at::Tensor readTensor(const std::filesystem::path& folder, const nlohmann::json& entry) {
    const at::ScalarType type = typeNamed(entry.at("type").get<std::string>());
    const auto shape = entry.at("shape").get<std::vector<std::int64_t>>();
    at::Tensor stored = at::empty(shape, at::isFloatingType(type) ? at::kFloat : type);
    std::ifstream stream(folder / entry.at("file").get<std::string>(), std::ios::binary);
    stream.read(static_cast<char*>(stored.data_ptr()), static_cast<std::streamsize>(stored.nbytes()));
    if (!stream)
        throw std::runtime_error("short file " + entry.at("file").get<std::string>());
    return stored.to(type);
}

inline std::vector<at::Tensor> readTensors(const std::filesystem::path& folder, const nlohmann::json& entries) {
    std::vector<at::Tensor> tensors;
    for (const auto& entry : entries)
        tensors.push_back(readTensor(folder, entry));
    return tensors;
}

/// Rewrites a recorded tensor's file with other contents of the same shape and type.
inline void writeTensor(const std::filesystem::path& folder, const nlohmann::json& entry, const at::Tensor& tensor) {
    const at::Tensor plain = (tensor.is_floating_point() ? tensor.to(at::kFloat) : tensor).contiguous();
    std::ofstream stream(folder / entry.at("file").get<std::string>(), std::ios::binary);
    stream.write(static_cast<const char*>(plain.const_data_ptr()), static_cast<std::streamsize>(plain.nbytes()));
}

inline void writeJson(const std::filesystem::path& path, const nlohmann::json& json) {
    std::ofstream(path) << json.dump();
}

/// Largest difference, relative to the largest expected value.
inline double relativeDifference(const at::Tensor& ours, const at::Tensor& expected) {
    const double scale = expected.to(at::kDouble).abs().max().item<double>();
    return (ours.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>() / std::max(scale, 1e-12);
}

}  // namespace sqil::test
