#pragma once
#include <QCache>
#include <QImage>
#include <QObject>
#include <QThreadPool>
#include <memory>
#include <vector>

#include "core/data/Rollouts.h"

namespace sqil {

/// The first and the middle frame of an episode, side by side.
struct EpisodePictures {
    QImage first, middle;
};

/// Small pictures of episodes, read off the GUI thread when they are asked for the first time; what was asked for last
/// is read first, so that scrolling does not wait for what has scrolled by. Lives on the GUI thread.
class Thumbnails : public QObject {
    Q_OBJECT
public:
    static constexpr int kHeight = 36;  ///< pixels

    explicit Thumbnails(QObject* parent = nullptr);
    ~Thumbnails() override;

    void setRollouts(std::shared_ptr<Rollouts> rollouts);
    bool hasCamera() const { return !camera_.isEmpty(); }
    /// Null: being read; ready() follows.
    const EpisodePictures* get(int episode);

signals:
    void ready(int episode);

private:
    void startNext();

    std::shared_ptr<Rollouts> rollouts_;
    QString camera_;
    int generation_ = 0;
    QCache<int, EpisodePictures> kept_;
    std::vector<int> asked_;  ///< the last one is read next
    bool isReading_ = false;
    QThreadPool pool_;
};

}  // namespace sqil
