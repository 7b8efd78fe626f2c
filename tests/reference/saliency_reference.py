"""Saliency of one frame as others compute it, timed on request: the other side of `sqil bench saliency`.

    python saliency_reference.py FOLDER

FOLDER/request.json: {"policy": path of a .pt2, "threads": n, "inputs": [{"shape": […], "file": raw float32}, …],
"image": index of the perturbed input, "perturbation": "greydanus" or "patch-mean", and "stride", "mask_sigma",
"blur_sigma" or "patch"}. Then one command a line on standard input, one JSON object a line back:

    published   the published procedure: a Python loop over places, mask and blur by SciPy in each,
                one forward pass a place (Greydanus et al. 2018, visualize_atari/saliency.py, get_mask and
                score_frame; the mask starts from one pixel, so that it is the Gaussian the paper states)
    batched     masks made once, all perturbed frames through PyTorch in batches
    maps        the scores of both, and those of the published loop in float64

Pinned: torch 2.11.0, scipy 1.17.1, numpy 2.4.6.
"""
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import scipy
import torch
from scipy.ndimage import gaussian_filter

warnings.filterwarnings("ignore")
BATCH_CANDIDATES = (32, 128, 512)


class Reference:
    def __init__(self, folder):
        request = json.loads((folder / "request.json").read_text())
        torch.set_num_threads(request["threads"])
        self.request = request
        self.policy = torch.export.load(request["policy"]).module()
        self.inputs = [
            torch.from_numpy(np.fromfile(folder / entry["file"], dtype=np.float32).reshape(entry["shape"]))
            for entry in request["inputs"]
        ]
        self.position = request["image"]
        self.image = self.inputs[self.position][0].numpy()
        self.batch = None
        self.prepared = None

    def places(self):
        height, width = self.image.shape[-2:]
        step = self.request["patch"] if self.request["perturbation"] == "patch-mean" else int(self.request["stride"])
        return [(row, column) for row in range(0, height, step) for column in range(0, width, step)]

    def mask(self, row, column):
        size = self.image.shape[-2:]
        mask = np.zeros(size)
        if self.request["perturbation"] == "patch-mean":
            mask[row : row + self.request["patch"], column : column + self.request["patch"]] = 1
            return mask
        mask[row, column] = 1
        mask = gaussian_filter(mask, sigma=self.request["mask_sigma"])
        return mask / mask.max()

    def replacement(self, image):
        if self.request["perturbation"] == "patch-mean":
            return np.broadcast_to(image.mean(axis=(1, 2), keepdims=True), image.shape)
        return np.stack([gaussian_filter(channel, sigma=self.request["blur_sigma"]) for channel in image])

    def act(self, policy, image, dtype=torch.float32):
        """The first output for a batch of perturbed images; the other inputs repeated."""
        batch = image.shape[0]
        inputs = [entry.to(dtype).expand(batch, *entry.shape[1:]) for entry in self.inputs]
        inputs[self.position] = image
        output = policy(*inputs)
        return output[0] if isinstance(output, (tuple, list)) else output

    def published(self, policy=None, dtype=torch.float32):
        policy = policy or self.policy
        image = self.image.astype(np.float64) if dtype == torch.float64 else self.image
        base = self.act(policy, torch.from_numpy(image)[None].to(dtype), dtype)
        scores = []
        for row, column in self.places():
            mask = self.mask(row, column)
            perturbed = image * (1 - mask) + self.replacement(image) * mask
            changed = self.act(policy, torch.from_numpy(perturbed)[None].to(dtype), dtype)
            scores.append(0.5 * float(((base - changed) ** 2).sum()))
        return scores

    def masks(self):
        if self.prepared is None:
            self.prepared = torch.from_numpy(np.stack([self.mask(*place) for place in self.places()])).float()[:, None]
        return self.prepared

    def batched(self, batch=None):
        masks = self.masks()
        image = torch.from_numpy(self.image)[None]
        blurred = torch.from_numpy(np.ascontiguousarray(self.replacement(self.image)).astype(np.float32))[None]
        base = self.act(self.policy, image)
        scores = []
        for part in masks.split(batch or self.best_batch()):
            changed = self.act(self.policy, torch.lerp(image, blurred, part))
            scores.append(0.5 * (base - changed).square().sum(1))
        return torch.cat(scores).tolist()

    def best_batch(self):
        """PyTorch at its best: the batch size that is fastest here, tried once."""
        if self.batch is None:
            timed = []
            self.batched(BATCH_CANDIDATES[0])  # warms up
            for candidate in BATCH_CANDIDATES:
                start = time.perf_counter()
                self.batched(candidate)
                timed.append((time.perf_counter() - start, candidate))
                if candidate >= len(self.places()):
                    break
            self.batch = min(timed)[1]
        return self.batch

    def maps(self):
        exact = torch.export.load(self.request["policy"]).module().double()
        return {
            "published": self.published(),
            "batched": self.batched(),
            "exact": self.published(exact, torch.float64),
        }


def main(folder):
    reference = Reference(folder)
    answer = {"torch": torch.__version__, "scipy": scipy.__version__, "numpy": np.__version__,
              "threads": torch.get_num_threads()}
    print(json.dumps(answer), flush=True)
    with torch.no_grad():
        for line in sys.stdin:
            command = line.strip()
            if command == "maps":
                print(json.dumps(reference.maps()), flush=True)
                continue
            if command == "batched":
                reference.best_batch()
            start = time.perf_counter()
            getattr(reference, command)()
            seconds = time.perf_counter() - start
            print(json.dumps({"seconds": seconds, "batch": reference.batch}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
