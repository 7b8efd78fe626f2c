#!/usr/bin/env bash
# One command from a bare Debian 12 to the first picture: installs what is missing, builds, and
# opens SQIL Studio on the sample policy. Without a display it does the same analysis headless and
# writes its numbers and figures under out/.
#
#   scripts/run.sh [ARGUMENTS OF sqil-studio…]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
scripts/build.sh release
bin=$PWD/build/release/bin

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    [ $# -gt 0 ] || set -- --sample
    exec "$bin/sqil-studio" "$@"
fi

echo "No display: analysing the sample headless."
sample=resources/sample
mkdir -p out
"$bin/sqil" quantize --policy $sample/policy.pt2 --rollouts $sample/rollouts.hdf5 \
    --method ptq --weights 4 --activations 16 --granularity channel --out out/policy-w4a16.pt2
"$bin/sqil" analyze --policy $sample/policy.pt2 --quantized out/policy-w4a16.pt2 --rollouts $sample/rollouts.hdf5 \
    --perturbation greydanus --json out/analysis.json --project out/sample.sqil
"$bin/sqil" export out/sample.sqil --format csv --out out/analysis.csv
QT_QPA_PLATFORM=offscreen "$bin/sqil-studio" out/sample.sqil --export out/figures
echo "Numbers: $PWD/out/analysis.json, $PWD/out/analysis.csv"
echo "Figures: $PWD/out/figures/"
