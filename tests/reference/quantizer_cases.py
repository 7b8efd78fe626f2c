"""Quantizers of other people, for tests/quant.

    python quantizer_cases.py OUTPUT_FOLDER

Writes cases.json (every tensor a raw file beside it) and the exported policies named in it:
  awq        scale and clip search of AWQ (Lin et al. 2023), re-implemented in PyTorch after the published llm-awq
             (auto_scale.py, auto_clip.py, quantizer.py), on linear layers and, through unfold, convolutions
  nf4        bitsandbytes' quantize_4bit with double quantization, and torchao's NF4Tensor
  policies   networks with batch norms, and pre-norm transformers with outlier channels, with inputs and outputs

Pinned: torch 2.11.0, bitsandbytes 0.50.2, torchao 0.18.0. Leaves its output alone when it is up to date.
"""
import json
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

VERSION = 1


class Folder:
    def __init__(self, path):
        self.path = path
        self.count = 0

    def tensor(self, value):
        kind = str(value.dtype).removeprefix("torch.")
        if kind not in ("float32", "int64"):
            value = value.long()
            kind = "int64"
        name = f"{self.count}.bin"
        self.count += 1
        (self.path / name).write_bytes(value.detach().contiguous().numpy().tobytes())
        return {"file": name, "shape": list(value.shape), "type": kind}


# AWQ


def fake_quantize(weight, bits, group, zero_point):
    """Round to nearest over groups of `group` columns (0: whole rows)."""
    rows = weight.reshape(-1, group) if group > 0 else weight.reshape(weight.shape[0], -1)
    if zero_point:
        high, low = rows.amax(1, keepdim=True), rows.amin(1, keepdim=True)
        largest = 2**bits - 1
        step = (high - low).clamp(min=1e-5) / largest
        zero = (-torch.round(low / step)).clamp(0, largest)
        quantized = ((torch.round(rows / step) + zero).clamp(0, largest) - zero) * step
    else:
        step = rows.abs().amax(1, keepdim=True).clamp(min=1e-5) / (2 ** (bits - 1) - 1)
        quantized = torch.round(rows / step).clamp(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) * step
    return quantized.reshape(weight.shape)


def search_scale(inputs, magnitude, per_column, weights, bits, group, zero_point):
    """`per_column` repeats a number a channel for every column of the weight."""
    exact = [inputs @ weight.T for weight in weights]
    losses, best = [], None
    for i in range(20):
        ratio = i / 20
        scale = magnitude.pow(ratio).clamp(min=1e-4)
        scale = scale / (scale.max() * scale.min()).sqrt()
        columns = per_column(scale)
        loss = 0.0
        for weight, output in zip(weights, exact):
            changed = fake_quantize(weight * columns, bits, group, zero_point) / columns
            loss += (output - inputs @ changed.T).float().pow(2).mean().item()
        losses.append(loss)
        if best is None or loss < losses[best[0]]:
            best = (i, ratio, scale)
    return best[1], best[2], losses


