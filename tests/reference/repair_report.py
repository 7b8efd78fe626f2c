#!/usr/bin/env python3
"""Builds tests/reports/repair.md, .json and .csv from what scripts/evidence.sh measured. The text above the tables is
repair_reading.md, beside this script.

    repair_report.py EVIDENCE_FOLDER REPORTS_FOLDER
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import t as student

# name of the measurement: (title, what was trained on)
TABLES = {
    "pick-place-w4a4-all": (
        "Metaworld pick-place, the sample's policy, every layer at W4A4",
        "60 episodes of the scripted expert (disturbed), 500 steps of 64, learning rate 3e-4",
    ),
    "walker2d-w4a16": (
        "Walker2d, Stable-Baselines3 SAC agent, W4A16",
        "100 disturbed episodes of the agent itself, 5,000 steps of 256, learning rate 1e-3",
    ),
    "half-cheetah-w4a16": (
        "HalfCheetah, Stable-Baselines3 SAC agent, W4A16",
        "100 disturbed episodes of the agent itself, 10,000 steps of 256, learning rate 1e-3",
    ),
    "cartpole-w2a2": (
        "DeepMind Control cartpole-balance, W2A2",
        "40 disturbed episodes of a linear-quadratic regulator, from which the policy was cloned; 1,000 steps of 64",
    ),
    "cheetah-run-w4a4-all": (
        "DeepMind Control cheetah-run, every layer at W4A4",
        "40 disturbed episodes of a linear policy found by random search, from which the policy was cloned; 1,000 steps of 64",
    ),
    "drawer-open-w4a4-all": (
        "Metaworld drawer-open, every layer at W4A4",
        "60 episodes of the scripted expert (disturbed), from which the policy was cloned; 500 steps of 64",
    ),
    "cheetah-run-w4a4-from-awq": (
        "DeepMind Control cheetah-run, every layer at W4A4, trained from AWQ's quantizers",
        "the same episodes and steps, learning rate 1e-4",
    ),
    "half-cheetah-w4a16-steps": (
        "HalfCheetah, W4A16, quantizer steps learned faster",
        "the same episodes and steps; learning rate 1e-3, of quantizer steps 3e-3",
    ),
    "walker2d-w4a16-steps": (
        "Walker2d, W4A16, quantizer steps learned faster",
        "the same episodes and steps; learning rate 1e-3, of quantizer steps 3e-3",
    ),
    "cheetah-run-w4a4-long": (
        "DeepMind Control cheetah-run, every layer at W4A4, a longer budget",
        "the same episodes; 10,000 steps of 64, learning rate 1e-3",
    ),
    "walker2d-w4a16-long": (
        "Walker2d, W4A16, ten times the budget",
        "the same episodes, 50,000 steps of 256",
    ),
    "half-cheetah-w4a16-long": (
        "HalfCheetah, W4A16, ten times the budget",
        "the same episodes, 100,000 steps of 256",
    ),
    "cartpole-w3a3": ("DeepMind Control cartpole-balance, W3A3", "the same episodes and steps"),
}


FAILURES = {
    "failures": "The sample's rollouts, 4-bit weights rounded to nearest",
    "failures-pick-place": "New rollouts of pick-place (seeds from 1), every layer at W4A4, rounded to nearest",
}

TAKEN_AT = {
    "critical": "the highest SIS",
    "matched": "random states, as many as for the highest SIS",
    "random": "random states",
    "gap": "the largest action gap",
    "quiet": "the lowest SIS",
}


def measureOf(table):
    return "success" if "success" in table["recipes"][0] else "return"


def show(interval, measure, signed=False):
    factor, digits = (100, 1) if measure == "success" else (1, 0 if abs(interval["value"]) >= 10 else 1)
    sign = "+" if signed else ""
    value, low, high = (f"{factor * interval[key]:{sign}.{digits}f}" for key in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def perSeed(table, recipe, measure):
    """Mean of every training seed, by seed."""
    means = {}
    for row in table["rows"]:
        if row["recipe"] == recipe and "seed" in row:
            outcomes = row["evaluation"]["outcomes"]
            means[row["seed"]] = np.mean([o["success"] if measure == "success" else o["return"] for o in outcomes])
    return means


def seedDifference(table, first, second, measure):
    """Student's interval of the mean difference: a training seed is one observation."""
    one, other = perSeed(table, first, measure), perSeed(table, second, measure)
    seeds = sorted(set(one) & set(other))
    if len(seeds) < 2:
        return None
    differences = np.array([one[seed] - other[seed] for seed in seeds])
    half = student.ppf(0.975, len(seeds) - 1) * differences.std(ddof=1) / np.sqrt(len(seeds))
    mean = differences.mean()
    return {"value": mean, "low": mean - half, "high": mean + half, "seeds": len(seeds)}


def verdict(table, measure):
    by = {entry["recipe"]: entry for entry in table["recipes"]}
    if not {"fp", "ptq", "sqil"} <= set(by):
        return None
    full, plain, repaired = (by[name][measure]["value"] for name in ("fp", "ptq", "sqil"))
    loses = plain <= full / 2
    near = repaired >= full - 0.03 if measure == "success" else repaired >= 0.95 * full
    return {"ptq_loses_half": bool(loses), "sqil_within_target": bool(near), "sqil_share_of_fp": repaired / full}


