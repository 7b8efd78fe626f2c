#!/bin/sh
# Measures what tests/reports/repair.md reports: recipes compared in simulators, takeover, and failures beside SIS.
#
#   scripts/evidence.sh                # everything that is missing, then the report
#   scripts/evidence.sh sample report  # some sections only: sample, drawer, locomotion, cartpole, cheetah, start, long, map, takeover,
#                                      # failures, report
#
# Resumable: rows stay in the projects under $EVIDENCE (out/evidence), and are only printed again. Settings:
#   SQIL        the command line               build/release/bin/sqil
#   PYTHON      with the simulators            ~/.cache/sqil-studio/env/bin/python (scripts/setup.sh tests)
#   SB3_AGENTS  folder with HalfCheetah-v3.zip and Walker2d-v3.zip, SAC agents of DLR-RM/rl-trained-agents
#   WORKERS     simulator processes            1
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
: "${SQIL:=$root/build/release/bin/sqil}" "${EVIDENCE:=$root/out/evidence}" "${WORKERS:=1}"
: "${PYTHON:=$HOME/.cache/sqil-studio/env/bin/python}" "${SB3_AGENTS:=$root/../shared/data/sb3-sac}"
export OMP_NUM_THREADS=1 SQIL_PYTHON="$PYTHON"
mkdir -p "$EVIDENCE"

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

# compare NAME ARGUMENTS…: one table, in NAME.sqil, NAME.json and NAME.csv. Episodes have the seeds 1, 2, …; everything
# that was chosen (learning rate, steps, data) was chosen on training seed 100 and on episodes from 7001.
compare() {
    name=$1
    shift
    say "compare $name"
    "$SQIL" compare --project "$EVIDENCE/$name.sqil" --out "$EVIDENCE/$name.json" --csv "$EVIDENCE/$name.csv" \
        --seed 1 --workers "$WORKERS" "$@" >"$EVIDENCE/$name.txt"
}

# Sixty episodes of Metaworld's scripted expert, as the sample was cloned from (other seeds than any evaluation).
demonstrations() {
    task=$1 folder=$2
    shift 2
    [ -s "$EVIDENCE/$folder/demonstrations.hdf5" ] ||
        "$PYTHON" "$root/scripts/make_sample.py" --task "$task" --demonstrations 60 --workers "$WORKERS" \
            --output "$EVIDENCE/$folder" --work "$EVIDENCE/$folder/work" "$@" >&2
}

sample() {
    demonstrations pick-place-v3 pick-place --only demonstrations
    compare pick-place-w4a4-all --policy "$root/resources/sample/policy.pt2" \
        --rollouts "$EVIDENCE/pick-place/demonstrations.hdf5" --env metaworld/pick-place-v3 --episodes 100 \
        --weights 4 --activations 4 --quantize-ends --steps 500 --seeds 3
}

# A policy cloned from sixty demonstrations, as the sample's is.
drawer() {
    demonstrations drawer-open-v3 drawer-open --only policy
    compare drawer-open-w4a4-all --policy "$EVIDENCE/drawer-open/policy.pt2" \
        --rollouts "$EVIDENCE/drawer-open/demonstrations.hdf5" --env metaworld/drawer-open-v3 --episodes 100 \
        --weights 4 --activations 4 --quantize-ends --steps 500 --seeds 3
}

# A full-precision policy and its own rollouts with disturbed actions, from a Stable-Baselines3 agent.
agent() {
    folder=$EVIDENCE/$1
    [ -s "$folder/policy.pt2" ] || "$PYTHON" "$root/tests/reference/control_experts.py" sb3 "$SB3_AGENTS/$2" "$folder" >&2
    [ -s "$folder/rollouts.hdf5" ] ||
        "$SQIL" evaluate --policy "$folder/policy.pt2" --env "$3" --episodes 100 --seed 5001 --workers "$WORKERS" \
            --disturb 0.2 --record "$folder/rollouts.hdf5" >&2
}