def clip(weight, inputs, bits, group, zero_point):
    size = group if group > 0 else weight.shape[1]
    features = inputs.reshape(1, inputs.shape[0], -1, size)
    features = features[:, 0 :: max(1, features.shape[1] // 512)]
    grouped = weight.reshape(weight.shape[0], 1, -1, size)
    largest = grouped.abs().amax(-1, keepdim=True)
    best, least = largest.clone(), torch.full_like(largest, 1e9)
    exact = (features * grouped).sum(-1)
    for i in range(10):
        limit = largest * (1 - i / 20)
        current = torch.clamp(grouped, -limit, limit)
        current = fake_quantize(current.reshape(weight.shape), bits, group, zero_point).reshape(grouped.shape)
        error = ((features * current).sum(-1) - exact).pow(2).mean(1).view(least.shape)
        better = error < least
        least[better] = error[better]
        best[better] = limit[better]
    return torch.clamp(grouped, -best, best).reshape(weight.shape)


def awq_case(folder, name, seed, bits, group, zero_point, convolution=False):
    generator = torch.Generator().manual_seed(seed)
    channels = 16 if convolution else 64
    spread = torch.exp(torch.randn(channels, generator=generator) * 1.2)  # some channels much louder
    if convolution:
        activations = torch.randn(4, channels, 9, 9, generator=generator) * spread.view(1, -1, 1, 1)
        weights = [torch.randn(24, channels, 3, 3, generator=generator) * 0.2]
        inputs = F.unfold(activations, 3, padding=1, stride=2).transpose(1, 2).reshape(-1, channels * 9)
        magnitude = activations.abs().mean((0, 2, 3))
        per_column = lambda scale: scale.repeat_interleave(9)
    else:
        activations = inputs = torch.randn(256, channels, generator=generator) * spread
        weights = [torch.randn(n, channels, generator=generator) * 0.2 for n in (32, 48)]
        magnitude = activations.abs().mean(0)
        per_column = lambda scale: scale
    flat = [weight.flatten(1) for weight in weights]
    ratio, scale, losses = search_scale(inputs, magnitude, per_column, flat, bits, group, zero_point)
    columns = per_column(scale)
    clipped = [clip(weight * columns, inputs / columns, bits, group, zero_point) for weight in flat]
    quantized = [fake_quantize(weight, bits, group, zero_point) for weight in clipped]
    return {
        "name": name,
        "bits": bits,
        "group": group,
        "asymmetric": zero_point,
        "convolution": convolution,
        "activations": folder.tensor(activations),
        "rows": folder.tensor(inputs),
        "weights": [folder.tensor(weight) for weight in weights],
        "ratio": ratio,
        "losses": losses,
        "scale": folder.tensor(scale),
        "clipped": [folder.tensor(w.reshape(o.shape)) for w, o in zip(clipped, weights)],
        "quantized": [folder.tensor(w.reshape(o.shape)) for w, o in zip(quantized, weights)],
    }


# NF4


def nf4_case(folder, name, weight):
    import bitsandbytes.functional as bnb

    packed, state = bnb.quantize_4bit(weight, blocksize=64, compress_statistics=True, quant_type="nf4")
    packed = packed.flatten()
    codes = torch.stack([packed >> 4, packed & 15], 1).flatten()[: weight.numel()].reshape(weight.shape)
    case = {
        "name": name,
        "weight": folder.tensor(weight),
        "codes": folder.tensor(codes),
        "scale_codes": folder.tensor(state.absmax),
        "scale_maxima": folder.tensor(state.state2.absmax),
        "offset": state.offset.item(),
        "dynamic_levels": folder.tensor(state.state2.code),
        "values": folder.tensor(bnb.dequantize_4bit(packed.view(-1, 1), state)),
    }
    if weight.numel() % (64 * 256) == 0:  # torchao takes whole blocks only; its scales are linear int8
        from torchao.quantization.quantize_.workflows.nf4.nf4_tensor import NF4Tensor

        case["torchao"] = folder.tensor(NF4Tensor.from_tensor(weight, 64, 256).get_original_weight())
    return case


# Policies


class BatchNorms(nn.Module):
    """Folds: two convolutions (one without bias), a transposed one, a linear. Stays: one after a ReLU."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.grouped = nn.Conv2d(8, 12, 3, stride=2, groups=4)
        self.grouped_norm = nn.BatchNorm2d(12, affine=False)
        self.up = nn.ConvTranspose2d(12, 6, 2, stride=2)
        self.up_norm = nn.BatchNorm2d(6)
        self.after_relu = nn.BatchNorm2d(6)
        self.linear = nn.Linear(6, 10)
        self.linear_norm = nn.BatchNorm1d(10)
        self.head = nn.Linear(10, 4)

    def forward(self, image):
        x = torch.relu(self.norm(self.conv(image)))
        x = torch.relu(self.grouped_norm(self.grouped(x)))
        x = self.after_relu(torch.relu(self.up_norm(self.up(x))))
        return self.head(torch.relu(self.linear_norm(self.linear(x.mean((2, 3))))))


class RootMeanSquareNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(width) + 0.5)

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


class LlamaBlock(nn.Module):
    def __init__(self, width, hidden, heads, norm):
        super().__init__()
        self.heads = heads
        self.attention_norm, self.mlp_norm = norm(width), norm(width)
        self.q, self.k, self.v, self.o = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.gate, self.up = nn.Linear(width, hidden, bias=False), nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        batch, tokens, width = x.shape
        n = self.attention_norm(x)
        split = lambda y: y.view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
        y = F.scaled_dot_product_attention(split(self.q(n)), split(self.k(n)), split(self.v(n)), is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(batch, tokens, width))
        n = self.mlp_norm(x)
        return x + self.down(F.silu(self.gate(n)) * self.up(n))


class Llama(nn.Module):
    """Outlier channels in the residual stream and in the hidden layer, as trained language models have them."""

    def __init__(self, norm, width=64, hidden=96):
        super().__init__()
        self.embed = nn.Linear(10, width)
        self.position = nn.Parameter(torch.randn(1, 8, width) * 0.1)
        self.blocks = nn.ModuleList(LlamaBlock(width, hidden, 4, norm) for _ in range(2))
        self.norm = norm(width)
        self.head = nn.Linear(width, 7)
        with torch.no_grad():
            self.embed.weight[[3, 17, 40]] *= 20
            for block in self.blocks:
                block.up.weight[[5, 60]] *= 20

    def forward(self, obs):
        x = self.embed(obs) + self.position
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, -1])


class Encoder(nn.Module):
    """PyTorch's own pre-norm encoder with LayerNorms; the last one is read by a mean and an output."""

    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(32, 2, 48, batch_first=True, norm_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(32)
        with torch.no_grad():
            for parameter in self.parameters():
                if parameter.dim() == 1:
                    parameter += torch.randn_like(parameter) * 0.3

    def forward(self, obs):
        return self.norm(self.encoder(obs)).mean(1)


def policy_case(folder, name, module, inputs, batch_range=64):
    module.eval()
    with torch.no_grad():
        outputs = module(inputs)
    dynamic = ({0: torch.export.Dim("batch", min=1, max=batch_range)},)
    torch.export.save(torch.export.export(module, (inputs,), dynamic_shapes=dynamic), folder.path / f"{name}.pt2")
    return {"name": name, "inputs": [folder.tensor(inputs)], "outputs": [folder.tensor(outputs)]}


def policies(folder):
    torch.manual_seed(11)
    norms = BatchNorms()
    for module in norms.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.running_mean.normal_()
            module.running_var.uniform_(0.3, 3)
            if module.affine:
                nn.init.uniform_(module.weight, 0.5, 2)
                nn.init.normal_(module.bias)
    torch.manual_seed(12)
    yield policy_case(folder, "batch_norms", norms, torch.randn(3, 3, 11, 11))
    yield policy_case(folder, "llama", Llama(RootMeanSquareNorm), torch.randn(5, 8, 10))
    yield policy_case(folder, "llama_native", Llama(lambda width: nn.RMSNorm(width, eps=1e-5)), torch.randn(5, 8, 10))
    yield policy_case(folder, "encoder", Encoder(), torch.randn(5, 6, 32))


def main(path):
    done = path / "version.txt"
    if done.exists() and done.read_text() == f"{VERSION} {torch.__version__}":
        return
    path.mkdir(parents=True, exist_ok=True)
    folder = Folder(path)
    torch.manual_seed(1)
    cases = {
        "awq": [
            awq_case(folder, "per channel", 1, 4, 0, False),
            awq_case(folder, "3 bits, groups", 2, 3, 16, False),
            awq_case(folder, "groups with zero points", 3, 4, 32, True),
            awq_case(folder, "convolution", 4, 4, 0, False, convolution=True),
            awq_case(folder, "convolution, groups with zero points", 5, 4, 48, True, convolution=True),
        ],
        "nf4": [
            nf4_case(folder, "whole blocks", torch.randn(256, 128)),
            nf4_case(folder, "heavy tails", torch.randn(300, 257).pow(3)),
            nf4_case(folder, "ragged", torch.randn(3, 5, 7)),
        ],
        "policies": list(policies(folder)),
    }
    (path / "cases.json").write_text(json.dumps(cases))
    done.write_text(f"{VERSION} {torch.__version__}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
