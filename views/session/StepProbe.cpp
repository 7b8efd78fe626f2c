#include "views/session/StepProbe.h"

#include "views/session/Paths.h"
#include "views/session/StudioSession.h"

namespace sqil {
namespace {

constexpr std::size_t kMostKept = 400;  ///< maps: going back and forth computes nothing again

}  // namespace

struct StepProbe::Loaded {
    std::mutex mutex;
    Comparison comparison;
    std::map<std::size_t, std::unique_ptr<PolicyProbe>> policies;  ///< 0: the reference

    /// With the mutex locked.
    Result<PolicyProbe*> policy(std::size_t index) {
        auto& stored = policies[index];
        if (!stored) {
            const auto& path = index == 0 ? comparison.policy.path : comparison.compared(index - 1).path;
            auto opened = PolicyProbe::open(path, comparison.rollouts, comparison.spec);
            if (!opened)
                return tl::unexpected(opened.error());
            stored = std::move(*opened);
        }
        return stored.get();
    }
};

StepProbe::StepProbe(StudioSession& session, QObject* parent)
    : QObject(parent),
      session_(session),
      mapTask_([this](Maps computed) {
          underWay_.erase(computed.key);
          if (computed.scores) {
              if (maps_.size() >= kMostKept)
                  maps_.clear();
              maps_[computed.key] = std::move(*computed.scores);
          } else {
              problems_[std::get<0>(computed.key)] = toQString(computed.scores.error().message);
          }
          emit mapsChanged();
          computeNextMaps();
      }),
      spreadTask_([this](Spreads computed) {
          spreads_ = std::move(computed);
          emit spreadChanged();
      }) {
    connect(&session_, &StudioSession::comparisonChanged, this, &StepProbe::forget);
    connect(&session_, &StudioSession::cardChanged, this, &StepProbe::follow);
    connect(&session_.selection(), &Selection::episodeChanged, this, &StepProbe::follow);
    connect(&session_.selection(), &Selection::stepChanged, this, &StepProbe::follow);
}

StepProbe::~StepProbe() = default;

void StepProbe::forget() {
    if (loaded_ && loaded_->comparison.id == session_.comparison().id)
        return;  // names have changed
    mapTask_.reset();
    spreadTask_.reset();
    maps_.clear();
    problems_.clear();
    underWay_.clear();
    spreads_ = {};
    loaded_.reset();
    if (session_.hasPolicy() && session_.hasRollouts()) {
        loaded_ = std::make_shared<Loaded>();
        loaded_->comparison = session_.comparison();
    }
    follow();
}

void StepProbe::follow() {
    computeNextMaps();
    computeSpread();
}

void StepProbe::setMapsWanted(bool wanted) {
    mapsWanted_ = wanted;
    computeNextMaps();
}

const std::vector<PlaceScores>* StepProbe::maps(std::size_t compared, int episode, qint64 step) const {
    const auto found = maps_.find({compared, episode, step});
    return found == maps_.end() ? nullptr : &found->second;
}

bool StepProbe::hasAllMaps(int episode, qint64 step) const {
    for (std::size_t compared = 1; compared < session_.comparedCount(); ++compared)
        if (!maps(compared, episode, step) && !problems_.contains(compared))
            return false;
    return true;
}

QString StepProbe::problem(std::size_t compared) const {
    const auto found = problems_.find(compared);
    return found == problems_.end() ? QString() : found->second;
}

void StepProbe::computeNextMaps() {
    const int episode = session_.selection().episode();
    const qint64 step = session_.selection().step();
    if (!mapsWanted_ || !loaded_ || episode < 0)
        return;
    for (std::size_t compared = 1; compared < session_.comparedCount(); ++compared) {
        const Key key{compared, episode, step};
        if (maps_.contains(key) || problems_.contains(compared))
            continue;
        if (underWay_.contains(key))
            return;
        underWay_ = {key};  // what waited before is replaced
        mapTask_.start([loaded = loaded_, key, episode, step, compared]() -> Maps {
            const std::lock_guard lock(loaded->mutex);
            const auto policy = loaded->policy(compared + 1);
            if (!policy)
                return {key, tl::unexpected(policy.error())};
            return {key, (*policy)->saliency(static_cast<std::size_t>(episode), step)};
        });
        return;
    }
}

void StepProbe::setSpreadWanted(bool wanted, qint64 reach) {
    spreadWanted_ = wanted;
    reach_ = reach;
    computeSpread();
}

const ActionSpread* StepProbe::spread(std::size_t policy) const {
    const auto found = spreads_.of.find(policy);
    return found == spreads_.of.end() || spreads_.episode != session_.selection().episode() ? nullptr : &found->second;
}

void StepProbe::computeSpread() {
    const int episode = session_.selection().episode();
    const ActionHead head = session_.card().head;
    if (!spreadWanted_ || !loaded_ || episode < 0 || (head != ActionHead::Gaussian && head != ActionHead::Beta))
        return;
    spreadTask_.start([loaded = loaded_, episode, first = session_.selection().step() - reach_, count = 2 * reach_ + 1,
                       policies = session_.comparedCount() + 1] {
        const std::lock_guard lock(loaded->mutex);
        Spreads spreads{episode, {}};
        for (std::size_t index = 0; index < policies; ++index)
            if (const auto policy = loaded->policy(index))
                if (auto spread = (*policy)->spread(static_cast<std::size_t>(episode), first, count))
                    spreads.of[index] = std::move(*spread);
        return spreads;
    });
}

}  // namespace sqil
