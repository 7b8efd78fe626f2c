#include "views/layers/LayersWorker.h"

namespace sqil {

LayersWorker::LayersWorker(QObject* parent) : QThread(parent) {
    qRegisterMetaType<LayersContent>();
    qRegisterMetaType<LayerHistograms>();
    qRegisterMetaType<std::vector<LayerBits>>();
    qRegisterMetaType<std::vector<float>>();
    qRegisterMetaType<std::size_t>("std::size_t");
}

LayersWorker::~LayersWorker() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    wait();
}

void LayersWorker::setSource(const LayersSource& source) {
    {
        const std::lock_guard lock(mutex_);
        wantedSource_ = source;
        closeWanted_ = false;
        wantedGaps_.reset();
        wantedHistograms_.reset();
    }
    if (!isRunning())  // no thread before there is something to do
        start(QThread::LowPriority);
    wake_.notify_all();
}

void LayersWorker::clearSource() {
    const std::lock_guard lock(mutex_);
    wantedSource_.reset();
    wantedGaps_.reset();
    wantedHistograms_.reset();
    closeWanted_ = true;
    wake_.notify_all();
}

void LayersWorker::requestGaps(const std::vector<LayerBits>& bits, int episode) {
    const std::lock_guard lock(mutex_);
    wantedGaps_ = GapRequest{bits, episode};
    wake_.notify_all();
}

void LayersWorker::requestHistograms(std::size_t layer, LayerBits bits) {
    const std::lock_guard lock(mutex_);
    wantedHistograms_ = HistogramRequest{layer, bits};
    wake_.notify_all();
}

std::optional<LayersWorker::Work> LayersWorker::next() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] {
        return stop_ || closeWanted_ || wantedSource_ || (sensitivity_ && (wantedGaps_ || wantedHistograms_));
    });
    if (stop_)
        return std::nullopt;
    Work work;
    if (closeWanted_) {
        closeWanted_ = false;
        sensitivity_.reset();
    } else if (wantedSource_) {
        work.open = std::exchange(wantedSource_, std::nullopt);
    } else if (wantedGaps_) {
        work.gaps = std::exchange(wantedGaps_, std::nullopt);
    } else {
        work.histograms = std::exchange(wantedHistograms_, std::nullopt);
    }
    return work;
}

Progress LayersWorker::unlessReplaced(bool gapsToo) {
    return [this, gapsToo](auto, auto, auto) {
        const std::lock_guard lock(mutex_);
        return !stop_ && !closeWanted_ && !wantedSource_ && !(gapsToo && wantedGaps_);
    };
}

void LayersWorker::run() {
    while (const auto work = next()) {
        try {
            if (work->open)
                open(*work->open);
            else if (work->gaps)
                computeGaps(*work->gaps);
            else if (work->histograms)
                computeHistograms(*work->histograms);
        } catch (const std::exception& problem) {
            emit failed(source_, QString::fromUtf8(problem.what()));
        }
    }
    sensitivity_.reset();
}

void LayersWorker::tellFailure(const Error& error) {
    if (error.kind != ErrorKind::Cancelled)
        emit failed(source_, QString::fromStdString(error.message));
}

void LayersWorker::open(const LayersSource& source) {
    sensitivity_.reset();
    source_ = source.id;
    LayersContent content;
    content.source = source.id;
    auto outline = outlinePolicy(source.paths.policy);
    if (!outline)
        return tellFailure(outline.error());
    content.outline = std::move(*outline);
    auto made = LayerSensitivity::open(source.paths, source.rollouts, source.spec, unlessReplaced(false));
    if (!made)
        return tellFailure(made.error());
    sensitivity_ = std::move(*made);
    content.layers = sensitivity_->layers();
    content.bits = sensitivity_->recipeBits();
    if (const auto project = Project::open(source.project))
        if (const auto stored =
                (*project)->result(kBlameResult, blameSpecification(source.paths, source.rollouts->info().path,
                                                                    *sensitivity_, content.bits, source.blameSteps));
            stored && *stored)
            if (auto report = parseBlameReport((*stored)->resultJson, content.layers))
                content.report = std::move(*report);
    emit opened(content);
}

void LayersWorker::computeGaps(const GapRequest& request) {
    const auto gaps = sensitivity_->gaps(request.bits, std::size_t(request.episode), unlessReplaced(true));
    if (!gaps)
        return tellFailure(gaps.error());
    emit gapsComputed(source_, request.episode, request.bits, *gaps);
}

void LayersWorker::computeHistograms(const HistogramRequest& request) {
    const auto made = sensitivity_->histograms(request.layer, request.bits, unlessReplaced(true));
    if (!made && made.error().kind == ErrorKind::Cancelled) {
        const std::lock_guard lock(mutex_);  // again once the gaps are done, unless another layer is wanted
        if (!wantedHistograms_ && !wantedSource_ && !closeWanted_)
            wantedHistograms_ = request;
        return;
    }
    if (!made)
        return tellFailure(made.error());
    emit histogramsComputed(source_, request.layer, *made);
}

}  // namespace sqil
