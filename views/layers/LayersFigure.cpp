#include "views/layers/LayersFigure.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "views/session/Paths.h"
#include "widgets/GapPlot.h"
#include "widgets/Numbers.h"
#include "widgets/PairedBars.h"

namespace sqil {
namespace {

constexpr std::size_t kMostBars = 24;                                     ///< the most blamed; more would not be read
constexpr double kSmallestHeight = 60, kLargestDiagram = 165;             ///< mm
constexpr double kGaps = 32, kHistograms = 34, kHeading = 6.5, kGap = 3;  ///< mm
constexpr double kDiagramShare = 0.4;                                     ///< of the width
constexpr double kSpacing = 0.5;                                          ///< of the rows, against the window

struct Words {
    Q_DECLARE_TR_FUNCTIONS(LayersFigure)
};

/// The most blamed layers, in the order of the graph.
std::vector<std::size_t> blamedLayers(const LayersModel& model) {
    std::vector<std::size_t> layers(model.layers().size());
    std::iota(layers.begin(), layers.end(), std::size_t{0});
    if (layers.size() > kMostBars) {
        const auto& blame = model.report()->layers;
        std::stable_sort(layers.begin(), layers.end(),
                         [&](std::size_t one, std::size_t other) { return blame[one].alone > blame[other].alone; });
        layers.resize(kMostBars);
        std::sort(layers.begin(), layers.end());
    }
    return layers;
}

PairedBars blameBars(const LayersModel& model, std::optional<std::size_t> selected) {
    PairedBars bars;
    bars.level = std::nan("");
    if (!model.report())
        return bars;
    const BlameReport& report = *model.report();
    bars.firstName = Words::tr("alone");
    bars.secondName = Words::tr("all but it");
    bars.levelName = Words::tr("all quantized");
    bars.level = report.gap;
    bars.valueLabel = Words::tr("mean action gap over %1 steps, normalized").arg(report.steps);
    for (const std::size_t layer : blamedLayers(model)) {
        const LayerBits bits = report.layers[layer].bits;
        bars.rows.push_back({QStringLiteral("%1  W%2A%3")
                                 .arg(toQString(model.layers()[layer].name))
                                 .arg(bits.weights)
                                 .arg(bits.activations),
                             report.layers[layer].alone, report.layers[layer].allBut, layer == selected});
    }
    return bars;
}

void heading(QCPPainter& painter, const QRectF& area, const QString& text, const QString& note,
             const PlotTheme& theme) {
    const QFont bold = theme.scaled(1, true);
    const QFontMetricsF metrics(bold);
    painter.setFont(bold);
    painter.setPen(theme.text);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, area.width());
    painter.drawText(area, Qt::AlignLeft | Qt::AlignTop, shown);
    painter.setFont(theme.scaled(0.9));
    painter.setPen(theme.muted);
    const double used = metrics.horizontalAdvance(shown) + 8 * theme.unit;
    const QRectF rest = area.adjusted(used, 0, 0, 0);
    if (rest.width() > 40 * theme.unit)
        painter.drawText(rest.translated(0, metrics.ascent() - QFontMetricsF(painter.font()).ascent()),
                         Qt::AlignLeft | Qt::AlignTop,
                         QFontMetricsF(painter.font()).elidedText(note, Qt::ElideRight, rest.width()));
}

void drawDiagram(QCPPainter& painter, const QRectF& area, const GraphDrawing& graph, int selected) {
    const GraphStyle style = GraphStyle::print();
    const double margin = 10 * style.theme.unit;
    const QRectF bounds = graph.bounds().adjusted(-margin, -margin, margin, margin);
    const double scale = std::min({area.width() / bounds.width(), area.height() / bounds.height(), 1.0});
    painter.save();
    painter.translate(area.left() + (area.width() - bounds.width() * scale) / 2, area.top());
    painter.scale(scale, scale);
    painter.translate(-bounds.topLeft());
    graph.draw(painter, bounds, style, selected, true);
    painter.restore();
}

void drawPlot(QCPPainter& painter, const QRectF& area, ThemedPlot& plot) {
    plot.setTheme(PlotTheme::print());
    plot.setBackground(Qt::NoBrush);
    painter.save();
    painter.translate(area.topLeft());
    plot.toPainter(&painter, qRound(area.width()), qRound(area.height()));
    painter.restore();
}

void drawGaps(QCPPainter& painter, const QRectF& area, const LayersPicture& picture) {
    GapPlot plot;
    plot.setNames({}, Words::tr("as quantized"), Words::tr("with these bits"));
    plot.setCourses(picture.recipeGaps, picture.editedGaps);
    plot.setCursorStep(picture.step);
    plot.setLegendShown(!picture.editedGaps.empty());
    plot.xAxis->setLabel(Words::tr("step"));
    drawPlot(painter, area, plot);
}

void drawHistogram(QCPPainter& painter, const QRectF& area, const QString& title, const HistogramPlot::Counts& counts) {
    HistogramPlot plot;
    plot.setTitle(title);
    plot.setNames(Words::tr("before"), Words::tr("quantized"));
    plot.setCounts(counts);
    plot.setLegendShown(true);
    drawPlot(painter, area, plot);
}

bool hasHistograms(const LayersPicture& picture) {
    return !picture.weights.before.empty() || !picture.activations.before.empty();
}

/// Millimetres of what stands under the blame.
double plotsHeight(const LayersPicture& picture) {
    return (picture.recipeGaps.empty() ? 0 : kGap + kGaps) + (hasHistograms(picture) ? kGap + kHistograms : 0);
}

/// The course of the gap over two histograms beside each other.
void drawPlots(QCPPainter& painter, QRectF area, const LayersPicture& picture, const PlotTheme& theme) {
    const double mm = kFigureUnitsPerMillimetre;
    if (hasHistograms(picture)) {
        const double height =
            picture.recipeGaps.empty() ? area.height() : area.height() * kHistograms / (kGaps + kHistograms);
        const double width = (area.width() - kGap * mm) / 2;
        const QRectF left(area.left(), area.bottom() - height, width, height);
        if (!picture.weights.before.empty())
            drawHistogram(painter, left, Words::tr("Weights of %1").arg(picture.layer), picture.weights);
        if (!picture.activations.before.empty())
            drawHistogram(painter, left.translated(width + kGap * mm, 0), Words::tr("What %1 reads").arg(picture.layer),
                          picture.activations);
        area.adjust(0, 0, 0, -height - kGap * mm);
    }
    if (picture.recipeGaps.empty())
        return;
    const double line = kHeading * 0.7 * mm;
    heading(painter, QRectF(area.topLeft(), QSizeF(area.width(), line)), Words::tr("Gap"), picture.episode, theme);
    drawGaps(painter, area.adjusted(0, line, 0, 0), picture);
}

}  // namespace