locomotion() {
    agent walker2d Walker2d-v3.zip gym/Walker2d-v5
    compare walker2d-w4a16 --policy "$EVIDENCE/walker2d/policy.pt2" --rollouts "$EVIDENCE/walker2d/rollouts.hdf5" \
        --env gym/Walker2d-v5 --episodes 100 --weights 4 --activations 16 --steps 5000 --seeds 8 \
        --set batch=256 --set learning_rate=1e-3 --set evaluate_every=500 --set checkpoint_every=5000
    agent half-cheetah HalfCheetah-v3.zip gym/HalfCheetah-v5
    compare half-cheetah-w4a16 --policy "$EVIDENCE/half-cheetah/policy.pt2" \
        --rollouts "$EVIDENCE/half-cheetah/rollouts.hdf5" --env gym/HalfCheetah-v5 --episodes 100 \
        --weights 4 --activations 16 --steps 10000 --seeds 8 \
        --set batch=256 --set learning_rate=1e-3 --set evaluate_every=1000 --set checkpoint_every=10000
}

# expert NAME KIND: demonstrations of an expert made here, and a network that clones it.
expert() {
    folder=$EVIDENCE/$1
    [ -s "$folder/untrained.pt2" ] && [ -s "$folder/policy.pt2" ] && return
    say "expert $1"
    "$PYTHON" "$root/tests/reference/control_experts.py" "$2" "$folder" >&2
    mv "$folder/policy.pt2" "$folder/untrained.pt2"
    cp "$folder/policy.card.json" "$folder/untrained.card.json"
    "$SQIL" train --recipe fp --policy "$folder/untrained.pt2" --rollouts "$folder/demonstrations.hdf5" \
        --steps 3000 --batch 128 --learning-rate 1e-3 --gradient-clip 0 --seed 1 --out "$folder/policy.pt2" >&2
}

cartpole() {
    expert cartpole-balance lqr
    for bits in 2 3; do
        compare cartpole-w${bits}a$bits --policy "$folder/policy.pt2" --rollouts "$folder/demonstrations.hdf5" \
            --env dm_control/cartpole-balance --episodes 50 --weights $bits --activations $bits --steps 1000 --seeds 8
    done
}

cheetah() {
    expert cheetah-run ars
    compare cheetah-run-w4a4-all --policy "$folder/policy.pt2" --rollouts "$folder/demonstrations.hdf5" \
        --env dm_control/cheetah-run --episodes 50 --weights 4 --activations 4 --quantize-ends --steps 1000 --seeds 8
}

# Other starts than round-to-nearest, and other learning rates: of weights where training starts from AWQ's quantizers,
# of quantizer steps where it starts from rounding to nearest.
start() {
    expert cheetah-run ars
    compare cheetah-run-w4a4-from-awq --policy "$folder/policy.pt2" --rollouts "$folder/demonstrations.hdf5" \
        --recipes fp,ptq,awq,qat,qrd,sqil --env dm_control/cheetah-run --episodes 50 --weights 4 --activations 4 \
        --quantize-ends --steps 1000 --seeds 3 --start awq --set learning_rate=1e-4
    agent half-cheetah HalfCheetah-v3.zip gym/HalfCheetah-v5
    compare half-cheetah-w4a16-steps --policy "$EVIDENCE/half-cheetah/policy.pt2" \
        --rollouts "$EVIDENCE/half-cheetah/rollouts.hdf5" --env gym/HalfCheetah-v5 --episodes 100 \
        --weights 4 --activations 16 --steps 10000 --seeds 3 --set batch=256 --set learning_rate=1e-3 \
        --set step_size_factor=3 --set evaluate_every=1000 --set checkpoint_every=10000
    agent walker2d Walker2d-v3.zip gym/Walker2d-v5
    compare walker2d-w4a16-steps --policy "$EVIDENCE/walker2d/policy.pt2" --rollouts "$EVIDENCE/walker2d/rollouts.hdf5" \
        --env gym/Walker2d-v5 --episodes 100 --weights 4 --activations 16 --steps 5000 --seeds 3 \
        --set batch=256 --set learning_rate=1e-3 --set step_size_factor=3 --set evaluate_every=500 \
        --set checkpoint_every=5000
}

