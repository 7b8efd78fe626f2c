#pragma once
#include <QObject>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <tuple>

#include "core/analysis/PolicyProbe.h"
#include "views/session/LatestTask.h"

namespace sqil {

class StudioSession;

/// What is computed for the step on screen alone, off the GUI thread: the saliency of the compared policies whose maps
/// the analysis does not keep (all but the primary one), and how sure Gaussian and Beta heads are of their action.
/// Nothing is computed that no view wants. Lives on the GUI thread.
class StepProbe : public QObject {
    Q_OBJECT
public:
    explicit StepProbe(StudioSession& session, QObject* parent = nullptr);
    ~StepProbe() override;

    void setMapsWanted(bool wanted);
    /// Of the policy in Comparison::compared(), from 1, at a step; null: not there (yet).
    const std::vector<PlaceScores>* maps(std::size_t compared, int episode, qint64 step) const;
    /// Whether those of every compared policy are there, or cannot be had.
    bool hasAllMaps(int episode, qint64 step) const;
    QString problem(std::size_t compared) const;  ///< why there are no maps of it; empty: there will be

    /// Steps on both sides of the cursor.
    void setSpreadWanted(bool wanted, qint64 reach = 0);
    /// Of the reference (0) or a compared policy (from 1) around the cursor; null: not there yet, or another head.
    const ActionSpread* spread(std::size_t policy) const;

signals:
    void mapsChanged();
    void spreadChanged();

private:
    using Key = std::tuple<std::size_t, int, qint64>;
    struct Loaded;  ///< the policies, used by one thread at a time
    struct Maps {
        Key key;
        Result<std::vector<PlaceScores>> scores;
    };
    struct Spreads {
        int episode = -1;
        std::map<std::size_t, ActionSpread> of;
    };

    void forget();
    void follow();
    void computeNextMaps();
    void computeSpread();

    StudioSession& session_;
    std::shared_ptr<Loaded> loaded_;
    bool mapsWanted_ = false, spreadWanted_ = false;
    qint64 reach_ = 0;
    std::map<Key, std::vector<PlaceScores>> maps_;
    std::map<std::size_t, QString> problems_;
    std::set<Key> underWay_;
    Spreads spreads_;
    LatestTask<Maps> mapTask_;
    LatestTask<Spreads> spreadTask_;
};

}  // namespace sqil
