#include "core/policy/Safetensors.h"

#include <ATen/ATen.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "core/base/AtomicFile.h"
#include "core/policy/FileProblem.h"

namespace sqil {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are stored as they lie in memory");

using nlohmann::json;

constexpr std::uint64_t kLongestHeader = 100'000'000;
constexpr std::size_t kMostTensors = 100'000;
constexpr std::size_t kMostDimensions = 64;
constexpr const char* kMetadata = "__metadata__";

constexpr std::pair<at::ScalarType, const char*> kTypes[] = {
    {at::kDouble, "F64"}, {at::kFloat, "F32"}, {at::kHalf, "F16"}, {at::kBFloat16, "BF16"}, {at::kLong, "I64"},
    {at::kInt, "I32"},    {at::kShort, "I16"}, {at::kChar, "I8"},  {at::kByte, "U8"},       {at::kBool, "BOOL"}};

const char* nameOfType(at::ScalarType type) {
    for (const auto& [known, name] : kTypes)
        if (known == type)
            return name;
    return nullptr;
}

/// One entry of the header, checked on its own.
struct Entry {
    std::string name;
    at::ScalarType type = at::kFloat;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;
};

std::uint64_t wholeNumber(const json& value, const std::string& place) {
    if (!value.is_number_unsigned())
        badFile(place + ": expected a whole number that is not negative");
    return value.get<std::uint64_t>();
}

Entry entryOf(const std::string& name, const json& value, std::uint64_t dataBytes, const std::string& file) {
    const std::string place = file + ": tensor \"" + name + "\"";
    if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") || !value.contains("data_offsets"))
        badFile(place + ": expected dtype, shape and data_offsets");
    Entry entry;
    entry.name = name;
    bool known = false;
    for (const auto& [type, typeName] : kTypes)
        if (value["dtype"] == typeName) {
            entry.type = type;
            known = true;
        }
    if (!known)
        badFile(place + ": the element type " + value["dtype"].dump() + " is not supported");
    const json& shape = value["shape"];
    if (!shape.is_array() || shape.size() > kMostDimensions)
        badFile(place + ": the shape is no list of at most " + std::to_string(kMostDimensions) + " sizes");
    std::uint64_t bytes = c10::elementSize(entry.type);
    for (const json& item : shape) {
        const std::uint64_t size = wholeNumber(item, place + ": shape");
        // Sizes are bounded one by one, so that a shape with a zero cannot hide one that overflows.
        if (size > static_cast<std::uint64_t>(INT64_MAX) || __builtin_mul_overflow(bytes, size, &bytes))
            badFile(place + ": the shape is too large");
        entry.shape.push_back(static_cast<std::int64_t>(size));
    }
    const json& offsets = value["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2)
        badFile(place + ": data_offsets is no list of two numbers");
    entry.begin = wholeNumber(offsets[0], place + ": data_offsets");
    entry.end = wholeNumber(offsets[1], place + ": data_offsets");
    if (entry.begin > entry.end || entry.end > dataBytes)
        badFile(place + ": its bytes " + std::to_string(entry.begin) + " to " + std::to_string(entry.end) +
                " lie outside of the file's " + std::to_string(dataBytes) + "; the file may be truncated");
    if (entry.end - entry.begin != bytes)
        badFile(place + ": has " + std::to_string(entry.end - entry.begin) + " bytes, its shape and type need " +
                std::to_string(bytes));
    return entry;
}

json parsedHeader(const std::string& text, const std::string& file) {
    std::set<std::string> names;
    const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
        if (depth > 8)
            badFile(file + ": the header is nested too deeply");
        if (depth == 1 && event == json::parse_event_t::key) {
            if (!names.insert(parsed.get<std::string>()).second)
                badFile(file + ": the tensor \"" + parsed.get<std::string>() + "\" appears twice");
            if (names.size() > kMostTensors + 1)
                badFile(file + ": has more than " + std::to_string(kMostTensors) + " tensors");
        }
        return true;
    };
    try {
        json header = json::parse(text, watch);
        if (!header.is_object())
            badFile(file + ": the header is no JSON object");
        return header;
    } catch (const json::exception& problem) {
        badFile(file + ": the header is no valid JSON: " + problem.what());
    }
}

Safetensors readFrom(const std::filesystem::path& path) {
    const std::string file = path.string();
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status))
        throw FileProblem(ErrorKind::NotFound,
                          file + ": cannot be read: " + (error ? error.message() : "there is no such file"));
    if (!std::filesystem::is_regular_file(status))
        badFile(file + ": is no regular file");
    const std::uint64_t size = std::filesystem::file_size(path, error);
    std::ifstream stream(path, std::ios::binary);
    if (error || !stream)
        throw FileProblem(ErrorKind::Io, file + ": cannot be read: " + std::strerror(errno));
    const auto readBytes = [&](void* into, std::uint64_t count) {
        if (count && !stream.read(static_cast<char*>(into), static_cast<std::streamsize>(count)))
            throw FileProblem(ErrorKind::Io, file + ": ends before its tensors do; it may have been cut off");
    };
    std::uint64_t headerBytes = 0;
    if (size < sizeof headerBytes)
        badFile(file + ": has " + std::to_string(size) + " bytes, too few for a safetensors file");
    readBytes(&headerBytes, sizeof headerBytes);
    if (headerBytes > kLongestHeader || headerBytes > size - sizeof headerBytes)
        badFile(file + ": claims a header of " + std::to_string(headerBytes) +
                " bytes, more than it has; it is no safetensors file, or was cut off");
    std::string text(headerBytes, '\0');
    readBytes(text.data(), headerBytes);
    const std::uint64_t dataBytes = size - sizeof headerBytes - headerBytes;

    Safetensors contents;
    std::vector<Entry> entries;
    const json header = parsedHeader(text, file);
    for (const auto& [name, value] : header.items()) {
        if (name != kMetadata) {
            entries.push_back(entryOf(name, value, dataBytes, file));
            continue;
        }
        if (!value.is_object())
            badFile(file + ": " + kMetadata + " is no JSON object");
        for (const auto& [key, item] : value.items()) {
            if (!item.is_string())
                badFile(file + ": " + kMetadata + "." + key + ": expected a string");
            contents.metadata[key] = item.get<std::string>();
        }
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
    std::uint64_t reached = 0;
    for (const Entry& entry : entries) {
        if (entry.begin != reached)
            badFile(file + ": tensor \"" + entry.name + "\" starts at byte " + std::to_string(entry.begin) +
                    ", the one before it ends at " + std::to_string(reached));
        at::Tensor tensor;
        try {
            tensor = at::empty(entry.shape, at::TensorOptions().dtype(entry.type));
        } catch (const c10::Error& problem) {
            badFile(file + ": tensor \"" + entry.name + "\": " + problem.what_without_backtrace());
        }
        readBytes(tensor.mutable_data_ptr(), entry.end - entry.begin);
        if (entry.type == at::kBool)  // any other byte than 0 and 1 is no bool of C++
            tensor = tensor.view(at::kByte).ne(0);
        contents.tensors[entry.name] = tensor;
        reached = entry.end;
    }
    if (reached != dataBytes)
        badFile(file + ": has " + std::to_string(dataBytes) + " bytes of tensors, its header speaks of " +
                std::to_string(reached));
    return contents;
}

}  // namespace

