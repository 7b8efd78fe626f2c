#include "views/layers/LayersModel.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include "views/session/Paths.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

QString shapeText(const std::vector<std::string>& shape) {
    QStringList sizes;
    for (const std::string& size : shape)
        // The batch is the exporter's symbol.
        sizes << (size.find_first_not_of("0123456789") == std::string::npos ? toQString(size) : QStringLiteral("N"));
    return sizes.join(QStringLiteral(" × "));
}

QString operatorName(const std::string& target) {
    QString name = toQString(target);
    if (const auto colons = name.lastIndexOf(QLatin1String("::")); colons >= 0)
        name = name.mid(colons + 2);
    return name.section(QLatin1Char('.'), 0, 0);
}

QString widthText(int bits) {
    return bits >= kFullPrecisionBits ? LayersModel::tr("float") : QString::number(bits);
}

}  // namespace

void LayersModel::setContent(const GraphOutline& outline, const std::vector<SensitiveLayer>& layers) {
    beginResetModel();
    outline_ = outline;
    layers_ = layers;
    bits_.clear();
    report_.reset();
    entries_.clear();
    roots_.clear();
    entryOfNode_.assign(outline.nodes.size(), -1);
    for (const SensitiveLayer& layer : layers)
        bits_.push_back(layer.bits);
    std::map<std::string, int> layerNamed;
    for (std::size_t layer = 0; layer < layers.size(); ++layer)
        layerNamed[layers[layer].name] = int(layer);
    std::map<QString, int> modules;
    for (std::size_t node = 0; node < outline.nodes.size(); ++node) {
        const OutlineNode& each = outline.nodes[node];
        int parent = -1;
        QString path;
        for (const QString& part : toQString(each.module).split(QLatin1Char('.'), Qt::SkipEmptyParts)) {
            path += (path.isEmpty() ? QString() : QStringLiteral(".")) + part;
            const auto known = modules.find(path);
            parent = known != modules.end() ? known->second : modules[path] = addEntry(parent, part);
        }
        const int entry = addEntry(parent, toQString(each.name));
        entries_[std::size_t(entry)].node = int(node);
        entries_[std::size_t(entry)].parameters = each.parameters;
        if (const auto layer = layerNamed.find(each.layer); !each.layer.empty() && layer != layerNamed.end())
            entries_[std::size_t(entry)].layer = layer->second;
        for (int above = parent; above >= 0; above = entries_[std::size_t(above)].parent)
            entries_[std::size_t(above)].parameters += each.parameters;
    }
    mergeSingles();
    for (std::size_t entry = 0; entry < entries_.size(); ++entry)
        if (entries_[entry].node >= 0)
            entryOfNode_[std::size_t(entries_[entry].node)] = int(entry);
    endResetModel();
}

int LayersModel::addEntry(int parent, const QString& name) {
    const int index = int(entries_.size());
    auto& siblings = parent >= 0 ? entries_[std::size_t(parent)].children : roots_;
    Entry entry;
    entry.name = name;
    entry.parent = parent;
    entry.row = int(siblings.size());
    siblings.push_back(index);
    entries_.push_back(std::move(entry));
    return index;
}

/// A module around one operator becomes that operator's row, under the module's name.
void LayersModel::mergeSingles() {
    for (std::size_t index = entries_.size(); index-- > 0;) {
        Entry& module = entries_[index];
        if (module.node >= 0 || module.children.size() != 1)
            continue;
        const Entry& only = entries_[std::size_t(module.children.front())];
        if (only.node < 0)
            continue;
        module.node = only.node;
        module.layer = only.layer;
        if (only.isMerged)
            module.name += QLatin1Char('.') + only.name;
        module.isMerged = true;
        entries_[std::size_t(module.children.front())].node = -1;  // no longer reachable
        module.children.clear();
    }
}

void LayersModel::setBits(const std::vector<LayerBits>& bits) {
    bits_ = bits;
    emitChanged(WeightBits, ActivationBits);
}

