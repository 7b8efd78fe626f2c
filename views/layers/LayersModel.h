#pragma once
#include <QAbstractItemModel>
#include <optional>

#include "views/layers/LayersWorker.h"

namespace sqil {

/// A policy's operators as a tree by module path; layers with their widths and blame. A module with one operator is
/// that operator's row.
class LayersModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Operator, Shape, Parameters, WeightBits, ActivationBits, Alone, AllBut, ColumnCount };
    /// Blame as a share of the largest, 0 to 1, for bars.
    enum Role { ShareRole = Qt::UserRole + 1 };

    using QAbstractItemModel::QAbstractItemModel;

    void setContent(const GraphOutline& outline, const std::vector<SensitiveLayer>& layers);
    void setBits(const std::vector<LayerBits>& bits);
    void setReport(const std::optional<BlameReport>& report);
    const std::vector<LayerBits>& bits() const { return bits_; }
    const std::vector<SensitiveLayer>& layers() const { return layers_; }
    const std::optional<BlameReport>& report() const { return report_; }

    QModelIndex indexOfNode(std::size_t node) const;  ///< of the outline
    std::optional<std::size_t> nodeOf(const QModelIndex& index) const;
    std::optional<std::size_t> layerOf(const QModelIndex& index) const;
    std::optional<std::size_t> layerOfNode(std::size_t node) const;
    /// All layers in and below a row, with those that share their weights.
    std::vector<std::size_t> layersBelow(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Entry {
        QString name;
        int parent = -1;
        int row = 0;
        std::vector<int> children;
        int node = -1;   ///< of the outline; −1: a module
        int layer = -1;  ///< −1: nothing to quantize
        std::int64_t parameters = 0;
        bool isMerged = false;  ///< a module and its only operator
    };

    const Entry* entryOf(const QModelIndex& index) const;
    int addEntry(int parent, const QString& name);
    void mergeSingles();
    void emitChanged(Column first, Column last);
    QVariant text(const Entry& entry, int column) const;
    QVariant toolTip(const Entry& entry, int column) const;
    QString widthsBelow(const Entry& entry, bool weights) const;
    void collectLayers(const Entry& entry, std::vector<std::size_t>& layers) const;
    double blame(const Entry& entry, int column) const;

    GraphOutline outline_;
    std::vector<SensitiveLayer> layers_;
    std::vector<LayerBits> bits_;
    std::optional<BlameReport> report_;
    std::vector<Entry> entries_;
    std::vector<int> roots_;
    std::vector<int> entryOfNode_;
};

}  // namespace sqil
