#!/usr/bin/env bash
# The pictures of the README and of docs/tutorial.md, made by the test that walks the tutorial with mouse and keyboard.
#
#   scripts/pictures.sh [FOLDER]     default: docs/tutorial; needs a release build with tests
#
# With xvfb-run the 3-D panel is in them; without, the others are made on Qt's offscreen platform.
set -euo pipefail
cd "$(dirname "$0")/.."

export SQIL_PICTURES
SQIL_PICTURES=$(realpath -m "${1:-docs/tutorial}")
test=build/release/tests/test_tutorial
if command -v xvfb-run >/dev/null; then
    QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1920x1200x24" "$test"
else
    QT_QPA_PLATFORM=offscreen "$test"
fi
ls -l "$SQIL_PICTURES"/*.png
