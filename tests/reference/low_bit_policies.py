"""The CILRS encoder, ResNet-34 on 900x256 pixels, as `sqil bench policy` takes it, and as ONNX Runtime quantizes it.

    python low_bit_policies.py OUTPUT_FOLDER

Writes resnet34-900x256.pt2, and resnet34-900x256-qdq.onnx: static quantization to 8 bits, weights per channel, activations
unsigned, as onnxruntime.quantization does it. Weights are random, seeded: they do not change how long anything takes.
"""
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
import torchvision
from onnxruntime import quantization
from onnxruntime.quantization.shape_inference import quant_pre_process

warnings.filterwarnings("ignore")


class OneImage(quantization.CalibrationDataReader):
    def __init__(self, image):
        self.feeds = iter([{"image": image}])

    def get_next(self):
        return next(self.feeds, None)


class Encoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.network = torchvision.models.resnet34(num_classes=512)

    def forward(self, image):
        return self.network(image)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    encoder, image = Encoder().eval(), torch.rand(1, 3, 256, 900)
    torch.export.save(torch.export.export(encoder, (image,)), folder / "resnet34-900x256.pt2")
    with tempfile.TemporaryDirectory() as scratch:
        plain, prepared = Path(scratch) / "plain.onnx", Path(scratch) / "prepared.onnx"
        torch.onnx.export(encoder, (image,), plain, input_names=["image"], output_names=["features"], opset_version=17, dynamo=False)
        quant_pre_process(plain, prepared)
        quantization.quantize_static(prepared, folder / "resnet34-900x256-qdq.onnx", OneImage(np.asarray(image)),
                                     quant_format=quantization.QuantFormat.QDQ, per_channel=True,
                                     activation_type=quantization.QuantType.QUInt8, weight_type=quantization.QuantType.QInt8)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
