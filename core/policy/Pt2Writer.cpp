#include "core/policy/Pt2Writer.h"

#include <caffe2/serialize/inline_container.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include <ATen/Functions.h>

#include "core/policy/FileProblem.h"
#include "core/policy/Pt2GraphWriter.h"

namespace sqil {
namespace {

using ZipWriter = caffe2::serialize::PyTorchStreamWriter;

void writeText(ZipWriter& zip, const std::string& name, const std::string& text) {
    zip.writeRecord(name, text.data(), text.size());
}

/// One of the archive's two tables of tensors. Tensors that share memory share a file, so that tied
/// weights stay tied; all others are written without whatever else their storage holds.
class TensorTable {
public:
    TensorTable(std::string folder, std::string prefix) : folder_(std::move(folder)), prefix_(std::move(prefix)) {}

    void add(const Binding& binding) { bindings_.push_back(&binding); }

    void write(ZipWriter& zip, const std::string& table) {
        std::map<const void*, int> owners;
        for (const Binding* binding : bindings_)
            ++owners[binding->tensor.storage().unsafeGetStorageImpl()];
        Json config = Json::object();
        for (const Binding* binding : bindings_) {
            const bool shared = owners[binding->tensor.storage().unsafeGetStorageImpl()] > 1;
            config[binding->name] = shared ? writeShared(zip, *binding) : writeAlone(zip, *binding);
        }
        writeText(zip, folder_ + table, Json{{"config", config}}.dump());
    }

private:
    Json writeAlone(ZipWriter& zip, const Binding& binding) {
        const at::Tensor plain = binding.tensor.detach().to(at::kCPU).contiguous();
        const std::string file = nextFile();
        zip.writeRecord(folder_ + file, plain.const_data_ptr(), plain.nbytes());
        return entry(binding, file, plain, 0);
    }

    Json writeShared(ZipWriter& zip, const Binding& binding) {
        const at::Tensor& tensor = binding.tensor;
        const auto key = std::make_pair<const void*>(tensor.storage().unsafeGetStorageImpl(), tensor.scalar_type());
        auto known = files_.find(key);
        if (known == files_.end()) {
            const std::int64_t elements =
                static_cast<std::int64_t>(tensor.storage().nbytes() / static_cast<std::size_t>(tensor.element_size()));
            const at::Tensor whole = tensor.detach().as_strided({elements}, {1}, 0).to(at::kCPU);
            known = files_.emplace(key, nextFile()).first;
            zip.writeRecord(folder_ + known->second, whole.const_data_ptr(), whole.nbytes());
        }
        return entry(binding, known->second, tensor, tensor.storage_offset());
    }

    static Json entry(const Binding& binding, const std::string& file, const at::Tensor& laidOut, std::int64_t offset) {
        const bool parameter = binding.kind == Binding::Kind::Parameter;
        const bool trainable = parameter && binding.trainable && laidOut.is_floating_point();
        return {{"path_name", file},
                {"is_param", parameter},
                {"use_pickle", false},
                {"tensor_meta",
                 pt2TensorMeta(laidOut.scalar_type(), laidOut.sizes(), laidOut.strides(), offset, trainable)}};
    }

    std::string nextFile() { return prefix_ + std::to_string(count_++); }

    std::string folder_, prefix_;
    std::vector<const Binding*> bindings_;
    std::map<std::pair<const void*, at::ScalarType>, std::string> files_;
    int count_ = 0;
};

void checkTensors(const PolicyGraph& graph) {
    std::map<std::string, int> names;
    for (const Binding& binding : graph.bindings) {
        if (!binding.tensor.defined() || binding.tensor.layout() != at::kStrided)
            unsupported("the tensor \"" + binding.name + "\" is not there or not dense, and cannot be written");
        if (names[binding.name]++ > 0)
            badFile("two tensors of the policy have the name \"" + binding.name + "\"");
    }
}

/// Archive names must stay inside the archive.
void checkExtraFile(const std::string& name) {
    if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos)
        badFile("\"" + name + "\" is no name for a file in the archive");
}

void writeArchive(ZipWriter& zip, const PolicyFile& file) {
    const PolicyGraph& graph = file.graph;
    const Json program = pt2GraphJson(graph);
    zip.setMinVersion(6);
    TensorTable weights("data/weights/", "weight_"), constants("data/constants/", "tensor_");
    for (const Binding& binding : graph.bindings) {
        const bool inStateDict =
            binding.kind == Binding::Kind::Parameter || (binding.kind == Binding::Kind::Buffer && binding.persistent);
        (inStateDict ? weights : constants).add(binding);
    }
    weights.write(zip, "model_weights_config.json");
    constants.write(zip, "model_constants_config.json");
    writeText(zip, "models/model.json", program.dump(-1, ' ', false, Json::error_handler_t::replace));
    // Sample inputs would be a pickle; none are needed.
    writeText(zip, "data/sample_inputs/model.pt", "");
    for (const auto& [name, text] : file.extraFiles) {
        checkExtraFile(name);
        writeText(zip, "extra/" + name, text);
    }
    writeText(zip, "byteorder", "little");
    writeText(zip, "archive_format", "pt2");
    writeText(zip, "archive_version", "0");
    zip.writeEndOfFile();
}

}  // namespace

void writePt2(const std::filesystem::path& path, const PolicyFile& file) {
    checkTensors(file.graph);
    std::ofstream stream(path, std::ios::binary);
    if (!stream)
        throw FileProblem(ErrorKind::Io, path.string() + ": cannot be written: " + std::strerror(errno));
    const auto append = [&](const void* bytes, std::size_t count) -> std::size_t {
        stream.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(count));
        return stream ? count : 0;
    };
    ZipWriter zip(append);
    try {
        writeArchive(zip, file);
    } catch (...) {
        // Its destructor would complain about an archive without an end.
        if (!zip.finalized())
            try {
                zip.writeEndOfFile();
            } catch (const std::exception&) {
            }
        throw;
    }
    stream.close();
    if (!stream)
        throw FileProblem(ErrorKind::Io, path.string() + ": cannot be written (is the disk full?)");
}

}  // namespace sqil
