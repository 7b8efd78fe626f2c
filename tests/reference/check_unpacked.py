"""Holds every NAME_packed.pt2 of a folder against NAME_fake.pt2 in Python: the same outputs on random inputs, weights
stored as integers.

    python check_unpacked.py FOLDER

Prints one line a pair; exits with 1 when a file cannot be loaded or something differs. Pinned: torch 2.11.0.
"""
import sys
from pathlib import Path

import torch


def inputs_of(program):
    torch.manual_seed(0)
    sizes = []
    by_name = {node.name: node.meta["val"] for node in program.graph.nodes if node.op == "placeholder"}
    for name in program.graph_signature.user_inputs:
        sizes.append([size if isinstance(size, int) else 2 for size in by_name[name].shape])
    return [torch.rand(size) for size in sizes]


def check(fake, packed):
    fake, packed = torch.export.load(fake), torch.export.load(packed)
    inputs = inputs_of(fake)
    with torch.no_grad():
        expected, outputs = fake.module()(*inputs), packed.module()(*inputs)
    expected, outputs = (x if isinstance(x, (tuple, list)) else (x,) for x in (expected, outputs))
    if not all(torch.allclose(a, b, rtol=1e-5, atol=1e-6) for a, b in zip(expected, outputs, strict=True)):
        return "other outputs"
    if not any(t.dtype in (torch.int8, torch.uint8) for t in packed.state_dict.values()):
        return "no integers"
    return ""


def main(folder):
    failed = False
    for packed in sorted(folder.glob("*_packed.pt2")):
        try:
            problem = check(str(packed).replace("_packed", "_fake"), packed)
        except Exception as error:  # the report names every file that fails, not the first
            problem = f"{type(error).__name__}: {error}"
        print(f"{packed.name}: {problem or 'same outputs'}")
        failed = failed or bool(problem)
    sys.exit(failed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
