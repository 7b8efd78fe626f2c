#include "views/frames/PerturbationPeek.h"

#include <algorithm>
#include <cmath>

#include "views/session/Paths.h"

namespace sqil {
namespace {

constexpr std::size_t kMostKept = 600;

QImage pictureOf(const PerturbedFrame& frame) {
    const QImage view(frame.pixels.data(), static_cast<int>(frame.width), static_cast<int>(frame.height),
                      static_cast<qsizetype>(frame.width * 3), QImage::Format_RGB888);
    return view.convertToFormat(QImage::Format_RGB32);  // a copy
}

}  // namespace

int nearestPlace(const PlaceMap& map, QPointF fraction) {
    if (map.isEmpty())
        return -1;
    const auto along = [](double at, double first, double stride, int count) {
        return std::clamp(static_cast<int>(std::lround((at - first) / stride)), 0, count - 1);
    };
    return along(fraction.y(), map.firstY, map.strideY, map.rows) * map.columns +
           along(fraction.x(), map.firstX, map.strideX, map.columns);
}

PerturbationPeek::PerturbationPeek(StudioSession& session, QObject* parent)
    : QObject(parent), session_(session), making_([this](Made made) {
          if (known_.size() >= kMostKept)
              known_.clear();
          Peek& peek = known_[made.key];
          if (made.frame) {
              peek.picture = pictureOf(*made.frame);
              peek.reach =
                  QRectF(QPointF(made.frame->left, made.frame->top), QPointF(made.frame->right, made.frame->bottom));
          } else {
              peek.problem = toQString(made.frame.error().message);
          }
          emit ready();
      }) {
    const auto forget = [this] {
        making_.reset();
        known_.clear();
    };
    connect(&session_, &StudioSession::comparisonChanged, this, forget);
    connect(&session_, &StudioSession::cardChanged, this, forget);
}

PerturbationPeek::Key PerturbationPeek::keyOf(const std::string& camera, int place) const {
    return {session_.frames().episode, session_.frames().step, camera, place};
}

const PerturbationPeek::Peek* PerturbationPeek::peek(const std::string& camera, int place) const {
    const auto found = known_.find(keyOf(camera, place));
    return found == known_.end() ? nullptr : &found->second;
}

void PerturbationPeek::request(const std::string& camera, int place) {
    const auto& inputs = session_.card().inputs;
    const auto input = std::find_if(inputs.begin(), inputs.end(), [&](const CardInput& one) {
        return one.key == camera && one.kind == InputKind::Image;
    });
    const auto& perturbations = session_.comparison().spec.perturbations;
    const auto spec = std::find_if(perturbations.begin(), perturbations.end(),
                                   [](const PerturbationSpec& one) { return one.kind != PerturbationKind::State; });
    if (place < 0 || input == inputs.end() || spec == perturbations.end() || !session_.hasRollouts())
        return;
    if (peek(camera, place)) {
        emit ready();
        return;
    }
    making_.start([rollouts = session_.comparison().rollouts, key = keyOf(camera, place), input = *input,
                   spec = *spec]() -> Made {
        return {key,
                perturbedFrame(*rollouts, static_cast<std::size_t>(key.episode), key.step, input, spec, key.place)};
    });
}

}  // namespace sqil
