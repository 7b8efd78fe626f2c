"""ONNX Runtime's low-bit operators and quantized models, timed on request (`sqil bench kernels`, `sqil bench policy`).

    python kernel_reference.py THREADS

Reads one JSON command a line and answers with one line: {"seconds": of one layer or one run} or {"error": …}.
Commands: {"kind": "matmul_nbits" | "qlinear_matmul", "rows", "outputs", "inputs", "bits", "block", "layers",
"accuracy_level"}; {"kind": "model", "path"}: one run of an ONNX model on random inputs.
"""
import json
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

THREADS = int(sys.argv[1])
random = np.random.default_rng(0)


def session_of(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def build(nodes, initializers, inputs, outputs):
    graph = helper.make_graph(nodes, "layers", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
    model.ir_version = 9
    return model.SerializeToString()


def matmul_nbits(command):
    """Layers side by side on one input, each with weights of its own."""
    rows, outputs, inputs, bits, block = (command[key] for key in ("rows", "outputs", "inputs", "bits", "block"))
    blocks = inputs // block
    nodes, initializers = [], []
    for layer in range(command["layers"]):
        packed = random.integers(0, 256, (outputs, blocks, block * bits // 8), dtype=np.uint8)
        scales = random.uniform(0.001, 0.01, outputs * blocks).astype(np.float32)
        initializers += [numpy_helper.from_array(packed, f"b{layer}"), numpy_helper.from_array(scales, f"s{layer}")]
        nodes.append(helper.make_node("MatMulNBits", ["x", f"b{layer}", f"s{layer}"], [f"y{layer}"], domain="com.microsoft", K=inputs,
                                      N=outputs, bits=bits, block_size=block, accuracy_level=command["accuracy_level"]))
    results = [helper.make_tensor_value_info(f"y{layer}", TensorProto.FLOAT, [rows, outputs]) for layer in range(command["layers"])]
    model = build(nodes, initializers, [helper.make_tensor_value_info("x", TensorProto.FLOAT, [rows, inputs])], results)
    return session_of(model), {"x": random.normal(size=(rows, inputs)).astype(np.float32)}, command["layers"]


def qlinear_matmul(command):
    rows, outputs, inputs = (command[key] for key in ("rows", "outputs", "inputs"))
    names = ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz"]
    arrays = [np.float32(0.03), np.uint8(128), random.integers(-127, 128, (inputs, outputs), dtype=np.int8),
              random.uniform(0.001, 0.01, outputs).astype(np.float32), np.zeros(outputs, np.int8), np.float32(0.03), np.uint8(128)]
    initializers = [numpy_helper.from_array(np.asarray(array), name) for name, array in zip(names[1:], arrays)]
    model = build([helper.make_node("QLinearMatMul", names, ["y"])], initializers,
                  [helper.make_tensor_value_info("x", TensorProto.UINT8, [rows, inputs])],
                  [helper.make_tensor_value_info("y", TensorProto.UINT8, [rows, outputs])])
    return session_of(model), {"x": random.integers(0, 256, (rows, inputs), dtype=np.uint8)}, 1


def model_file(command):
    session = session_of(command["path"])
    feed = {}
    for value in session.get_inputs():
        shape = [size if isinstance(size, int) else 1 for size in value.shape]
        feed[value.name] = random.random(size=shape).astype(np.float32)
    return session, feed, 1


BUILDERS = {"matmul_nbits": matmul_nbits, "qlinear_matmul": qlinear_matmul, "model": model_file}


def main():
    print(json.dumps({"onnxruntime": onnxruntime.__version__, "onnx": onnx.__version__, "threads": THREADS}), flush=True)
    key, subject = None, {}
    for line in sys.stdin:
        try:
            command = json.loads(line)
            if line not in subject:
                # The sessions of one case at a time stay in memory.
                case = {name: value for name, value in command.items() if name != "accuracy_level"}
                if case != key:
                    key, subject = case, {}
                subject[line] = BUILDERS[command["kind"]](command)
                subject[line][0].run(None, subject[line][1])
            session, feed, layers = subject[line]
            start = time.perf_counter()
            session.run(None, feed)
            print(json.dumps({"seconds": (time.perf_counter() - start) / layers}), flush=True)
        except Exception as problem:  # every problem is an answer
            print(json.dumps({"error": " ".join(str(problem).split())[:300]}), flush=True)


if __name__ == "__main__":
    main()
