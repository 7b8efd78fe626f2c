"""Policies with random, seeded weights on which `sqil bench saliency` measures.

    python saliency_policies.py OUTPUT_FOLDER

Writes nature-cnn.pt2 (Mnih et al. 2015: 84×84×4, six actions) and resnet34.pt2 (torchvision's, 224×224,
seven actions, BatchNorm statistics of random images so that activations keep their scale).
Pinned: torch 2.11.0, torchvision 0.26.0.
"""
import sys
from pathlib import Path

import torch
import torchvision
from torch import nn


def nature_cnn():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(4, 32, 8, 4), nn.ReLU(), nn.Conv2d(32, 64, 4, 2), nn.ReLU(), nn.Conv2d(64, 64, 3), nn.ReLU(),
        nn.Flatten(), nn.Linear(3136, 512), nn.ReLU(), nn.Linear(512, 6),
    ).eval()


def resnet34():
    torch.manual_seed(0)
    network = torchvision.models.resnet34(num_classes=7)
    network.train()
    with torch.no_grad():
        for _ in range(10):
            network(torch.rand(4, 3, 224, 224))
    return network.eval()


class Named(nn.Module):
    """The network with its input called `image`, as a policy card names it."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, image):
        return self.network(image)


def save(network, shape, path):
    batch = torch.export.Dim("batch", min=1, max=4096)
    program = torch.export.export(Named(network), (torch.zeros(2, *shape),), dynamic_shapes={"image": {0: batch}})
    torch.export.save(program, path)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, make, shape in (("nature-cnn", nature_cnn, (4, 84, 84)), ("resnet34", resnet34, (3, 224, 224))):
        path = folder / f"{name}.pt2"
        if not path.exists():
            save(make(), shape, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