void LayersModel::setReport(const std::optional<BlameReport>& report) {
    report_ = report;
    emitChanged(Alone, AllBut);
}

void LayersModel::emitChanged(Column first, Column last) {
    const std::function<void(const QModelIndex&)> visit = [&](const QModelIndex& parent) {
        const int rows = rowCount(parent);
        if (rows == 0)
            return;
        emit dataChanged(index(0, first, parent), index(rows - 1, last, parent));
        for (int row = 0; row < rows; ++row)
            visit(index(row, 0, parent));
    };
    visit({});
}

const LayersModel::Entry* LayersModel::entryOf(const QModelIndex& index) const {
    return index.isValid() ? &entries_[std::size_t(index.internalId())] : nullptr;
}

QModelIndex LayersModel::indexOfNode(std::size_t node) const {
    if (node >= entryOfNode_.size() || entryOfNode_[node] < 0)
        return {};
    const int entry = entryOfNode_[node];
    return createIndex(entries_[std::size_t(entry)].row, 0, quintptr(entry));
}

std::optional<std::size_t> LayersModel::nodeOf(const QModelIndex& index) const {
    const Entry* entry = entryOf(index);
    return entry && entry->node >= 0 ? std::optional(std::size_t(entry->node)) : std::nullopt;
}

std::optional<std::size_t> LayersModel::layerOf(const QModelIndex& index) const {
    const Entry* entry = entryOf(index);
    return entry && entry->layer >= 0 ? std::optional(std::size_t(entry->layer)) : std::nullopt;
}

std::optional<std::size_t> LayersModel::layerOfNode(std::size_t node) const {
    return layerOf(indexOfNode(node));
}

void LayersModel::collectLayers(const Entry& entry, std::vector<std::size_t>& layers) const {
    if (entry.layer >= 0)
        layers.push_back(std::size_t(entry.layer));
    for (const int child : entry.children)
        collectLayers(entries_[std::size_t(child)], layers);
}

std::vector<std::size_t> LayersModel::layersBelow(const QModelIndex& index) const {
    std::set<std::size_t> all;
    if (const Entry* entry = entryOf(index)) {
        std::vector<std::size_t> found;
        collectLayers(*entry, found);
        for (const std::size_t layer : found)
            all.insert(layers_[layer].sharing.begin(), layers_[layer].sharing.end());
    }
    return {all.begin(), all.end()};
}

QModelIndex LayersModel::index(int row, int column, const QModelIndex& parent) const {
    const auto& children = parent.isValid() ? entryOf(parent)->children : roots_;
    if (row < 0 || row >= int(children.size()) || column < 0 || column >= ColumnCount)
        return {};
    return createIndex(row, column, quintptr(children[std::size_t(row)]));
}

QModelIndex LayersModel::parent(const QModelIndex& index) const {
    const Entry* entry = entryOf(index);
    if (!entry || entry->parent < 0)
        return {};
    return createIndex(entries_[std::size_t(entry->parent)].row, 0, quintptr(entry->parent));
}

int LayersModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid() && parent.column() != 0)
        return 0;
    return int(parent.isValid() ? entryOf(parent)->children.size() : roots_.size());
}

int LayersModel::columnCount(const QModelIndex&) const {
    return ColumnCount;
}

QString LayersModel::widthsBelow(const Entry& entry, bool weights) const {
    std::vector<std::size_t> layers;
    collectLayers(entry, layers);
    int low = std::numeric_limits<int>::max(), high = 0;
    for (const std::size_t layer : layers) {
        const int width = weights ? bits_[layer].weights : bits_[layer].activations;
        low = std::min(low, width);
        high = std::max(high, width);
    }
    if (layers.empty())
        return {};
    return low == high ? widthText(low) : widthText(low) + QStringLiteral(" – ") + widthText(high);
}

double LayersModel::blame(const Entry& entry, int column) const {
    if (entry.layer < 0 || !report_)
        return std::numeric_limits<double>::quiet_NaN();
    const LayerBlame& blame = report_->layers[std::size_t(entry.layer)];
    return column == Alone ? blame.alone : blame.allBut;
}

