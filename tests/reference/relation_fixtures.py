"""Expected correlations, precision-recall numbers and densities for tests/analysis/RelationTest.cpp, by SciPy and NumPy.

    python relation_fixtures.py tests/analysis/fixtures

Writes relation.json and density.json (committed, a few KB). Pinned: scipy 1.17.1, numpy 2.4.6. Pearson's interval is SciPy's own;
average precision is written out from its definition (the sum over thresholds of recall gained times precision).
"""
import json
import sys
from pathlib import Path

import numpy as np
from scipy import stats

TOP_PERCENT = 10


def episodes_of(random, name, count, length, slope, decimals):
    """Episodes whose two series share a part, each episode with a level of its own; rounding makes ties."""
    episodes = []
    for _ in range(count):
        level = random.normal(0, 0.4)
        first = np.exp(random.normal(level, 0.7, length))
        second = np.exp(slope * np.log(first) + random.normal(level, 0.6, length))
        episodes.append((np.round(first, decimals).astype(np.float32), np.round(second, decimals).astype(np.float32)))
    return {"name": name, "episodes": episodes}


def bonett_wright(rho, count):
    half = stats.norm.ppf(0.975) * np.sqrt((1 + rho**2 / 2) / (count - 3))
    return [float(np.tanh(np.arctanh(rho) - half)), float(np.tanh(np.arctanh(rho) + half))]


def bootstrap(first, second, sizes, random, resamples=20000):
    """Percentile interval of Pearson's r when whole episodes are drawn again."""
    ends = np.cumsum(sizes)
    parts = [np.arange(end - size, end) for size, end in zip(sizes, ends)]
    values = []
    for _ in range(resamples):
        rows = np.concatenate([parts[i] for i in random.integers(0, len(parts), len(parts))])
        values.append(np.corrcoef(first[rows], second[rows])[0, 1])
    return [float(v) for v in np.percentile(values, [2.5, 97.5])]


def average_precision(score, positive):
    total, previous = 0.0, 0.0
    for value in np.unique(score)[::-1]:
        raised = score >= value
        recall = (raised & positive).sum() / positive.sum()
        total += (recall - previous) * (raised & positive).sum() / raised.sum()
        previous = recall
    return float(total)


def expected(case, random):
    first = np.concatenate([e[0] for e in case["episodes"]]).astype(np.float64)
    second = np.concatenate([e[1] for e in case["episodes"]]).astype(np.float64)
    sizes = [len(e[0]) for e in case["episodes"]]
    pearson = stats.pearsonr(first, second)
    interval = pearson.confidence_interval(0.95)
    spearman = stats.spearmanr(first, second).statistic
    above = float(np.percentile(second, 100 - TOP_PERCENT))
    threshold = float(np.percentile(first, 80))
    positive = second > above
    raised = first > threshold
    return {
        "name": case["name"],
        "episodes": [[e[0].tolist(), e[1].tolist()] for e in case["episodes"]],
        "pearson": [float(pearson.statistic), float(interval.low), float(interval.high)],
        "spearman": [float(spearman), *bonett_wright(spearman, len(first))],
        "pearson_over_episodes": bootstrap(first, second, sizes, random),
        "spearman_over_episodes": bootstrap(stats.rankdata(first), stats.rankdata(second), sizes, random),
        "gap_above": above,
        "threshold": threshold,
        "large": int(positive.sum()),
        "average_precision": average_precision(first, positive),
        "precision": float((raised & positive).sum() / raised.sum()),
        "recall": float((raised & positive).sum() / positive.sum()),
        "raised": int(raised.sum()),
    }


def main(folder):
    random = np.random.default_rng(7)
    cases = [episodes_of(random, "alike", 12, 9, 0.8, 3), episodes_of(random, "ties", 8, 12, 0.3, 1),
             episodes_of(random, "opposed", 10, 8, -0.6, 3)]
    fixture = [expected(case, random) for case in cases]
    values = np.concatenate([random.normal(-0.6, 0.1, 60), random.normal(0.4, 0.3, 90)]).astype(np.float32)
    places = np.linspace(-1.5, 1.5, 61)
    kernel = stats.gaussian_kde(values.astype(np.float64), bw_method="silverman")
    density = {"values": [round(float(v), 9) for v in values], "lower": -1.5, "upper": 1.5,
               "bandwidth": float(np.sqrt(kernel.covariance[0, 0])), "density": kernel(places).tolist()}
    (folder / "density.json").write_text(json.dumps(density) + "\n")
    (folder / "relation.json").write_text(json.dumps(fixture) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