# Ten times the steps, where the recipes above stay below full precision.
long() {
    expert cheetah-run ars
    compare cheetah-run-w4a4-long --policy "$folder/policy.pt2" --rollouts "$folder/demonstrations.hdf5" \
        --recipes fp,ptq,qat,qrd,sqil --env dm_control/cheetah-run --episodes 50 --weights 4 --activations 4 \
        --quantize-ends --steps 10000 --seeds 3 --set learning_rate=1e-3 --set evaluate_every=1000
    agent walker2d Walker2d-v3.zip gym/Walker2d-v5
    compare walker2d-w4a16-long --policy "$EVIDENCE/walker2d/policy.pt2" --rollouts "$EVIDENCE/walker2d/rollouts.hdf5" \
        --recipes fp,ptq,qat,qrd,sqil --env gym/Walker2d-v5 --episodes 100 --weights 4 --activations 16 --steps 50000 \
        --seeds 3 --set batch=256 --set learning_rate=1e-3 --set evaluate_every=5000 --set checkpoint_every=50000
    agent half-cheetah HalfCheetah-v3.zip gym/HalfCheetah-v5
    compare half-cheetah-w4a16-long --policy "$EVIDENCE/half-cheetah/policy.pt2" \
        --rollouts "$EVIDENCE/half-cheetah/rollouts.hdf5" --recipes fp,ptq,qat,qrd,sqil --env gym/HalfCheetah-v5 \
        --episodes 100 --weights 4 --activations 16 --steps 100000 --seeds 3 \
        --set batch=256 --set learning_rate=1e-3 --set evaluate_every=10000 --set checkpoint_every=100000
}

# few SOURCE COUNT OUT: the first episodes alone.
few() {
    [ -s "$3" ] || "$PYTHON" - "$@" <<'END'
import sys

import h5py

source, count, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with h5py.File(source) as whole, h5py.File(out, "w") as part:
    data = part.create_group("data")
    data.attrs.update(whole["data"].attrs)
    for episode in range(count):
        whole.copy(f"data/demo_{episode}", data)
END
}

# Bits, budget and demonstrations. Every layer at the same bits, or PTQ would lose little.
map() {
    expert cartpole-balance lqr
    few "$folder/demonstrations.hdf5" 4 "$folder/four.hdf5"
    for steps in 50 200; do
        for data in demonstrations four; do
            compare map-cartpole-w2a2-$data-$steps --policy "$folder/policy.pt2" --rollouts "$folder/$data.hdf5" \
                --recipes fp,ptq,qat,qrd,sqil --env dm_control/cartpole-balance --episodes 50 --weights 2 \
                --activations 2 --quantize-ends --steps $steps --seeds 5
        done
    done
    expert cheetah-run ars
    few "$folder/demonstrations.hdf5" 4 "$folder/four.hdf5"
    mapOfCheetah 4 demonstrations 200
    mapOfCheetah 4 four 1000
    mapOfCheetah 3 demonstrations 1000
    mapOfCheetah 2 demonstrations 1000
    demonstrations pick-place-v3 pick-place --only demonstrations
    folder=$EVIDENCE/pick-place
    few "$folder/demonstrations.hdf5" 6 "$folder/six.hdf5"
    mapOfPickPlace 3 demonstrations 500
    mapOfPickPlace 2 demonstrations 500
    mapOfPickPlace 3 demonstrations 60
    mapOfPickPlace 3 six 500
}

# mapOfCheetah BITS DATA STEPS
mapOfCheetah() {
    compare "map-cheetah-run-w$1a$1-$2-$3" --policy "$folder/policy.pt2" --rollouts "$folder/$2.hdf5" \
        --env dm_control/cheetah-run --episodes 50 --weights "$1" --activations "$1" --quantize-ends --steps "$3" \
        --seeds 3
}

# mapOfPickPlace BITS DATA STEPS
mapOfPickPlace() {
    compare "map-pick-place-w$1a$1-$2-$3" --policy "$root/resources/sample/policy.pt2" --rollouts "$folder/$2.hdf5" \
        --recipes fp,ptq,qat,qrd,sqil --env metaworld/pick-place-v3 --episodes 60 --weights "$1" --activations "$1" \
        --quantize-ends --steps "$3" --seeds 3
}

# takeOverCell OUT AT PERCENT, with what takeOver has set.
takeOverCell() {
    [ -s "$1" ] && return
    say "takeover $table, $2, $3 %"
    "$SQIL" takeover --policy "$folder/policy.pt2" --quantized "$EVIDENCE/$table"/policy-ptq-*.pt2 \
        --rollouts "$folder/rollouts.hdf5" --env "$environment" --episodes "$episodes" --seed 1 \
        --workers "$WORKERS" --at "$2" --percent "$3" --out "$1" >/dev/null
}

