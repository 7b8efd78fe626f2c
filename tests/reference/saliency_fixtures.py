"""Expected masks and filtered images for tests/analysis/PerturbationTest.cpp, by SciPy.

    python saliency_fixtures.py tests/analysis/fixtures

Writes saliency.json (committed, a few KB). Pinned: scipy 1.17.1, numpy 2.4.6.
"""
import json
import sys
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter

MASKS = ((84, 84, 40, 45, 5.0), (84, 84, 0, 5, 5.0), (30, 20, 28, 3, 1.9), (7, 5, 3, 0, 5.0), (1, 9, 0, 4, 3.0))
IMAGES = ((12, 9, 3.0), (9, 14, 0.6), (5, 4, 3.0), (1, 6, 2.0))


def mask_entry(height, width, row, column, sigma):
    mask = np.zeros((height, width))
    mask[row, column] = 1
    mask = gaussian_filter(mask, sigma=sigma)
    mask /= mask.max()
    # One row, one column and the corners' sum say enough of a product.
    return {"height": height, "width": width, "row": row, "column": column, "sigma": sigma,
            "along_row": mask[row].tolist(), "along_column": mask[:, column].tolist(), "sum": float(mask.sum())}


def image_entry(height, width, sigma, random):
    image = random.random((height, width), dtype=np.float32)
    return {"height": height, "width": width, "sigma": sigma, "image": image.ravel().tolist(),
            "filtered": gaussian_filter(image, sigma=sigma).ravel().tolist()}


def main(folder):
    random = np.random.default_rng(0)
    fixture = {"masks": [mask_entry(*entry) for entry in MASKS],
               "images": [image_entry(*entry, random) for entry in IMAGES]}
    (folder / "saliency.json").write_text(json.dumps(fixture) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
