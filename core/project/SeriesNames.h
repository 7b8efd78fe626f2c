#pragma once
#include <string>

/// Names of the series that an analysis keeps in the project file, one blob an episode.
namespace sqil::series {

inline const std::string kSis = "sis";                ///< over all places
inline const std::string kGap = "gap";                ///< normalized units
inline const std::string kDivergence = "divergence";  ///< of the two policies' saliency maps
inline const std::string kAction = "action";          ///< normalized, width: action dimensions
inline const std::string kQuantizedAction = "quantized_action";
inline std::string sisOf(const std::string& input) {
    return "sis/" + input;
}

}  // namespace sqil::series
