#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests under a virtual display.
#
#   scripts/test.sh [PRESET] [ARGUMENTS OF ctest…]     PRESET: release (default), asan
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-release}
shift || true
scripts/setup.sh tests
scripts/build.sh "$preset"

# Qt's own leaks at exit are not ours to judge; LibTorch keeps its registries until the end.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
exec xvfb-run --auto-servernum --server-args="-screen 0 1920x1200x24" ctest --preset "$preset" "$@"
