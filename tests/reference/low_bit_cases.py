"""ONNX Runtime's own low-bit operators on random data: MatMulNBits and QLinearConv.

    python low_bit_cases.py OUTPUT_FOLDER

Writes cases.json and raw little-endian files. Pinned: onnx 1.22.0, onnxruntime 1.32.0.
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper


def run(nodes, inputs, outputs, initializers, feed):
    graph = helper.make_graph(nodes, "case", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
    model.ir_version = 9
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, feed)[0]


def write(folder, name, array):
    (folder / f"{name}.bin").write_bytes(np.ascontiguousarray(array).tobytes())
    return {"file": f"{name}.bin", "shape": list(array.shape)}


def matmul_nbits(folder, random, index, rows, outputs, inputs, block, asymmetric):
    """Blocks of `block` inputs, codes 0 to 15, zero point 8 where symmetric, floats as activations."""
    blocks = inputs // block
    codes = random.integers(0, 16, (outputs, blocks, block), dtype=np.uint8)
    scales = random.uniform(0.01, 0.05, (outputs, blocks)).astype(np.float32)
    zeros = random.integers(0, 16, (outputs, blocks), dtype=np.uint8)
    x = random.normal(size=(rows, inputs)).astype(np.float32)
    packed = codes[..., 0::2] | (codes[..., 1::2] << 4)
    initializers = [numpy_helper.from_array(packed, "b"), numpy_helper.from_array(scales.reshape(-1), "scales")]
    names = ["x", "b", "scales"]
    if asymmetric:
        padded = np.pad(zeros, ((0, 0), (0, blocks % 2)))
        initializers.append(numpy_helper.from_array((padded[:, 0::2] | (padded[:, 1::2] << 4)).reshape(-1), "zeros"))
        names.append("zeros")
    node = helper.make_node("MatMulNBits", names, ["y"], domain="com.microsoft", K=inputs, N=outputs, bits=4, block_size=block, accuracy_level=1)
    y = run([node], [helper.make_tensor_value_info("x", TensorProto.FLOAT, [rows, inputs])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [rows, outputs])], initializers, {"x": x})
    case = {"kind": "matmul_nbits", "block": block, "x": write(folder, f"{index}_x", x), "y": write(folder, f"{index}_y", y),
            "codes": write(folder, f"{index}_codes", codes.reshape(outputs, inputs)), "scales": write(folder, f"{index}_scales", scales)}
    if asymmetric:
        case["zeros"] = write(folder, f"{index}_zeros", zeros)
    return case


def qlinear_conv(folder, random, index, channels, outputs, kernel, stride, padding, zero):
    """Unsigned codes in and out, signed weights with a scale a channel."""
    x = random.integers(0, 256, (2, channels, 11, 14), dtype=np.uint8)
    w = random.integers(-127, 128, (outputs, channels, kernel, kernel), dtype=np.int8)
    scales = random.uniform(0.001, 0.01, outputs).astype(np.float32)
    bias = random.integers(-3000, 3000, outputs, dtype=np.int32)
    x_scale, y_scale, y_zero = np.float32(0.02), np.float32(0.9), np.uint8(100)
    names = ["x", "x_scale", "x_zero", "w", "w_scale", "w_zero", "y_scale", "y_zero", "bias"]
    arrays = [None, x_scale, np.uint8(zero), w, scales, np.zeros(outputs, np.int8), y_scale, y_zero, bias]
    node = helper.make_node("QLinearConv", names, ["y"], kernel_shape=[kernel, kernel], strides=[stride, stride], pads=[padding] * 4)
    y = run([node], [helper.make_tensor_value_info("x", TensorProto.UINT8, x.shape)],
            [helper.make_tensor_value_info("y", TensorProto.UINT8, None)],
            [numpy_helper.from_array(np.asarray(a), n) for n, a in zip(names, arrays) if a is not None], {"x": x})
    return {"kind": "qlinear_conv", "stride": stride, "padding": padding, "x_zero": zero, "x_scale": float(x_scale), "y_scale": float(y_scale),
            "y_zero": int(y_zero), "x": write(folder, f"{index}_x", x), "w": write(folder, f"{index}_w", w),
            "scales": write(folder, f"{index}_scales", scales), "bias": write(folder, f"{index}_bias", bias), "y": write(folder, f"{index}_y", y)}


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{onnx.__version__} {onnxruntime.__version__} {Path(__file__).stat().st_mtime_ns}"
    done = folder / "done"
    if done.exists() and done.read_text() == stamp:
        return
    random = np.random.default_rng(0)
    cases = []
    for rows, outputs, inputs, block, asymmetric in ((1, 96, 256, 32, False), (1, 70, 384, 128, True), (5, 33, 128, 64, False), (20, 64, 256, 32, True)):
        cases.append(matmul_nbits(folder, random, len(cases), rows, outputs, inputs, block, asymmetric))
    for channels, outputs, kernel, stride, padding, zero in ((3, 16, 7, 2, 3, 0), (8, 70, 3, 1, 1, 128), (12, 33, 1, 2, 0, 3)):
        cases.append(qlinear_conv(folder, random, len(cases), channels, outputs, kernel, stride, padding, zero))
    (folder / "cases.json").write_text(json.dumps(cases))
    done.write_text(stamp)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
