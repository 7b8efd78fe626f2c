#pragma once
#include <QImage>
#include <QObject>
#include <QRectF>
#include <map>
#include <string>

#include "core/analysis/PerturbedFrame.h"
#include "views/session/LatestTask.h"
#include "views/session/StudioSession.h"
#include "widgets/HeatMap.h"

namespace sqil {

/// The place of a map nearest to a point of the picture (fractions); −1 where the map is empty.
int nearestPlace(const PlaceMap& map, QPointF fraction);

/// Pictures as the policy was shown them with one place perturbed, computed off the GUI thread when they are asked for.
class PerturbationPeek : public QObject {
    Q_OBJECT
public:
    explicit PerturbationPeek(StudioSession& session, QObject* parent = nullptr);

    struct Peek {
        QImage picture;
        QRectF reach;  ///< fractions of the picture
        QString problem;
    };
    /// Asks for a camera's picture of the step on screen; ready() follows, at once where it is known.
    void request(const std::string& camera, int place);
    const Peek* peek(const std::string& camera, int place) const;  ///< null: not there yet

signals:
    void ready();

private:
    struct Key {
        int episode = 0;
        qint64 step = 0;
        std::string camera;
        int place = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct Made {
        Key key;
        Result<PerturbedFrame> frame;
    };
    Key keyOf(const std::string& camera, int place) const;

    StudioSession& session_;
    std::map<Key, Peek> known_;
    LatestTask<Made> making_;
};

}  // namespace sqil
