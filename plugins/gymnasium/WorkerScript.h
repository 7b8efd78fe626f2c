#pragma once
#include <string>

namespace sqil {

/// The text of sqil_worker.py, part of the program: it works wherever the program lies.
std::string workerScript();

}  // namespace sqil
