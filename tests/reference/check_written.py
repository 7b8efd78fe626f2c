"""Loads every NAME.pt2 of a folder in Python and holds its outputs against the recorded ones.

    python check_written.py WRITTEN_FOLDER RECORDED_FOLDER

Prints one line a file; exits with 1 when a file cannot be loaded or its outputs differ.
Recorded folders are made by parity_policies.py. Pinned: torch 2.11.0.
"""
import json
import sys
from pathlib import Path

import torch


def read_tensor(folder, entry):
    kind = getattr(torch, entry["type"])
    stored = torch.float32 if kind.is_floating_point else kind
    data = bytearray((folder / entry["file"]).read_bytes())
    return torch.frombuffer(data, dtype=stored).reshape(entry["shape"]).to(kind)


def check(written, recorded):
    extra = {"note.txt": ""}
    module = torch.export.load(written, extra_files=extra).module()
    if extra["note.txt"] not in ("kept", b"kept"):
        return "the extra file was lost"
    for run in json.loads((recorded / f"{written.stem}.json").read_text())["runs"]:
        with torch.no_grad():
            outputs = module(*(read_tensor(recorded, entry) for entry in run["inputs"]))
        outputs = outputs if isinstance(outputs, (tuple, list)) else (outputs,)
        for output, entry in zip(outputs, run["outputs"], strict=True):
            if not torch.allclose(output, read_tensor(recorded, entry), rtol=1e-5, atol=1e-6):
                return "other outputs"
    return ""


def main(written, recorded):
    failed = False
    for path in sorted(written.glob("*.pt2")):
        try:
            problem = check(path, recorded)
        except Exception as error:  # the report names every file that fails, not the first
            problem = f"{type(error).__name__}: {error}"
        print(f"{path.name}: {problem or 'same outputs'}")
        failed = failed or bool(problem)
    sys.exit(failed)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
