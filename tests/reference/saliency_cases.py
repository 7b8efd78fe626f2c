"""Policies of many structures with their saliency maps by the published procedure, in float64.

    python saliency_cases.py OUTPUT_FOLDER

For every case NAME.pt2 and, in cases.json, its frame and scores: a Python loop over places, SciPy's
filters in each, one forward pass a place (Greydanus et al. 2018, visualize_atari). The patch case is
also computed with Captum's Occlusion. Pinned: torch 2.11.0, torchvision 0.26.0, scipy 1.17.1,
captum 0.9.0, numpy 2.4.6.
"""
import copy
import json
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import gaussian_filter
from torch import nn
from torch.nn import functional as F


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 16, 5, 2, 2), nn.ReLU(), nn.Conv2d(16, 24, 3, 1, 1), nn.ReLU(),
                                    nn.Conv2d(24, 20, 3, 1), nn.ReLU(), nn.Flatten(), nn.LazyLinear(32), nn.ReLU(),
                                    nn.Linear(32, 4))

    def forward(self, image):
        return self.layers(image)


class Residual(nn.Module):
    """Strided blocks with BatchNorm, a projected and an identity shortcut, pooling at both ends."""

    def __init__(self):
        super().__init__()
        self.stem, self.stem_norm = nn.Conv2d(3, 16, 7, 2, 3, bias=False), nn.BatchNorm2d(16)
        self.first, self.first_norm = nn.Conv2d(16, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32)
        self.second, self.second_norm = nn.Conv2d(32, 32, 3, 1, 1, bias=False), nn.BatchNorm2d(32)
        self.shortcut, self.shortcut_norm = nn.Conv2d(16, 32, 1, 2, bias=False), nn.BatchNorm2d(32)
        self.third, self.third_norm = nn.Conv2d(32, 32, 3, 1, 1, bias=False), nn.BatchNorm2d(32)
        self.head = nn.Linear(32, 3)

    def forward(self, image):
        x = F.max_pool2d(F.relu(self.stem_norm(self.stem(image))), 3, 2, 1)
        y = self.second_norm(self.second(F.relu(self.first_norm(self.first(x)))))
        x = F.relu(y + self.shortcut_norm(self.shortcut(x)))
        x = F.relu(x + self.third_norm(self.third(x)))
        return self.head(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))


class Odd(nn.Module):
    """Dilation, groups, 'same' padding, average pooling, GELU, tanh, branches side by side."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(2, 12, 3, dilation=2, padding="same")
        self.b = nn.Conv2d(12, 12, (3, 5), groups=4, padding=(0, 2))
        self.c = nn.Conv2d(12, 7, 1)
        self.d = nn.Conv2d(19, 8, 2, 2)
        self.head = nn.LazyLinear(5)

    def forward(self, image):
        x = F.gelu(self.a(image * 2 - 1))
        x = F.avg_pool2d(x, 2, 2, padding=1)
        y = F.leaky_relu(self.b(F.pad(x, (0, 0, 0, 0)) + 0.5))
        z = torch.cat([self.c(y), y], 1)
        return torch.tanh(self.head(torch.flatten(F.relu(self.d(z)), 1)))


class WithState(nn.Module):
    """Normalization in the graph, a state beside the flattened features."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.2, 0.25, 0.3]).view(1, 3, 1, 1))
        self.a, self.b = nn.Conv2d(3, 8, 4, 3), nn.Conv2d(8, 16, 3)
        self.join, self.head = nn.LazyLinear(24), nn.Linear(24, 2)

    def forward(self, image, state):
        x = F.relu(self.b(F.relu(self.a((image - self.mean) / self.std))))
        return self.head(F.relu(self.join(torch.cat([torch.flatten(x, 1), state], 1))))


class Attention(nn.Module):
    """A patch embedding and attention: only the first layer is local."""

    def __init__(self):
        super().__init__()
        self.embed, self.query = nn.Conv2d(3, 16, 8, 8), nn.Linear(16, 48)
        self.head = nn.Linear(16, 3)

    def forward(self, image):
        x = self.embed(image).flatten(2).transpose(1, 2)
        q, k, v = self.query(x).chunk(3, -1)
        return self.head(F.scaled_dot_product_attention(q, k, v).mean(1))


