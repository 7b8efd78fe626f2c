#include <filesystem>

#include "core/base/AtomicFile.h"
#include "core/bench/KernelBench.h"
#include "core/bench/PolicyBench.h"
#include "core/bench/ReportStore.h"
#include "core/bench/RolloutBench.h"
#include "core/bench/SaliencyBench.h"
#include "core/bench/TrainBench.h"
#include "core/jobs/CommandLine.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::kinds {
namespace {

using nlohmann::json;

JobParameter secondsParameter(double standard) {
    return numberParameter("seconds", "Measuring time", standard, "Measurement", "s", 0, 1e5);
}

JobParameter threadsParameter(int standard) {
    return wholeParameter("threads", "Of every way", standard, "Measurement", "threads", 1, 1024);
}

JobParameter jsonParameter() {
    return reportParameter("json", "Write the report here (-: standard output)");
}

JobParameter pythonParameter(std::string help) {
    return {.name = "python",
            .help = std::move(help),
            .type = ParameterType::File,
            .group = "Reference",
            .file = FileKind::Program};
}

JobParameter scriptsParameter(const char* script) {
    return {.name = "scripts",
            .help = std::string("Folder of ") + script,
            .type = ParameterType::Folder,
            .group = "Reference",
            .advanced = true};
}

/// A file or folder given, or that of the checkout which holds this program.
std::filesystem::path orOfCheckout(const Values& values, const char* name, const char* standard) {
    if (const auto given = values.path(name); !given.empty())
        return given;
    std::error_code ignored;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return (program.parent_path() / ".." / ".." / ".." / standard).lexically_normal();
}

constexpr const char* kScripts = "tests/reference";
constexpr const char* kSamplePolicy = "resources/sample/policy.pt2";

Result<json> measureTrain(const Values& values, const JobContext& context) {
    TrainBenchOptions options;
    options.policy = orOfCheckout(values, "policy", kSamplePolicy);
    options.rollouts = orOfCheckout(values, "rollouts", "resources/sample/rollouts.hdf5");
    options.spec.weightBits = values.integer("weights");
    options.spec.activationBits = values.integer("activations");
    options.batch = values.integer("batch");
    options.seconds = values.real("seconds");
    options.threads = values.integer("threads");
    return sqil::benchTrain(options, context.progress);
}

Result<json> measureSaliency(const Values& values, const JobContext& context) {
    SaliencyBenchOptions options;
    options.python = values.path("python");
    options.scripts = orOfCheckout(values, "scripts", kScripts);
    options.policies = values.path("policies").empty() ? context.folder : values.path("policies");
    options.samplePolicy = orOfCheckout(values, "policy", kSamplePolicy);
    options.seconds = values.real("seconds");
    options.threads = values.integer("threads");
    return sqil::benchSaliency(options, context.progress);
}

Result<json> measurePolicy(const Values& values, const JobContext& context) {
    PolicyBenchOptions options;
    options.policy = orOfCheckout(values, "policy", kSamplePolicy);
    options.rollouts = values.path("rollouts");
    options.widths = values.texts("widths");
    options.onnx = values.path("onnx");
    options.python = values.path("python");
    options.scripts = orOfCheckout(values, "scripts", kScripts);
    options.controlRate = values.real("rate");
    options.seconds = values.real("seconds");
    options.threads = values.integer("threads");
    options.device = context.device;
    options.graphs = values.flag("graphs");
    return sqil::benchPolicy(options, context.progress);
}

Result<json> measureKernels(const Values& values, const JobContext& context) {
    KernelBenchOptions options;
    options.python = values.path("python");
    options.scripts = orOfCheckout(values, "scripts", kScripts);
    options.seconds = values.real("seconds");
    options.threads = values.integer("threads");
    options.device = context.device;
    return sqil::benchKernels(options, context.progress);
}

Result<json> measureRollouts(const Values& values, const JobContext& context) {
    RolloutBenchOptions options;
    options.policy = values.path("policy");
    options.environment = values.text("env");
    options.python = values.path("python");
    options.scripts = orOfCheckout(values, "scripts", kScripts);
    options.worker = orOfCheckout(values, "worker", "plugins/gymnasium/sqil_worker.py");
    options.cores = values.integer("cores");
    options.slots = values.integer("slots");
    options.steps = values.whole("steps");
    options.seconds = values.real("seconds");
    return sqil::benchRollouts(options, context.progress);
}

void addRatios(const json& entry, const std::string& prefix, json& summary) {
    const json ratios = entry.value("ratios", json::object());
    for (const auto& [name, ratio] : ratios.items())
        summary[prefix + name] = ratio.at("median");
}

/// The report into a file and the project; its ratios are the summary.
Result<json> run(const char* kind, const json& given, const JobContext& context) {
    const auto report = measure(kind, given, context);
    if (!report)
        return tl::unexpected(report.error());
    const std::string path = given.value("json", "");
    const auto out = outputPath(path == "-" ? "" : path, context, "benchmark.json");
    if (auto written = writeTextFile(out, report->dump(1) + "\n"); !written)
        return tl::unexpected(written.error());
    auto project = Project::open(context.project);
    if (!project)
        return tl::unexpected(project.error());
    if (auto kept = keepReport(**project, *report); !kept)
        return tl::unexpected(kept.error());
    json summary = json::object();
    addRatios(*report, "", summary);
    for (const json& entry : report->value("cases", json::array()))
        addRatios(entry, entry.value("name", "") + ": ", summary);
    for (const json& note : report->value("notes", json::array()))
        log(context, LogLevel::Warning, textOf(note));
    return json{{"outputs", {{"report", out.string()}}}, {"summary", std::move(summary)}};
}

JobKind benchmark(const char* name, std::string title, std::string purpose, std::vector<JobParameter> parameters) {
    return {.name = name,
            .title = std::move(title),
            .purpose = std::move(purpose),
            .parameters = std::move(parameters),
            .check = {},
            .run = [name](const json& given, const JobContext& context) { return run(name, given, context); },
            .measured = false};
}

}  // namespace

