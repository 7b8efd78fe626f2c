#!/usr/bin/env bash
# The pictures of the README and of docs/tutorial.md. The tutorial's are made by the test that walks it with mouse and
# keyboard, those of the job and benchmark panels by the program itself from a project that the command line fills.
#
#   scripts/pictures.sh [FOLDER]     default: docs; needs a release build with tests
#
# With xvfb-run the 3-D panel is in them; without, the others are made on Qt's offscreen platform.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(realpath -m "${1:-docs}")
bin=$PWD/build/release/bin
mkdir -p "$folder/tutorial"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if command -v xvfb-run >/dev/null; then
    display() { QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1920x1200x24" "$@"; }
else
    display() { QT_QPA_PLATFORM=offscreen "$@"; }
fi

SQIL_PICTURES="$folder/tutorial" display build/release/tests/test_tutorial

cp -r resources/sample "$work/sample"
"$bin/sqil" analyze --policy "$work/sample/policy.pt2" --rollouts "$work/sample/rollouts.hdf5" --perturbation patch-mean \
    --project "$work/study.sqil" >/dev/null
for recipe in qrd sqil; do
    "$bin/sqil" jobs submit train --project "$work/study.sqil" --policy "$work/sample/policy.pt2" \
        --rollouts "$work/sample/rollouts.hdf5" --recipe $recipe --weights 4 --activations 4 --steps 400 >/dev/null
done
"$bin/sqil" jobs run --project "$work/study.sqil" >/dev/null
for report in policy kernels; do
    [ ! -s tests/reports/$report.json ] ||
        "$bin/sqil" bench import tests/reports/$report.json --project "$work/study.sqil" >/dev/null
done
panel() {  # panel NAME LAYOUT OUT
    HOME="$work" display "$bin/sqil-studio" "$work/study.sqil" --layout "$2" --panel "$1" --theme light \
        --size 1280x800 --screenshot "$3"
}
panel jobs train "$folder/jobs.png"
panel benchmark benchmark "$folder/benchmark.png"
ls -l "$folder"/*.png "$folder"/tutorial/*.png