def tableText(name, table):
    title, data = TABLES[name]
    measure = measureOf(table)
    full = next((entry for entry in table["recipes"] if entry["recipe"] == "fp"), None)
    episodes = len(table["rows"][0]["evaluation"]["outcomes"])
    lines = [f"### {title}", "", f"`{table['environment']}`, {episodes} episodes a policy. Trained on: {data}.", ""]
    unit = "success, %" if measure == "success" else "return"
    lines += [
        f"| recipe | seeds | {unit} [95 %] | of FP | single seeds | gap | at critical states | elsewhere |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for entry in table["recipes"]:
        share = "" if full is None else f"{max(0.0, 100 * entry[measure]['value'] / full[measure]['value']):.0f} %"
        singles = perSeed(table, entry["recipe"], measure)
        factor = 100 if measure == "success" else 1
        each = ", ".join(f"{factor * singles[seed]:.0f}" for seed in sorted(singles))
        gaps = (f"{entry[key]:.3f}" if entry[key] is not None else "–" for key in ("gap", "gap_critical", "gap_other"))
        lines.append(
            f"| {entry['recipe']} | {entry['seeds']} | {show(entry[measure], measure)} | {share} | {each} | "
            + " | ".join(gaps)
            + " |"
        )
    lines.append("")
    for difference in table["differences"]:
        first, second = difference["first"], difference["second"]
        text = f"- {first} − {second}: {show(difference[measure], measure, True)} over seeds and episodes"
        bySeed = seedDifference(table, first, second, measure)
        if bySeed:
            text += f"; {show(bySeed, measure, True)} with a seed as one observation (Student, n = {bySeed['seeds']})"
        lines.append(text)
    judged = verdict(table, measure)
    if judged:
        loses = "loses at least half" if judged["ptq_loses_half"] else "loses less than half"
        near = "reaches" if judged["sqil_within_target"] else "misses"
        target = "FP − 3 points" if measure == "success" else "95 % of FP"
        lines.append(f"- PTQ {loses}; SQIL {near} {target} ({100 * judged['sqil_share_of_fp']:.0f} % of FP)")
    return lines + [""]


def mapText(folder, summary):
    """Small tables side by side: bits, demonstrations and steps of training."""
    def place(name):
        task, bits, data, steps = name.stem.removeprefix("map-").rsplit("-", 3)
        return task, bits, data, int(steps)

    names = sorted(folder.glob("map-*.json"), key=place)
    if not names:
        return []
    recipes = ("fp", "ptq", "awq", "qat", "qrd", "sqil")
    lines = ["| task | bits | episodes trained on | steps | " + " | ".join(recipes) + " | sqil − qrd [95 %] |", "|---" * 11 + "|"]
    for name in names:
        table = json.loads(name.read_text())
        task, bits, data, steps = place(name)
        measure, by = measureOf(table), {entry["recipe"]: entry for entry in table["recipes"]}
        cells = [show(by[recipe][measure], measure) if recipe in by else "–" for recipe in recipes]
        difference = seedDifference(table, "sqil", "qrd", measure)
        cells.append(show(difference, measure, True) if difference else "–")
        lines.append(f"| {task} | {bits.upper()} | {'all' if data == 'demonstrations' else data} | {steps} | " + " | ".join(cells) + " |")
        summary.append({"table": name.stem, "recipes": table["recipes"], "sqil_minus_qrd_by_seed": difference})
    return lines + ["", "The difference has a training seed as one observation (Student).", ""]


def bootstrap(values):
    values = np.asarray(values, float)
    means = values[np.random.default_rng(0).integers(0, len(values), (10_000, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {"value": float(values.mean()), "low": float(low), "high": float(high)}


def pairedTakeover(first, second, measure):
    """Mean difference over episodes of the same seeds."""
    key = "success" if measure == "success" else "return"
    one, other = ([float(o[key]) for o in cell["evaluation"]["outcomes"]] for cell in (first, second))
    return bootstrap(np.subtract(one, other))


def takeoverText(folder, summary):
    groups = {}
    for path in sorted(folder.glob("takeover/*.json")):
        task, at, percent = path.stem.rsplit("_", 2)
        groups.setdefault(task, {})[(at, int(percent))] = json.loads(path.read_text())
    lines = []
    for task, cells in groups.items():
        percents = sorted({percent for _, percent in cells})
        ats = [at for at in ("critical", "matched", "random", "gap", "quiet") if any(one == at for one, _ in cells)]
        measure = "success" if "success" in next(iter(cells.values()))["evaluation"] else "return"
        episodes = next(iter(cells.values()))["evaluation"]["episodes"]
        lines += [
            f"### {task}",
            "",
            f"{'Success, %' if measure == 'success' else 'Return'} [95 %] of {episodes} episodes; in brackets the share of "
            "states at which full precision really acted.",
            "",
            "| taken over at | " + " | ".join(f"p = {percent} %" for percent in percents) + " |",
            "|---|" + "---|" * len(percents),
        ]
        for at in ats:
            row = []
            for percent in percents:
                cell = cells.get((at, percent))
                if cell is None:
                    row.append("–")
                    continue
                value = dict(cell["evaluation"][measure])
                value["value"] = value.pop("rate" if measure == "success" else "mean")
                row.append(f"{show(value, measure)} ({100 * cell['share']:.0f} %)")
                summary.append({"task": task, "at": at, "percent": percent, "share": cell["share"], measure: value})
            lines.append(f"| {TAKEN_AT[at]} | " + " | ".join(row) + " |")
        lines.append("")
        for percent in percents:
            for first, second in (("critical", "matched"), ("gap", "critical")):
                if (first, percent) in cells and (second, percent) in cells:
                    difference = pairedTakeover(cells[first, percent], cells[second, percent], measure)
                    summary.append({"task": task, "percent": percent, "first": first, "second": second, **difference})
                    lines.append(
                        f"- p = {percent} %: {TAKEN_AT[first]} − {TAKEN_AT[second]}: "
                        f"{show(difference, measure, True)} (paired over episodes)"
                    )
        lines.append("")
    return lines


def failureText(found, opening):
    near, whole, before = (
        found[key] for key in ("critical_near_onset", "critical_near_random_step", "critical_near_step_before_onset")
    )
    interval = lambda key, digits: "{value:.{d}f} [{low:.{d}f}, {high:.{d}f}]".format(d=digits, **found[key])
    return [
        f"{opening}: {found['failures']} seeds that succeed at full precision and fail quantized. "
        "Onset: the first step at which the hand is 2 cm from where full precision had it "
        f"(median step {found['median_onset_step']:.0f}).",
        "",
        "| question | answer (for random steps: mean [95 % of the draws]) |",
        "|---|---|",
        f"| a critical state in the six steps up to the onset | {100 * near:.0f} % of failures |",
        f"| the same at a random step of the episode | {100 * whole['value']:.0f} % "
        f"[{100 * whole['low']:.0f}, {100 * whole['high']:.0f}], p = {whole['p_value']:.4f} |",
        f"| the same at a random step up to the onset | {100 * before['value']:.0f} % "
        f"[{100 * before['low']:.0f}, {100 * before['high']:.0f}], p = {before['p_value']:.4f} |",
        f"| Spearman's correlation of SIS and gap within an episode | {interval('spearman_sis_gap', 2)} |",
        f"| gap at critical states over gap elsewhere | {interval('gap_critical_over_other', 2)} |",
        f"| gap around the onset over the episode's mean | {interval('gap_at_onset_over_mean', 2)} |",
        "",
    ]


def main(evidence, reports):
    evidence, reports = Path(evidence), Path(reports)
    tables = {
        name: json.loads((evidence / f"{name}.json").read_text())
        for name in TABLES
        if (evidence / f"{name}.json").exists()
    }
    lines = Path(__file__).with_name("repair_reading.md").read_text().rstrip().splitlines() + ["", "## Recipes", ""]
    summary, rows = {"tables": {}, "map": [], "takeover": []}, []
    for name, table in tables.items():
        lines += tableText(name, table)
        measure = measureOf(table)
        summary["tables"][name] = {
            "environment": table["environment"],
            "quantization": table["quantization"],
            "training": table["training"],
            "recipes": table["recipes"],
            "differences": table["differences"],
            "sqil_minus_qrd_by_seed": seedDifference(table, "sqil", "qrd", measure),
            "targets": verdict(table, measure),
            "versions": table["rows"][0]["evaluation"].get("versions"),
        }
        for row in table["rows"]:
            outcomes = row["evaluation"]["outcomes"]
            rows.append(
                {
                    "table": name,
                    "recipe": row["recipe"],
                    "seed": row.get("seed", ""),
                    "episodes": len(outcomes),
                    "successes": sum(o["success"] for o in outcomes) if "success" in outcomes[0] else "",
                    "mean_return": f"{np.mean([o['return'] for o in outcomes]):.3f}",
                    "gap": "" if row["gap"] is None else f"{row['gap']:.5f}",
                    "train_seconds": f"{row['train_seconds']:.1f}",
                }
            )
    mapped = mapText(evidence, summary["map"])
    if mapped:
        lines += ["## Bits, budgets and demonstrations", ""] + mapped
    takeover = takeoverText(evidence, summary["takeover"])
    if takeover:
        lines += ["## Takeover", ""] + takeover
    begin = []
    for name, opening in FAILURES.items():
        if (evidence / f"{name}.json").exists():
            summary[name] = json.loads((evidence / f"{name}.json").read_text())
            begin += failureText(summary[name], opening)
    if begin:
        lines += ["## Where failures begin", ""] + begin
    (reports / "repair.md").write_text("\n".join(lines).rstrip() + "\n")
    (reports / "repair.json").write_text(json.dumps(summary, indent=1) + "\n")
    with open(reports / "repair.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
