#pragma once
#include <nlohmann/json.hpp>

namespace sqil::cli {

// Reports of `sqil bench` as tables for people.
void printMachine(const nlohmann::json& report);
void printNotes(const nlohmann::json& report);
void printPolicy(const nlohmann::json& report);
void printKernels(const nlohmann::json& report);
void printSaliency(const nlohmann::json& report);
void printTrain(const nlohmann::json& report);
void printRollouts(const nlohmann::json& report);
void printCheck(const nlohmann::json& report);

}  // namespace sqil::cli
