#pragma once
#include <QMetaType>
#include <map>
#include <vector>

#include "core/analysis/Analysis.h"
#include "core/project/Project.h"

namespace sqil {

/// The saliency maps of one step under both policies.
struct StepMaps {
    std::vector<PlaceScores> fullPrecision, quantized;
    bool isEmpty() const { return fullPrecision.empty(); }
};

/// What a policy that is compared by its actions alone does: steps, and steps·width.
struct ComparedSeries {
    std::vector<float> gap, action;
};

/// Everything computed so far of one episode. Series have one value a step, NaN where there is none yet.
struct EpisodeResults {
    std::vector<float> sis, gap, divergence;
    std::map<std::string, std::vector<float>> sisOfModality;
    std::vector<float> action, quantizedAction;  ///< normalized, steps·width
    std::size_t width = 0;                       ///< action dimensions; 0: not known yet
    std::vector<ComparedSeries> others;          ///< as Comparison::others
    std::map<qint64, StepMaps> maps;

    /// By the place in Comparison::compared(): 0 is the primary policy. Empty where there is none.
    const std::vector<float>& gapOf(std::size_t compared) const;
    const std::vector<float>& actionOf(std::size_t compared) const;

    /// All series at their full length; what is there stays.
    void resize(std::size_t steps);
    /// Takes over one step's numbers and maps.
    void put(std::size_t step, std::size_t steps, const StepResult& result);
    /// Takes over actions and gap of one step.
    void putAction(std::size_t step, std::size_t steps, const StepResult& result);
    /// Fills what is missing here from what is there.
    void merge(const EpisodeResults& other);

    /// Whether SIS, and the gap where two policies are compared, are known at this step.
    bool hasNumbers(std::size_t step, bool compared) const;
    std::size_t stepsWithNumbers(bool compared) const;
};

/// From and to the project file, the primary policy's analysis. Series of another length than the episode's are left
/// out.
EpisodeResults fromSeries(const std::vector<Series>& series, std::size_t steps);
std::vector<Series> toSeries(const EpisodeResults& results, bool compared);
/// The same for another compared policy's analysis, which holds actions and gap only.
ComparedSeries comparedFromSeries(const std::vector<Series>& series, std::size_t steps);
std::vector<Series> toSeries(const EpisodeResults& results, const ComparedSeries& other);
StepMaps fromRecords(const std::vector<MapRecord>& records);
std::vector<MapRecord> toRecords(const StepMaps& maps);

}  // namespace sqil
