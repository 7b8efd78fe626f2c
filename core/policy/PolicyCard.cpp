#include "core/policy/PolicyCard.h"

#include <array>
#include <cmath>
#include <utility>

#include "core/policy/FileProblem.h"
#include "core/policy/JsonText.h"

namespace sqil {
namespace {

constexpr std::string_view formatName = "sqil-policy-card";
constexpr std::int64_t formatVersion = 1;

constexpr std::array<std::pair<ActionHead, std::string_view>, 5> heads{{
    {ActionHead::Deterministic, "deterministic"},
    {ActionHead::Categorical, "categorical"},
    {ActionHead::Gaussian, "gaussian"},
    {ActionHead::Beta, "beta"},
    {ActionHead::TokenLogits, "token-logits"},
}};

std::string textOr(const JsonView& json, const char* field, std::string otherwise) {
    return json.has(field) ? json[field].text() : std::move(otherwise);
}

double finite(const JsonView& json) {
    const double value = json.number();
    if (!std::isfinite(value))
        json.complain("expected a finite number");
    return value;
}

double numberOr(const JsonView& json, const char* field, double otherwise) {
    return json.has(field) ? finite(json[field]) : otherwise;
}

std::vector<double> numbers(const JsonView& json, const char* field) {
    std::vector<double> values;
    if (json.has(field))
        for (std::size_t i = 0; i < json[field].size(); ++i)
            values.push_back(finite(json[field].item(i)));
    return values;
}

CardInput inputOf(const JsonView& json) {
    CardInput input;
    input.name = json["name"].text();
    input.key = textOr(json, "key", input.name);
    const std::string kind = textOr(json, "kind", "state");
    if (kind != "image" && kind != "state")
        json["kind"].complain("expected \"image\" or \"state\", found \"" + kind + "\"");
    input.kind = kind == "image" ? InputKind::Image : InputKind::State;
    input.scale = numberOr(json, "scale", 1.0);
    const std::string layout = textOr(json, "layout", "chw");
    if (layout != "hwc" && layout != "chw")
        json["layout"].complain("expected \"hwc\" or \"chw\", found \"" + layout + "\"");
    input.heightWidthChannel = layout == "hwc";
    if (json.has("resize")) {
        const JsonView resize = json["resize"];
        if (resize.size() != 2)
            resize.complain("expected [height, width]");
        input.resize = {resize.item(0).integer(), resize.item(1).integer()};
        for (const std::int64_t size : *input.resize)
            if (size < 1 || size > 16384)
                resize.complain("expected sizes from 1 to 16384");
    }
    input.mean = numbers(json, "mean");
    input.std = numbers(json, "std");
    for (const double deviation : input.std)
        if (deviation == 0)
            json["std"].complain("a standard deviation of 0 would divide by zero");
    return input;
}

ActionHead headOf(const JsonView& json) {
    const std::string name = json.text();
    for (const auto& [head, known] : heads)
        if (name == known)
            return head;
    json.complain("expected deterministic, categorical, gaussian, beta or token-logits, found \"" + name + "\"");
}

std::vector<int> outputsOf(const JsonView& json) {
    std::vector<int> outputs;
    const auto add = [&](const JsonView& item) {
        const std::int64_t index = item.integer();
        if (index < 0 || index > 1000)
            item.complain("expected the number of one of the graph's outputs, counted from 0");
        outputs.push_back(static_cast<int>(index));
    };
    if (json.raw().is_array())
        for (std::size_t i = 0; i < json.size(); ++i)
            add(json.item(i));
    else
        add(json);
    return outputs;
}

ActionDimension dimensionOf(const JsonView& json) {
    return {json["name"].text(), textOr(json, "unit", ""), numberOr(json, "scale", 1.0), numberOr(json, "offset", 0.0)};
}

void readAction(const JsonView& json, PolicyCard& card) {
    card.head = json.has("head") ? headOf(json["head"]) : ActionHead::Deterministic;
    const bool two = card.head == ActionHead::Gaussian || card.head == ActionHead::Beta;
    card.outputs = two ? std::vector{0, 1} : std::vector{0};
    if (json.has("output"))
        card.outputs = outputsOf(json["output"]);
    if (card.outputs.size() != (two ? 2u : 1u))
        json["output"].complain(std::string("a ") + std::string(nameOf(card.head)) + " head reads " +
                                (two ? "two outputs" : "one output"));
    if (json.has("dimensions"))
        for (std::size_t i = 0; i < json["dimensions"].size(); ++i)
            card.dimensions.push_back(dimensionOf(json["dimensions"].item(i)));
}

nlohmann::ordered_json inputJson(const CardInput& input) {
    nlohmann::ordered_json json{{"name", input.name},
                                {"key", input.key},
                                {"kind", input.kind == InputKind::Image ? "image" : "state"},
                                {"scale", input.scale}};
    if (input.kind == InputKind::Image)
        json["layout"] = input.heightWidthChannel ? "hwc" : "chw";
    if (input.resize)
        json["resize"] = *input.resize;
    if (!input.mean.empty())
        json["mean"] = input.mean;
    if (!input.std.empty())
        json["std"] = input.std;
    return json;
}

}  // namespace

std::string_view nameOf(ActionHead head) {
    for (const auto& [known, name] : heads)
        if (known == head)
            return name;
    return "deterministic";
}

Result<PolicyCard> parsePolicyCard(std::string_view text, std::string_view origin) {
    try {
        const Json document = parseJson(text, std::string(origin));
        const JsonView json(document, std::string(origin) + ": card");
        if (textOr(json, "format", std::string(formatName)) != formatName)
            json["format"].complain("expected \"" + std::string(formatName) + "\"");
        if (json.has("version") && json["version"].integer() != formatVersion)
            unsupported(json.place() + ": version " + std::to_string(json["version"].integer()) +
                        " of the card format; this program reads version " + std::to_string(formatVersion));
        PolicyCard card;
        card.name = textOr(json, "name", "");
        card.description = textOr(json, "description", "");
        for (std::size_t i = 0; i < json["inputs"].size(); ++i)
            card.inputs.push_back(inputOf(json["inputs"].item(i)));
        if (json.has("action"))
            readAction(json["action"], card);
        card.controlRateHz = numberOr(json, "control_rate_hz", 0.0);
        if (card.controlRateHz < 0)
            json["control_rate_hz"].complain("expected a positive number, or 0 where it is not known");
        return card;
    } catch (const FileProblem& problem) {
        return tl::unexpected(problem.error());
    }
}

std::string toJson(const PolicyCard& card) {
    nlohmann::ordered_json json{{"format", formatName}, {"version", formatVersion}, {"name", card.name}};
    if (!card.description.empty())
        json["description"] = card.description;
    json["inputs"] = nlohmann::ordered_json::array();
    for (const CardInput& input : card.inputs)
        json["inputs"].push_back(inputJson(input));
    auto& action = json["action"];
    action["head"] = nameOf(card.head);
    action["output"] =
        card.outputs.size() == 1 ? nlohmann::ordered_json(card.outputs.front()) : nlohmann::ordered_json(card.outputs);
    action["dimensions"] = nlohmann::ordered_json::array();
    for (const ActionDimension& d : card.dimensions)
        action["dimensions"].push_back({{"name", d.name}, {"unit", d.unit}, {"scale", d.scale}, {"offset", d.offset}});
    if (card.controlRateHz > 0)
        json["control_rate_hz"] = card.controlRateHz;
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace sqil
