"""Unpacks checkpoints with other people's code and holds them against the weights.

    python check_packed.py FOLDER

FOLDER/NAME is what `sqil export` wrote, FOLDER/NAME.safetensors has the layers' weights ("LAYER.weight"), as floats.
compressed-tensors' own unpacking (pinned); AutoAWQ's order as its packing code has it (the package itself needs a GPU).
Prints {"NAME": largest difference as a share of the largest weight}.
"""
import json
import sys
from pathlib import Path

import torch
from compressed_tensors.compressors.pack_quantized.helpers import unpack_from_int32
from safetensors.torch import load_file

AWQ_ORDER = [0, 2, 4, 6, 1, 3, 5, 7]  # awq/modules/linear/gemm.py: the output in nibble i of a word


def repeat(numbers, inputs):
    return numbers.repeat_interleave(inputs // numbers.shape[1], dim=1)


def compressed(tensors, layer, bits):
    shape = torch.Size(tensors[f"{layer}.weight_shape"].tolist())
    whole = unpack_from_int32(tensors[f"{layer}.weight_packed"], bits, shape).float()
    scale = tensors[f"{layer}.weight_scale"]
    if f"{layer}.weight_zero_point" in tensors:
        zeros = unpack_from_int32(tensors[f"{layer}.weight_zero_point"], bits, torch.Size(scale.shape), packed_dim=0)
        whole = whole - repeat(zeros.float(), shape[1])
    return whole * repeat(scale, shape[1])


def awq(tensors, layer):
    def nibbles(words):
        values = torch.empty(words.shape[0], words.shape[1] * 8)
        for i, output in enumerate(AWQ_ORDER):
            values[:, output::8] = ((words >> (4 * i)) & 15).float()
        return values

    codes, zeros = nibbles(tensors[f"{layer}.qweight"]), nibbles(tensors[f"{layer}.qzeros"])
    group = codes.shape[0] // zeros.shape[0]
    return ((codes - zeros.repeat_interleave(group, 0)) * tensors[f"{layer}.scales"].float().repeat_interleave(group, 0)).t()


def main(folder):
    report = {}
    for expected_file in sorted(folder.glob("*.safetensors")):
        written = folder / expected_file.stem
        tensors, config = load_file(written / "model.safetensors"), json.loads((written / "config.json").read_text())["quantization_config"]
        worst, layers = 0.0, 0
        for name, expected in load_file(expected_file).items():
            layer = name.removesuffix(".weight")
            if name in tensors:
                got = tensors[name]
            elif config["quant_method"] == "awq":
                got, layers = awq(tensors, layer), layers + 1
            else:
                got, layers = compressed(tensors, layer, config["config_groups"]["group_0"]["weights"]["num_bits"]), layers + 1
            worst = max(worst, float((got - expected).abs().max() / expected.abs().max()))
        report[expected_file.stem] = {"difference": worst, "packed": layers}
    print(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
