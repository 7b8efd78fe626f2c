#pragma once
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/project/Project.h"

namespace sqil::test {

/// QVERIFY for a Result, with its message.
#define VERIFY_RESULT(expression)                                                         \
    do {                                                                                  \
        const auto& verified = (expression);                                              \
        QVERIFY2(verified.has_value(), verified ? "" : verified.error().message.c_str()); \
    } while (false)

inline std::filesystem::path pathIn(const QTemporaryDir& folder, const std::string& name) {
    return std::filesystem::path(folder.path().toStdString()) / name;
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline std::vector<char> bytesOf(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// A project with two policies, one data set and one analysis of them.
struct Filled {
    std::unique_ptr<Project> project;
    RecordId policy = 0, quantized = 0, rollouts = 0, analysis = 0;
};

inline Filled filled(const std::filesystem::path& path) {
    Filled made;
    made.project = Project::create(path).value();
    made.policy = made.project->addPolicy({0, "Full precision", "/data/policy.pt2", "{}", "", {}}).value();
    made.quantized = made.project->addPolicy({0, "W4", "/data/w4.pt2", "", "{\"weights\":4}", made.policy}).value();
    made.rollouts = made.project->addRollouts({0, "lift", "/data/rollouts.hdf5"}).value();
    made.analysis = made.project->findOrAddAnalysis({0, made.policy, made.quantized, made.rollouts, "{}", ""}).value();
    return made;
}

}  // namespace sqil::test
