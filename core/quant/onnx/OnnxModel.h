#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sqil {

/// Element types of ONNX tensors (onnx.proto, TensorProto.DataType).
enum class OnnxType { Float = 1, Uint8 = 2, Int8 = 3, Int32 = 6, Int64 = 7 };

using OnnxAttribute =
    std::pair<std::string, std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>>>;

/// One dimension: a number, or a name where it is free.
using OnnxDimension = std::variant<std::int64_t, std::string>;

/// Writes an ONNX model: protocol buffers with the few messages that a policy needs (onnx.proto; the numbers of fields
/// are the format). Values are named by the caller.
class OnnxModel {
public:
    /// `bytes`: the elements, little-endian, row-major.
    void addInitializer(const std::string& name, OnnxType type, std::span<const std::int64_t> sizes,
                        std::string_view bytes);
    void addNode(const std::string& type, const std::vector<std::string>& inputs,
                 const std::vector<std::string>& outputs, const std::vector<OnnxAttribute>& attributes = {});
    void addInput(const std::string& name, OnnxType type, const std::vector<OnnxDimension>& sizes);
    void addOutput(const std::string& name, OnnxType type, const std::vector<OnnxDimension>& sizes);

    /// The file's bytes, for operator set `operatorSet` of the standard domain.
    std::string serialize(const std::string& producer, std::int64_t operatorSet) const;

private:
    std::string nodes_, initializers_, inputs_, outputs_;
    std::int64_t nodeCount_ = 0;
};

}  // namespace sqil