# takeOver TABLE FOLDER ENV EPISODES PERCENT…: the table's PTQ policy acts, full precision takes over at some states. The
# threshold is of the rollouts' states; where the quantized policy goes, more (or fewer) states exceed it. So each
# "critical" has a "matched" beside it: random states, as many as full precision really took over there.
takeOver() {
    table=$1 folder=$EVIDENCE/$2 environment=$3 episodes=$4
    shift 4
    mkdir -p "$EVIDENCE/takeover"
    for percent in "$@"; do
        base=$EVIDENCE/takeover/$table
        for at in critical random gap quiet; do
            takeOverCell "${base}_${at}_$percent.json" "$at" "$percent"
        done
        share=$("$PYTHON" -c 'import json, sys; print(round(100 * json.load(open(sys.argv[1]))["share"], 2))' \
            "${base}_critical_$percent.json")
        takeOverCell "${base}_matched_$percent.json" random "$share"
    done
}

takeover() {
    takeOver walker2d-w4a16 walker2d gym/Walker2d-v5 40 5 10 20 40
}

# The sample's own rollouts: the same seeds by full precision, and failed with 4-bit weights. SIS and gap along those.
failures() {
    failuresOfTheSample
    failuresOfPickPlace
}

failuresOfTheSample() {
    [ -s "$EVIDENCE/failures.json" ] && return
    sample=$root/resources/sample
    "$SQIL" quantize --policy "$sample/policy.pt2" --rollouts "$sample/rollouts.hdf5" --method ptq --weights 4 \
        --activations 16 --granularity channel --out "$EVIDENCE/sample-w4.pt2" >&2
    "$SQIL" analyze --policy "$sample/policy.pt2" --quantized "$EVIDENCE/sample-w4.pt2" \
        --rollouts "$sample/rollouts.hdf5" --episodes demo_4,demo_5,demo_6,demo_7 --perturbation patch-mean \
        --json "$EVIDENCE/failures-analysis.json" >&2
    "$PYTHON" "$root/tests/reference/failure_onset.py" "$sample/rollouts.hdf5@fp" "$sample/rollouts.hdf5@ptq-w4" \
        "$EVIDENCE/failures-analysis.json" "$EVIDENCE/failures.json" >&2
}

# recordPickPlace POLICY OUT: rollouts with pictures, seeds 1 to 45.
recordPickPlace() {
    [ -s "$2" ] && return
    say "record $2"
    "$SQIL" evaluate --policy "$1" --env metaworld/pick-place-v3 --episodes 45 --seed 1 --workers "$WORKERS" \
        --record "$2.part.hdf5" >&2
    mv "$2.part.hdf5" "$2"
}

# The same with every layer at W4A4, on new episodes: PTQ fails in more than half of them. Every episode
# is analysed into a file of its own, so that a run that was stopped goes on.
failuresOfPickPlace() {
    [ -s "$EVIDENCE/failures-pick-place.json" ] && return
    folder=$EVIDENCE/failures
    mkdir -p "$folder"
    quantized=$(ls "$EVIDENCE"/pick-place-w4a4-all/policy-ptq-*.pt2)
    recordPickPlace "$root/resources/sample/policy.pt2" "$folder/fp.hdf5"
    recordPickPlace "$quantized" "$folder/ptq.hdf5"
    say "SIS and gap of failed episodes"
    failed=$("$PYTHON" "$root/tests/reference/failure_onset.py" --failed "$folder/fp.hdf5" "$folder/ptq.hdf5")
    for episode in $(echo "$failed" | tr ',' ' '); do
        [ -s "$folder/$episode.json" ] ||
            "$SQIL" analyze --policy "$root/resources/sample/policy.pt2" --quantized "$quantized" \
                --rollouts "$folder/ptq.hdf5" --episodes "$episode" --perturbation patch-mean \
                --json "$folder/$episode.json" >&2
    done
    "$PYTHON" "$root/tests/reference/failure_onset.py" "$folder/fp.hdf5" "$folder/ptq.hdf5" "$folder" \
        "$EVIDENCE/failures-pick-place.json" >&2
}

report() { "$PYTHON" "$root/tests/reference/repair_report.py" "$EVIDENCE" "$root/tests/reports"; }

[ $# -gt 0 ] || set -- sample drawer locomotion cartpole cheetah start long map takeover failures report
for section in "$@"; do
    case $section in
        sample | drawer | locomotion | cartpole | cheetah | start | long | map | takeover | failures | report) "$section" ;;
        *)
            echo "$section: no such section; expected sample, drawer, locomotion, cartpole, cheetah, start, long, map, takeover, failures or report" >&2
            exit 2
            ;;
    esac
done
