"""Runs ONNX models in ONNX Runtime and holds their outputs against recorded ones.

    python check_onnx.py FOLDER

For every NAME.onnx in FOLDER, NAME.json lists inputs and outputs ({"file", "type", "shape"}, raw float32 or int64 beside
it). Prints {"NAME": relative distance of the worst output, …} and the types of the nodes that ran, after fusion.
"""
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime


def read(folder, entry):
    kind = np.int64 if entry["type"] == "int64" else np.float32
    return np.fromfile(folder / entry["file"], kind).reshape(entry["shape"])


def main(folder):
    report = {}
    for path in sorted(folder.glob("*.onnx")):
        onnx.checker.check_model(str(path), full_check=True)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        optimized = folder / f"{path.stem}.optimized"
        options.optimized_model_filepath = str(optimized)
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        record = json.loads((folder / f"{path.stem}.json").read_text())
        feed = {value.name: read(folder, entry) for value, entry in zip(session.get_inputs(), record["inputs"])}
        worst = 0.0
        for output, entry in zip(session.run(None, feed), record["outputs"]):
            expected = read(folder, entry).astype(np.float64)
            worst = max(worst, float(np.linalg.norm(output - expected) / max(np.linalg.norm(expected), 1e-12)))
        nodes = Counter(node.op_type for node in onnx.load(str(optimized)).graph.node)
        report[path.stem] = {"distance": worst, "nodes": dict(nodes)}
    print(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
