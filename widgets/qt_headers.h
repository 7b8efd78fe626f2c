/// Precompiled for widgets/, views/ and app/studio/: Qt's and QCustomPlot's headers are most of what those files compile.
#pragma once
#include <QtWidgets>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>
