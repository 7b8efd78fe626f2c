#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace sqil {

using Json = nlohmann::json;

/// Parses JSON of bounded nesting (128 levels). Throws FileProblem that names `origin` and the place.
Json parseJson(std::string_view text, const std::string& origin);

/// A JSON value together with where it is, so that every complaint names the place:
/// "model.json: graph_module.graph.nodes[3].target: expected a string".
/// Accessors throw FileProblem. A view: the document must outlive it.
class JsonView {
public:
    JsonView(const Json& value, std::string place) : value_(&value), place_(std::move(place)) {}

    const Json& raw() const { return *value_; }
    const std::string& place() const { return place_; }

    bool has(const std::string& key) const;             ///< present and not null
    JsonView operator[](const std::string& key) const;  ///< must be present
    JsonView item(std::size_t index) const;             ///< of an array
    std::size_t size() const;                           ///< of an array

    std::string text() const;
    std::int64_t integer() const;
    double number() const;  ///< also "Infinity", "-Infinity" and "NaN"
    bool boolean() const;
    void expectObject() const;

    [[noreturn]] void complain(const std::string& problem) const;

private:
    const Json* value_;
    std::string place_;
};

}  // namespace sqil
