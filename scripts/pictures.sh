#!/usr/bin/env bash
# The pictures of the README and the tutorial, made by the program itself, without a display.
#
#   scripts/pictures.sh [FOLDER]     default: docs; needs a release build
set -euo pipefail
cd "$(dirname "$0")/.."

out=$(realpath -m "${1:-docs}")
mkdir -p "$out/tutorial"
export QT_QPA_PLATFORM=offscreen
studio=(build/release/bin/sqil-studio --theme dark --size 1280x800)

"${studio[@]}" --sample --screenshot "$out/screenshot.png"
"${studio[@]}" --screenshot "$out/tutorial/1-welcome.png"
"${studio[@]}" --sample --screenshot "$out/tutorial/2-failure.png"
"${studio[@]}" --sample --map difference --screenshot "$out/tutorial/3-difference.png"
"${studio[@]}" --sample --panel actions --screenshot "$out/tutorial/4-actions.png"
"${studio[@]}" --sample --panel layers --screenshot "$out/tutorial/5-layers.png"
ls -l "$out/screenshot.png" "$out"/tutorial/*.png