Result<Safetensors> readSafetensors(const std::filesystem::path& path) {
    try {
        return readFrom(path);
    } catch (const FileProblem& problem) {
        return tl::unexpected(problem.error());
    }
}

Result<void> writeSafetensors(const std::filesystem::path& path, const Safetensors& contents) {
    const at::NoGradGuard noGradient;
    json header = json::object();
    if (!contents.metadata.empty())
        header[kMetadata] = contents.metadata;
    std::vector<at::Tensor> ready;
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : contents.tensors) {
        const char* type = nameOfType(tensor.scalar_type());
        if (!type)
            return fail(ErrorKind::Unsupported, path.string() + ": tensor \"" + name + "\": elements of type " +
                                                    c10::toString(tensor.scalar_type()) + " cannot be stored");
        ready.push_back(tensor.detach().to(at::kCPU).contiguous());
        const std::uint64_t bytes = ready.back().nbytes();
        header[name] = {{"dtype", type}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, offset + bytes}}};
        offset += bytes;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');  // tensors lie aligned in the file
    return replaceFile(path, [&](const std::filesystem::path& temporary) -> Result<void> {
        errno = 0;
        std::ofstream stream(temporary, std::ios::binary);
        const std::uint64_t headerBytes = text.size();
        stream.write(reinterpret_cast<const char*>(&headerBytes), sizeof headerBytes);
        stream.write(text.data(), static_cast<std::streamsize>(text.size()));
        for (const at::Tensor& tensor : ready)
            stream.write(static_cast<const char*>(tensor.const_data_ptr()),
                         static_cast<std::streamsize>(tensor.nbytes()));
        stream.close();
        if (!stream)
            return fail(ErrorKind::Io, path.string() + ": cannot be written (" + std::strerror(errno) +
                                           "). Check that the folder exists, is writable and has space.");
        return {};
    });
}

}  // namespace sqil