GREYDANUS = {"kind": "greydanus", "stride": 5, "mask_sigma": 5.0, "blur_sigma": 3.0}
CASES = (
    ("plain", Plain, (3, 48, 60), None, GREYDANUS),
    ("residual", Residual, (3, 72, 64), None, {"kind": "greydanus", "stride": 9, "mask_sigma": 4.0, "blur_sigma": 3.0}),
    ("residual-patches", Residual, (3, 72, 64), None, {"kind": "patch-mean", "patch": 10}),
    ("odd", Odd, (2, 33, 26), None, {"kind": "greydanus", "stride": 4, "mask_sigma": 1.5, "blur_sigma": 1.0}),
    ("with-state", WithState, (3, 40, 40), 5, GREYDANUS),
    ("attention", Attention, (3, 32, 48), None, {"kind": "patch-mean", "patch": 8}),
    ("tiny", Plain, (3, 12, 11), None, GREYDANUS),
)


def masks(spec, height, width):
    step = spec["stride"] if spec["kind"] == "greydanus" else spec["patch"]
    for row in range(0, height, step):
        for column in range(0, width, step):
            mask = np.zeros((height, width))
            if spec["kind"] == "greydanus":
                mask[row, column] = 1
                mask = gaussian_filter(mask, sigma=spec["mask_sigma"])
                yield mask / mask.max()
            else:
                mask[row : row + step, column : column + step] = 1
                yield mask


def scores_of(policy, image, state, spec):
    image = image.numpy().astype(np.float64)
    others = [] if state is None else [state.double()[None]]
    base = policy(torch.from_numpy(image)[None], *others)
    scores = []
    for mask in masks(spec, *image.shape[1:]):
        if spec["kind"] == "greydanus":
            replacement = np.stack([gaussian_filter(channel, sigma=spec["blur_sigma"]) for channel in image])
        else:
            replacement = np.broadcast_to(image.mean(axis=(1, 2), keepdims=True), image.shape)
        changed = policy(torch.from_numpy(image * (1 - mask) + replacement * mask)[None], *others)
        scores.append(0.5 * float(((base - changed) ** 2).sum()))
    return scores


def occlusion(policy, image, spec):
    """Captum's attributions a are π_d(s) − π_d(φ(s, k)) at every pixel of the patch."""
    from captum.attr import Occlusion

    patch = spec["patch"]
    baseline = image.mean(dim=(1, 2), keepdim=True)[None].expand_as(image[None])
    dimensions = policy(image[None]).shape[1]
    total = 0
    for dimension in range(dimensions):
        change = Occlusion(policy).attribute(image[None], sliding_window_shapes=(image.shape[0], patch, patch),
                                             strides=(image.shape[0], patch, patch), baselines=baseline, target=dimension)
        total = total + 0.5 * change[0, 0] ** 2
    return total[::patch, ::patch].flatten().tolist()


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, make, shape, state_size, spec in CASES:
        torch.manual_seed(len(cases))
        policy = make().eval()
        image = torch.rand(*shape)
        state = None if state_size is None else torch.randn(state_size)
        others = () if state is None else (state[None].repeat(2, 1),)
        with torch.no_grad():
            policy(image[None].repeat(2, 1, 1, 1), *others)  # gives the lazy layers their size
            for module in policy.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.running_mean.normal_(0, 0.1)
                    module.running_var.uniform_(0.5, 2)
            batch = torch.export.Dim("batch", min=1, max=4096)
            dynamic = {"image": {0: batch}} | ({} if state is None else {"state": {0: batch}})
            program = torch.export.export(policy, (image[None].repeat(2, 1, 1, 1), *others), dynamic_shapes=dynamic)
            torch.export.save(program, folder / f"{name}.pt2")
            scores = scores_of(copy.deepcopy(policy).double(), image, state, spec)
            entry = {"name": name, "spec": spec, "shape": list(shape), "image": image.flatten().tolist(),
                     "state": None if state is None else state.tolist(), "scores": scores}
            if name == "residual-patches":
                entry["occlusion"] = occlusion(policy, image, spec)
        cases.append(entry)
    (folder / "cases.json").write_text(json.dumps(cases))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