JobKind benchTrain() {
    const TrainBenchOptions standard;
    return benchmark(
        "bench-train", "Benchmark training",
        "One training step: quantized against full precision, and against PyTorch's own fake quantizers",
        {policyParameter("Full-precision policy; default: the sample's"),
         rolloutsParameter("Recorded rollouts; default: the sample's"),
         bitParameter("weights", "Bits of the weights", 4), bitParameter("activations", "Bits of the activations", 4),
         wholeParameter("batch", "Recorded steps in a training step", standard.batch, "Measurement", "recorded steps",
                        1, 1 << 20),
         secondsParameter(standard.seconds), threadsParameter(standard.threads), jsonParameter()});
}

JobKind benchSaliency() {
    const SaliencyBenchOptions standard;
    JobParameter policy = policyParameter("A policy of your own beside the two standard ones");
    policy.required = false;
    JobParameter policies{.name = "policies",
                          .help = "Where the benchmark's policies are kept",
                          .type = ParameterType::Folder,
                          .group = "Reference",
                          .advanced = true};
    return benchmark("bench-saliency", "Benchmark saliency",
                     "Saliency of one frame: this engine against the published loop and batched PyTorch",
                     {policy, secondsParameter(standard.seconds), threadsParameter(standard.threads),
                      pythonParameter("Python with PyTorch and SciPy (scripts/setup.sh tests makes one); without it "
                                      "there is no reference"),
                      scriptsParameter("saliency_reference.py"), policies, jsonParameter()});
}

