"""A plain Python loop over an environment, with the policy in PyTorch: what `sqil bench rollouts` is held against.

    python rollouts_reference.py FOLDER

FOLDER has bench.json: {"worker": path of sqil_worker.py, "environment": name, "settings": {…}, "policy": policy.pt2,
"inputs": [{"name", "key", "image", "scale", "layout"}], "threads": n}. The environment is made by the worker's own code, so
both ways step the same thing. Each line of input, {"seed", "steps"}, is answered with {"steps", "seconds", "return"}: one
episode, reset included.
"""
import importlib.util
import json
import sys
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import numpy as np
import torch


def main():
    settings = json.loads((Path(sys.argv[1]) / "bench.json").read_text())
    torch.set_num_threads(settings["threads"])
    specification = importlib.util.spec_from_file_location("sqil_worker", settings["worker"])
    worker = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(worker)
    environment = worker.make(settings["environment"], settings["settings"])
    names = [name for name, _, _ in environment.observations]
    policy = torch.export.load(settings["policy"]).module()
    low, high = np.asarray(environment.low, np.float32), np.asarray(environment.high, np.float32)

    def tensors(parts):
        observed = dict(zip(names, parts))
        for entry in settings["inputs"]:
            tensor = torch.from_numpy(np.ascontiguousarray(observed[entry["key"]])).float()
            if entry["image"] and entry["layout"] == "hwc":
                tensor = tensor.permute(2, 0, 1)
            yield (tensor if entry["scale"] == 1 else tensor * entry["scale"])[None]

    def act(parts):
        output = policy(*tensors(parts))
        action = output[0] if isinstance(output, (tuple, list)) else output
        return np.clip(action[0].numpy(), low, high)

    @torch.inference_mode()
    def episode(seed, steps):
        start = time.perf_counter()
        parts, total, done = environment.reset(seed), 0.0, 0
        while done < steps:
            parts, reward, flags = environment.step(act(parts))
            total += reward
            done += 1
            if flags & (worker.TERMINATED | worker.TRUNCATED | worker.SUCCESS):
                break
        return {"steps": done, "seconds": time.perf_counter() - start, "return": total}

    def answer(record):
        print(json.dumps(record), flush=True)

    answer({"torch": torch.__version__, "limit": environment.limit})
    for line in sys.stdin:
        wanted = json.loads(line)
        answer(episode(wanted["seed"], wanted["steps"]))


main()