QVariant LayersModel::text(const Entry& entry, int column) const {
    const OutlineNode* node = entry.node >= 0 ? &outline_.nodes[std::size_t(entry.node)] : nullptr;
    switch (column) {
        case Name:
            return entry.name;
        case Operator:
            return !node ? QString() : node->target.empty() ? tr("input") : operatorName(node->target);
        case Shape:
            return node ? shapeText(node->outputShape) : QString();
        case Parameters:
            return entry.parameters > 0 ? QLocale().toString(qlonglong(entry.parameters)) : QString();
        case WeightBits:
        case ActivationBits:
            return widthsBelow(entry, column == WeightBits);
        case Alone:
        case AllBut: {
            const double value = blame(entry, column);
            return std::isnan(value) ? QString() : significant(value);
        }
        default:
            return {};
    }
}

QVariant LayersModel::toolTip(const Entry& entry, int column) const {
    if (column == Alone && entry.layer >= 0)
        return tr("Mean action gap over %1 recorded steps when this layer alone is quantized (normalized units)")
            .arg(report_ ? report_->steps : 0);
    if (column == AllBut && entry.layer >= 0)
        return tr("Mean action gap when every layer but this one is quantized (normalized units); all: %1")
            .arg(report_ ? significant(report_->gap) : QStringLiteral("–"));
    if ((column == WeightBits || column == ActivationBits) && entry.layer >= 0)
        return tr(
            "Keys 2 to 8 set the weights' bits of the selected rows, 0 floating point; with Alt the activations'");
    if (entry.node < 0)
        return {};
    const OutlineNode& node = outline_.nodes[std::size_t(entry.node)];
    return node.target.empty() ? tr("Input of the policy")
                               : tr("%1\nin module %2").arg(toQString(node.target), toQString(node.module));
}

QVariant LayersModel::data(const QModelIndex& index, int role) const {
    const Entry* entry = entryOf(index);
    if (!entry)
        return {};
    switch (role) {
        case Qt::DisplayRole:
            return text(*entry, index.column());
        case Qt::ToolTipRole:
            return toolTip(*entry, index.column());
        case Qt::TextAlignmentRole:
            return int(Qt::AlignVCenter | (index.column() >= Parameters ? Qt::AlignRight : Qt::AlignLeft));
        case ShareRole: {
            const double value = blame(*entry, index.column());
            if (index.column() < Alone || std::isnan(value))
                return {};
            double largest = report_->gap;
            for (const LayerBlame& blame : report_->layers)
                largest = std::max({largest, blame.alone, std::isnan(blame.allBut) ? 0.0 : blame.allBut});
            return largest > 0 ? value / largest : 0.0;
        }
        default:
            return {};
    }
}

QVariant LayersModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    static const char* const names[] = {QT_TR_NOOP("Layer"),  QT_TR_NOOP("Operator"), QT_TR_NOOP("Output"),
                                        QT_TR_NOOP("Params"), QT_TR_NOOP("W bits"),   QT_TR_NOOP("A bits"),
                                        QT_TR_NOOP("Alone"),  QT_TR_NOOP("All but")};
    static const char* const tips[] = {
        QT_TR_NOOP("Modules, layers and operators of the policy"),
        QT_TR_NOOP("ATen operator"),
        QT_TR_NOOP("Shape of the result; N is the batch"),
        QT_TR_NOOP("Numbers that the operator reads as parameters"),
        QT_TR_NOOP("Bits of a weight"),
        QT_TR_NOOP("Bits of what the layer reads"),
        QT_TR_NOOP("Blame: mean action gap when the layer alone is quantized (normalized units)"),
        QT_TR_NOOP("Mean action gap when all layers but this one are quantized (normalized units)")};
    if (role == Qt::DisplayRole)
        return tr(names[section]);
    if (role == Qt::ToolTipRole)
        return tr(tips[section]);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section >= Parameters ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

}  // namespace sqil