JobKind benchPolicy() {
    const PolicyBenchOptions standard;
    JobParameter rollouts =
        rolloutsParameter("Recorded rollouts to calibrate and time it on; without them random inputs");
    rollouts.required = false;
    JobParameter widths = textParameter("widths", "Bits of weights and activations: W8A8,W4A16", "Quantization");
    widths.isList = true;
    widths.standard = json(standard.widths);
    JobParameter onnx{.name = "onnx",
                      .help = "A quantized ONNX model to time in turns with it",
                      .type = ParameterType::File,
                      .group = "Reference",
                      .advanced = true};
    JobKind kind =
        benchmark("bench-policy", "Benchmark policy",
                  "One step of a policy end to end: latency, memory and energy at full precision and at each width",
                  {policyParameter("Full-precision policy, or one quantized already; default: the sample's"), rollouts,
                   widths, numberParameter("rate", "Control rate; 0: the card's", 0, "Measurement", "Hz", 0, 1e6),
                   secondsParameter(standard.seconds), threadsParameter(standard.threads),
                   flagParameter("graphs", "On a GPU: record a step once and replay it (CUDA graphs), where that works",
                                 "Measurement"),
                   onnx, advanced(pythonParameter("Python with onnxruntime, for --onnx")),
                   scriptsParameter("kernel_reference.py"), jsonParameter()});
    kind.usesGpu = true;
    return kind;
}

JobKind benchKernels() {
    const KernelBenchOptions standard;
    JobKind kind = benchmark(
        "bench-kernels", "Benchmark kernels",
        "The low-bit operators against LibTorch's and ONNX Runtime's, and against what the machine can do at most",
        {secondsParameter(standard.seconds), threadsParameter(standard.threads),
         pythonParameter("Python with onnxruntime (scripts/setup.sh tests makes one); without it ONNX Runtime is left "
                         "out"),
         scriptsParameter("kernel_reference.py"), jsonParameter()});
    kind.usesGpu = true;
    return kind;
}

JobKind benchRollouts() {
    const RolloutBenchOptions standard;
    const std::string group = "Simulator";
    JobParameter environment = textParameter("env", "As of `sqil evaluate`", group);
    environment.standard = standard.environment;
    JobParameter worker{.name = "worker",
                        .help = "sqil_worker.py: makes the environment of every way",
                        .type = ParameterType::File,
                        .group = "Reference",
                        .advanced = true};
    return benchmark(
        "bench-rollouts", "Benchmark rollouts",
        "Steps a second in a simulator: this program against plain Python loops with PyTorch",
        {policyParameter("Policy (.pt2, .pt, .zip)"), environment,
         required(pythonParameter("Python with PyTorch and the simulator (scripts/setup.sh tests makes one)")),
         wholeParameter("cores", "Of every way", standard.cores, group, "processes", 1, 1024),
         advanced(wholeParameter("slots", "Environments a worker; 0: as `sqil evaluate` chooses", standard.slots, group,
                                 "environments", 0, 4096)),
         wholeParameter("steps", "Of an episode, at most", standard.steps, group, "steps", 1, 1e9),
         secondsParameter(standard.seconds), scriptsParameter("rollouts_reference.py"), worker, jsonParameter()});
}

Result<json> measure(const std::string& kind, const json& given, const JobContext& context) {
    const JobKind* known = findJobKind(kind);
    const Values values(*known, given);
    auto report = kind == "bench-train"      ? measureTrain(values, context)
                  : kind == "bench-saliency" ? measureSaliency(values, context)
                  : kind == "bench-policy"   ? measurePolicy(values, context)
                  : kind == "bench-kernels"  ? measureKernels(values, context)
                                             : measureRollouts(values, context);
    if (report) {
        json parameters = given;
        parameters.erase("json");  // where it is written is no part of what is measured
        std::string command = commandLine(*known, parameters);
        if (known->usesGpu && context.device != "cpu") {
            parameters["device"] = context.device;
            command += " --device " + context.device;
        }
        addOrigin(*report, command, parameters);
    }
    return report;
}

}  // namespace sqil::kinds