Figure layersFigure(LayersPicture picture, const LayersModel& model) {
    const PlotTheme theme = PlotTheme::print();
    PairedBars bars = blameBars(model, picture.selectedLayer);
    GraphDrawing graph(std::move(picture.boxes), std::move(picture.edges), theme, kSpacing);
    Figure figure;
    figure.name = QStringLiteral("layers");
    const double plots = plotsHeight(picture);
    const double share = bars.rows.empty() && plots == 0 ? 1 : kDiagramShare;
    const double room = figure.width * kFigureUnitsPerMillimetre * share;
    const double diagram = graph.bounds().height() * std::min(1.0, room / std::max(1.0, graph.bounds().width())) /
                           kFigureUnitsPerMillimetre;
    const double blame = bars.rows.empty() ? 0 : heightOfPairedBars(bars, theme) / kFigureUnitsPerMillimetre;
    figure.height = 2 * kHeading + std::max({kSmallestHeight, blame + plots, std::min(diagram, kLargestDiagram)});
    const std::size_t left = model.layers().size() - bars.rows.size();
    const QString note = bars.rows.empty() || left == 0
                             ? QString()
                             : Words::tr("the %1 most blamed of %2").arg(bars.rows.size()).arg(model.layers().size());
    figure.draw = [picture = std::move(picture), bars = std::move(bars), graph = std::move(graph), plots, share, note](
                      QCPPainter& painter, QSize size) {
        const PlotTheme theme = PlotTheme::print();
        painter.fillRect(QRect(QPoint(), size), theme.background);
        const double mm = kFigureUnitsPerMillimetre, line = kHeading * mm;
        QRectF area{QPointF(), QSizeF(size)};
        heading(painter, QRectF(area.topLeft(), QSizeF(area.width(), line)),
                picture.quantized.isEmpty() ? Words::tr("Layers of %1").arg(picture.policy)
                                            : Words::tr("%1 against %2").arg(picture.quantized, picture.policy),
                {}, theme);
        area.adjust(0, line, 0, 0);
        const double width = area.width() * share;
        heading(painter, QRectF(area.topLeft(), QSizeF(width, line)), Words::tr("Diagram"), picture.colours, theme);
        drawDiagram(painter, QRectF(area.left(), area.top() + line, width, area.height() - line), graph,
                    picture.selectedBox);
        QRectF right = area.adjusted(width + kGap * mm, 0, 0, 0);
        if (!bars.rows.empty()) {
            const double height = line + std::min(1.5 * heightOfPairedBars(bars, theme),
                                                  std::max(0.0, right.height() - line - plots * mm));
            heading(painter, QRectF(right.topLeft(), QSizeF(right.width(), line)), Words::tr("Blame"), note, theme);
            drawPairedBars(painter, right.adjusted(0, line, 0, height - right.height()), bars, theme);
            right.adjust(0, height + kGap * mm, 0, 0);
        }
        if (plots > 0)
            drawPlots(painter,
                      QRectF(right.topLeft(), QSizeF(right.width(), std::min(right.height(), 1.3 * plots * mm))),
                      picture, theme);
    };
    return figure;
}

DataTable layersTable(const QString& policy, const LayersModel& model) {
    std::vector<QString> policies, names, operators;
    std::vector<qint64> parameters, weights, activations;
    std::vector<double> alone, allBut;
    for (std::size_t index = 0; index < model.layers().size(); ++index) {
        const SensitiveLayer& layer = model.layers()[index];
        policies.push_back(policy);
        names.push_back(toQString(layer.name));
        operators.push_back(toQString(layer.target));
        parameters.push_back(layer.parameters);
        weights.push_back(model.bits()[index].weights);
        activations.push_back(model.bits()[index].activations);
        const auto& report = model.report();
        alone.push_back(report ? report->layers[index].alone : std::nan(""));
        allBut.push_back(report ? report->layers[index].allBut : std::nan(""));
    }
    return DataTable{QStringLiteral("layers"),
                     {{QStringLiteral("policy"), std::move(policies)},
                      {QStringLiteral("layer"), std::move(names)},
                      {QStringLiteral("operator"), std::move(operators)},
                      {QStringLiteral("weights"), std::move(parameters)},
                      {QStringLiteral("weight bits"), std::move(weights)},
                      {QStringLiteral("activation bits"), std::move(activations)},
                      {QStringLiteral("gap alone (normalized)"), std::move(alone)},
                      {QStringLiteral("gap all but (normalized)"), std::move(allBut)}}};
}

}  // namespace sqil
