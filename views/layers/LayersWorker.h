#pragma once
#include <QThread>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "core/analysis/layers/GraphOutline.h"
#include "core/analysis/layers/LayerReport.h"
#include "core/analysis/layers/LayerSensitivity.h"

namespace sqil {

/// What the layers are of. `id` grows with every change: what carries an older one came too late.
struct LayersSource {
    int id = 0;
    PolicyPaths paths;
    QuantSpec spec;  ///< where paths.quantized is empty
    std::shared_ptr<Rollouts> rollouts;
    std::filesystem::path project;
    std::int64_t blameSteps = 64;
};

/// What is known once the policies are open.
struct LayersContent {
    int source = 0;
    GraphOutline outline;
    std::vector<SensitiveLayer> layers;
    std::vector<LayerBits> bits;        ///< the recipe's
    std::optional<BlameReport> report;  ///< of these widths, where the project has it
};

/// Opens policies and tries widths, off the GUI thread. A newer request replaces the older one of its kind, and stops
/// it where it runs.
class LayersWorker : public QThread {
    Q_OBJECT
public:
    explicit LayersWorker(QObject* parent = nullptr);
    ~LayersWorker() override;

    void setSource(const LayersSource& source);
    void clearSource();
    void requestGaps(const std::vector<LayerBits>& bits, int episode);
    void requestHistograms(std::size_t layer, LayerBits bits);

signals:
    void opened(const sqil::LayersContent& content);
    void gapsComputed(int source, int episode, const std::vector<sqil::LayerBits>& bits,
                      const std::vector<float>& gaps);
    void histogramsComputed(int source, std::size_t layer, const sqil::LayerHistograms& histograms);
    void failed(int source, const QString& message);

protected:
    void run() override;

private:
    struct GapRequest {
        std::vector<LayerBits> bits;
        int episode = 0;
    };
    struct HistogramRequest {
        std::size_t layer = 0;
        LayerBits bits;
    };
    struct Work {
        std::optional<LayersSource> open;
        std::optional<GapRequest> gaps;
        std::optional<HistogramRequest> histograms;
    };

    std::optional<Work> next();
    void open(const LayersSource& source);
    void computeGaps(const GapRequest& request);
    void computeHistograms(const HistogramRequest& request);
    void tellFailure(const Error& error);
    Progress unlessReplaced(bool gapsToo);

    std::mutex mutex_;
    std::condition_variable wake_;
    bool stop_ = false;
    std::optional<LayersSource> wantedSource_;
    bool closeWanted_ = false;
    std::optional<GapRequest> wantedGaps_;
    std::optional<HistogramRequest> wantedHistograms_;

    // The working thread's own.
    std::unique_ptr<LayerSensitivity> sensitivity_;
    int source_ = 0;
};

}  // namespace sqil

Q_DECLARE_METATYPE(sqil::LayersContent)
Q_DECLARE_METATYPE(sqil::LayerHistograms)
Q_DECLARE_METATYPE(std::vector<sqil::LayerBits>)
