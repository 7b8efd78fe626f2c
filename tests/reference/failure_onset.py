#!/usr/bin/env python3
"""Do failures start at critical states? Reads what `sqil evaluate --record` and `sqil analyze --json` wrote.

    failure_onset.py FULL.hdf5 QUANTIZED.hdf5 ANALYSIS OUT.json
    failure_onset.py --failed FULL.hdf5 QUANTIZED.hdf5

FULL and QUANTIZED hold episodes of the same seeds by the full-precision and the quantized policy (FILE.hdf5@NAME: only
those with this attribute "policy"); ANALYSIS is of the quantized policy's own states, a file or a folder of files with
some episodes each. Of every seed on which full precision succeeds and the quantized policy fails, the failure's onset
is the first step at which the hand is farther than 2 cm from where full precision had it at that step. --failed prints
those episodes' names in QUANTIZED.

 * onset: the share of failures with a critical state (top p % of SIS over all analysed steps) among the five steps
   before and at the onset, against the same window at a random step of the episode, and at a random step no later than
   the onset (10,000 draws of one step an episode): the p-value is the share of draws with as many or more.
 * correlation: Spearman's, of SIS and gap over the steps of failed episodes, the mean over episodes, with the
   bootstrap over episodes (steps of one episode are not independent).
"""

import json
import sys
from pathlib import Path

import h5py
import numpy as np
from scipy.stats import spearmanr

HAND = "obs/robot0_eef_pos"
FAR = 0.02  # m
WINDOW = 5  # steps


def episodes(source):
    path, _, policy = source.partition("@")
    with h5py.File(path) as file:
        return {
            int(demo.attrs["seed"]): (name, bool(demo.attrs["success"]), np.array(demo[HAND]))
            for name, demo in file["data"].items()
            if not policy or demo.attrs["policy"] == policy
        }


def bootstrap(values, random):
    values = np.asarray(values)
    means = values[random.integers(0, len(values), (10_000, len(values)))].mean(axis=1)
    return {"value": values.mean(), "low": np.quantile(means, 0.025), "high": np.quantile(means, 0.975)}


def failedSeeds(full, quantized):
    return [seed for seed in sorted(full) if full[seed][1] and seed in quantized and not quantized[seed][1]]


def readAnalysis(path):
    """Series by episode, critical at the top p % over the analysed steps of all files, and p."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    analyses = [json.loads(file.read_text()) for file in files]
    series = {entry["episode"]: entry for analysis in analyses for entry in analysis["episodes"]}
    percents = {analysis["top_percent"] for analysis in analyses}
    if len(percents) != 1:
        raise SystemExit(f"{path}: expected analyses with the same top percentage, found {sorted(percents)}")
    (percent,) = percents
    if len(files) > 1:
        scores = np.concatenate([np.array(entry["sis"], float) for entry in series.values()])
        threshold = np.nanquantile(scores, 1 - percent / 100)
        for entry in series.values():
            entry["critical"] = (np.array(entry["sis"], float) > threshold).tolist()
    return series, percent


def main(fullPath, quantizedPath, analysisPath, outPath):
    full, quantized = episodes(fullPath), episodes(quantizedPath)
    series, percent = readAnalysis(Path(analysisPath))
    random = np.random.default_rng(0)
    atOnset, atRandom, before, correlations, ratios, onsets, gapAtOnset = [], [], [], [], [], [], []
    failed = failedSeeds(full, quantized)
    for seed in failed:
        name, _, hand = quantized[seed]
        entry = series[name]
        sis, gap = np.array(entry["sis"], float), np.array(entry["gap"], float)
        critical = np.array(entry["critical"], bool)
        correlations.append(spearmanr(sis, gap).statistic)
        if critical.any() and not critical.all():
            ratios.append(gap[critical].mean() / gap[~critical].mean())
        common = min(len(hand), len(full[seed][2]))
        far = np.flatnonzero(np.linalg.norm(hand[:common] - full[seed][2][:common], axis=1) > FAR)
        onset = int(far[0]) if len(far) else common - 1
        onsets.append(onset)
        window = np.array([critical[max(0, step - WINDOW) : step + 1].any() for step in range(len(critical))])
        atOnset.append(window[onset])
        atRandom.append(window[random.integers(0, len(window), 10_000)])
        before.append(window[random.integers(0, onset + 1, 10_000)])
        gapAtOnset.append(gap[max(0, onset - WINDOW) : onset + 1].mean() / gap.mean())
    if not failed:
        raise SystemExit("no seed on which full precision succeeds and the quantized policy fails")

    def against(windows):
        draws = np.mean(windows, axis=0)
        asMany = (np.sum(draws >= np.mean(atOnset)) + 1) / (len(draws) + 1)
        low, high = np.quantile(draws, [0.025, 0.975])
        return {"value": float(draws.mean()), "low": float(low), "high": float(high), "p_value": float(asMany)}

    result = {
        "episodes": len(quantized),
        "full_precision_successes": sum(one[1] for one in full.values()),
        "quantized_successes": sum(one[1] for one in quantized.values()),
        "failures": len(failed),
        "top_percent": percent,
        "median_onset_step": float(np.median(onsets)),
        "critical_near_onset": float(np.mean(atOnset)),
        "critical_near_random_step": against(atRandom),
        "critical_near_step_before_onset": against(before),
        "spearman_sis_gap": bootstrap(correlations, random),
        "gap_critical_over_other": bootstrap(ratios, random),
        "gap_at_onset_over_mean": bootstrap(gapAtOnset, random),
    }
    Path(outPath).write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--failed":
        byFull, byQuantized = episodes(sys.argv[2]), episodes(sys.argv[3])
        print(",".join(byQuantized[seed][0] for seed in failedSeeds(byFull, byQuantized)))
        raise SystemExit(0)
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
