#pragma once
#include <QSize>
#include <QString>
#include <QStringList>
#include <optional>

namespace sqil {

/// What the command line asks for.
struct Arguments {
    QStringList files;  ///< a project, or a policy and rollouts
    QString quantized;
    bool sample = false;
    std::optional<QString> theme;
    QString exportFolder;
    QString screenshot;
    QString episode;
    std::optional<qint64> step;
    std::optional<QString> map;  ///< "fp", "quantized", "difference", "both", "all"
    QString layout;              ///< "inspect", "train", …
    QString panel;               ///< to be in front: "layers"
    bool benchmark = false;
    QString benchmarkLarge;  ///< a large project to measure as well
    QSize size;

    bool isUnattended() const { return benchmark || !exportFolder.isEmpty() || !screenshot.isEmpty(); }
};

/// Parses the command line of a running QCoreApplication; prints help, version and mistakes and
/// exits like any program.
Arguments parseArguments();

}  // namespace sqil
