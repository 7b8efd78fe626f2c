#pragma once
#include <QJsonValue>
#include <QString>
#include <vector>

#include "views/inspector/RecordedStep.h"

namespace sqil {

class StudioSession;

/// One thing known of the step.
struct StepFact {
    QString name;
    QString text;      ///< the value as people read it, with its unit
    QJsonValue value;  ///< the same for programs, at full precision
};

struct FactSection {
    QString title;
    std::vector<StepFact> facts;
};

/// Everything known of the step under the cursor. `recorded` is that step's, or another's while it is being read: then
/// what is recorded is left out. Empty where no step is selected.
std::vector<FactSection> stepFacts(StudioSession& session, const RecordedStep& recorded);

/// "Section", then "  name: text", one a line.
QString toText(const std::vector<FactSection>& sections);
/// An object of a section's facts by their names, by the sections' titles.
QString toJsonText(const std::vector<FactSection>& sections);

}  // namespace sqil
