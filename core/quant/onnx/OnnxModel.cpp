#include "core/quant/onnx/OnnxModel.h"

#include <cstring>

namespace sqil {
namespace {

/// A message of protocol buffers, field by field.
class Message {
public:
    Message& number(int field, std::int64_t value) {
        key(field, 0);
        varint(static_cast<std::uint64_t>(value));
        return *this;
    }
    Message& text(int field, std::string_view value) {
        key(field, 2);
        varint(value.size());
        bytes_.append(value);
        return *this;
    }
    Message& message(int field, const Message& value) { return text(field, value.bytes_); }
    Message& real(int field, float value) {
        key(field, 5);
        char raw[4];
        std::memcpy(raw, &value, 4);
        bytes_.append(raw, 4);
        return *this;
    }
    const std::string& bytes() const { return bytes_; }

private:
    void key(int field, int wire) { varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(wire)); }
    void varint(std::uint64_t value) {
        for (; value >= 128; value >>= 7)
            bytes_.push_back(static_cast<char>(value | 128));
        bytes_.push_back(static_cast<char>(value));
    }
    std::string bytes_;
};

Message attributeMessage(const OnnxAttribute& attribute) {
    Message message;
    message.text(1, attribute.first);
    if (const auto* number = std::get_if<std::int64_t>(&attribute.second))
        return message.number(3, *number).number(20, 2);
    if (const auto* real = std::get_if<double>(&attribute.second))
        return message.real(2, static_cast<float>(*real)).number(20, 1);
    if (const auto* text = std::get_if<std::string>(&attribute.second))
        return message.text(4, *text).number(20, 3);
    for (const std::int64_t number : std::get<std::vector<std::int64_t>>(attribute.second))
        message.number(8, number);
    return message.number(20, 7);
}

Message valueMessage(const std::string& name, OnnxType type, const std::vector<OnnxDimension>& sizes) {
    Message shape;
    for (const OnnxDimension& size : sizes) {
        Message dimension;
        if (const auto* number = std::get_if<std::int64_t>(&size))
            dimension.number(1, *number);
        else
            dimension.text(2, std::get<std::string>(size));
        shape.message(1, dimension);
    }
    const Message tensor = Message().number(1, static_cast<int>(type)).message(2, shape);
    return Message().text(1, name).message(2, Message().message(1, tensor));
}

}  // namespace

void OnnxModel::addInitializer(const std::string& name, OnnxType type, std::span<const std::int64_t> sizes,
                               std::string_view bytes) {
    Message tensor;
    for (const std::int64_t size : sizes)
        tensor.number(1, size);
    tensor.number(2, static_cast<int>(type)).text(8, name).text(9, bytes);
    initializers_ += Message().message(5, tensor).bytes();
}

void OnnxModel::addNode(const std::string& type, const std::vector<std::string>& inputs,
                        const std::vector<std::string>& outputs, const std::vector<OnnxAttribute>& attributes) {
    Message node;
    for (const std::string& input : inputs)
        node.text(1, input);
    for (const std::string& output : outputs)
        node.text(2, output);
    node.text(3, type + "_" + std::to_string(nodeCount_++)).text(4, type);
    for (const OnnxAttribute& attribute : attributes)
        node.message(5, attributeMessage(attribute));
    nodes_ += Message().message(1, node).bytes();
}

void OnnxModel::addInput(const std::string& name, OnnxType type, const std::vector<OnnxDimension>& sizes) {
    inputs_ += Message().message(11, valueMessage(name, type, sizes)).bytes();
}

void OnnxModel::addOutput(const std::string& name, OnnxType type, const std::vector<OnnxDimension>& sizes) {
    outputs_ += Message().message(12, valueMessage(name, type, sizes)).bytes();
}

std::string OnnxModel::serialize(const std::string& producer, std::int64_t operatorSet) const {
    constexpr int kFormatVersion = 8;  // IR version 8, which goes with operator sets up to 19
    const std::string graph = nodes_ + Message().text(2, "policy").bytes() + initializers_ + inputs_ + outputs_;
    Message model;
    model.number(1, kFormatVersion).text(2, producer).text(7, graph);
    model.message(8, Message().text(1, "").number(2, operatorSet));
    return model.bytes();
}

}  // namespace sqil
