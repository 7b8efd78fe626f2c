"""Policies of the kinds that people deploy, with inputs and the outputs PyTorch gives for them.

    python parity_policies.py OUTPUT_FOLDER

Each NAME.pt2 comes with NAME.json: per case (a batch size) the inputs and outputs as raw little-endian
files with their types and shapes. Weights are random, seeded. Pinned: torch 2.11.0, torchvision 0.26.0.
"""
import json
import sys
import warnings
from pathlib import Path

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(17, 64), nn.ReLU(), nn.LayerNorm(64), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 6))

    def forward(self, observation):
        return torch.tanh(self.layers(observation))


class CameraAndState(nn.Module):
    """A convolutional encoder with BatchNorm beside a state vector; buffers, one of them not persistent."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(3, 16, 5, stride=2), nn.BatchNorm2d(16), nn.ReLU(inplace=True),
                                     nn.Conv2d(16, 32, 3, stride=2, padding=1, groups=2), nn.ELU(inplace=True), nn.MaxPool2d(2))
        self.head = nn.Linear(32 * 5 * 5 + 7, 7)
        self.register_buffer("mean", torch.linspace(-1, 1, 7))
        self.register_buffer("scale", torch.full((7,), 0.5), persistent=False)
        self.encoder[1].running_mean.uniform_(-1, 1)
        self.encoder[1].running_var.uniform_(0.5, 2)

    def forward(self, agentview_image, robot0_joint_pos):
        state = (robot0_joint_pos - self.mean) * self.scale
        return self.head(torch.cat([self.encoder(agentview_image).flatten(1), state], dim=1))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.recurrent = nn.LSTM(9, 32, num_layers=2, batch_first=True)
        self.head = nn.Linear(32, 4)

    def forward(self, history):
        features, (hidden, _) = self.recurrent(history)
        return self.head(features[:, -1]), hidden[-1]


class Attention(nn.Module):
    """Tokens, multi-head attention and a categorical head."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(12, 32)
        layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.position = nn.Parameter(torch.randn(1, 10, 32) * 0.1)
        self.head = nn.Linear(32, 11)

    def forward(self, tokens):
        return self.head(self.encoder(self.embed(tokens) + self.position).mean(dim=1))


class DiffusionUnet(nn.Module):
    """Conditional 1-D U-Net as in Diffusion Policy: FiLM blocks, GroupNorm, Mish, skip connections."""

    class Block(nn.Module):
        def __init__(self, inputs, outputs, condition):
            super().__init__()
            self.first = nn.Sequential(nn.Conv1d(inputs, outputs, 5, padding=2), nn.GroupNorm(4, outputs), nn.Mish())
            self.second = nn.Sequential(nn.Conv1d(outputs, outputs, 5, padding=2), nn.GroupNorm(4, outputs), nn.Mish())
            self.film = nn.Sequential(nn.Mish(), nn.Linear(condition, outputs * 2))
            self.skip = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

        def forward(self, x, condition):
            scale, shift = self.film(condition).unsqueeze(-1).chunk(2, dim=1)
            return self.second(self.first(x) * scale + shift) + self.skip(x)

    def __init__(self):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(16, 64), nn.Mish(), nn.Linear(64, 16))
        self.down = self.Block(7, 16, 26)
        self.shrink = nn.Conv1d(16, 16, 3, stride=2, padding=1)
        self.middle = self.Block(16, 32, 26)
        self.grow = nn.ConvTranspose1d(32, 16, 4, stride=2, padding=1)
        self.up = self.Block(32, 16, 26)
        self.out = nn.Conv1d(16, 7, 1)

    def forward(self, noisy_actions, timestep, observation):
        angle = timestep * torch.exp(torch.linspace(0, -4, 8))
        condition = torch.cat([self.time(torch.cat([angle.sin(), angle.cos()], dim=1)), observation], dim=1)
        skip = self.down(noisy_actions.transpose(1, 2), condition)
        x = self.grow(self.middle(self.shrink(skip), condition))
        return self.out(self.up(torch.cat([x, skip], dim=1), condition)).transpose(1, 2)


class CommandBranches(nn.Module):
    """One branch a command, as in CILRS: all run, the command's is gathered."""

    def __init__(self):
        super().__init__()
        self.perception = torchvision.models.resnet18(num_classes=64)
        self.measurement = nn.Sequential(nn.Linear(1, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU())
        self.join = nn.Sequential(nn.Linear(96, 64), nn.ReLU())
        self.branches = nn.ModuleList(nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 2)) for _ in range(6))
        self.speed = nn.Linear(64, 1)

    def forward(self, image, speed, command):
        features = self.perception(image)
        joined = self.join(torch.cat([features, self.measurement(speed / 12)], dim=1))
        actions = torch.stack([branch(joined) for branch in self.branches], dim=1)
        chosen = actions.gather(1, command.view(-1, 1, 1).expand(-1, 1, 2)).squeeze(1)
        return chosen, self.speed(features)


class TiedAndSplit(nn.Module):
    """A weight under two names, lists of tensors, and a second output that is an input's part."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(8, 8, bias=False)
        self.unembed = nn.Linear(8, 8, bias=False)
        self.unembed.weight = self.embed.weight

    def forward(self, x):
        first, second = self.unembed(F.silu(self.embed(x))).split(4, dim=1)
        parts = torch.unbind(second.reshape(-1, 2, 2), dim=1)
        return first * parts[0].repeat(1, 2), torch.stack(parts, dim=0).sum(0), x


def cases():
    """name, module, inputs of a batch, dynamic batch?"""
    def image(size):
        return lambda batch: (torch.rand(batch, 3, size, size),)

    yield "mlp", Mlp(), lambda batch: (torch.randn(batch, 17),), True
    yield "camera_and_state", CameraAndState(), lambda batch: (torch.rand(batch, 3, 44, 44), torch.randn(batch, 7)), True
    yield "resnet34", torchvision.models.resnet34(num_classes=7), image(96), True
    yield "vit_b_16", torchvision.models.vit_b_16(num_classes=7), image(224), True
    yield "lstm", Recurrent(), lambda batch: (torch.randn(batch, 6, 9),), True
    yield "transformer", Attention(), lambda batch: (torch.randn(batch, 10, 12),), True
    yield "diffusion_unet", DiffusionUnet(), lambda batch: (torch.randn(batch, 16, 7), torch.rand(batch, 1) * 100, torch.randn(batch, 10)), True
    yield "command_branches", CommandBranches(), lambda batch: (torch.rand(batch, 3, 64, 96), torch.rand(batch, 1) * 10, torch.randint(0, 6, (batch,))), True
    yield "tied_and_split", TiedAndSplit(), lambda batch: (torch.randn(batch, 8),), True
    yield "bfloat16", Mlp().to(torch.bfloat16), lambda batch: (torch.randn(batch, 17, dtype=torch.bfloat16),), True
    yield "fixed_batch", Mlp(), lambda batch: (torch.randn(3, 17),), False


def write_tensor(folder, stem, tensor):
    plain = tensor.detach().float() if tensor.is_floating_point() else tensor.detach()
    (folder / f"{stem}.bin").write_bytes(plain.contiguous().numpy().tobytes())
    return {"file": f"{stem}.bin", "type": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape)}


def write_case(folder, name, module, make_inputs, dynamic):
    module.eval()
    example = make_inputs(2)
    batch = torch.export.Dim("batch", min=1, max=64)
    program = torch.export.export(module, example, dynamic_shapes=tuple({0: batch} for _ in example) if dynamic else None)
    torch.export.save(program, folder / f"{name}.pt2")
    runs = []
    for size in (1, 2, 7) if dynamic and name not in ("vit_b_16",) else (2,):
        inputs = make_inputs(size)
        with torch.no_grad():
            outputs = module(*inputs)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        runs.append({"inputs": [write_tensor(folder, f"{name}_{size}_in{i}", t) for i, t in enumerate(inputs)],
                     "outputs": [write_tensor(folder, f"{name}_{size}_out{i}", t) for i, t in enumerate(outputs)]})
    (folder / f"{name}.json").write_text(json.dumps({"name": name, "runs": runs}))


class SavesItself(nn.Module):
    """Has code that would run on loading: such a file is refused."""

    def __init__(self):
        super().__init__()
        self.scale = 2.0

    @torch.jit.export
    def __getstate__(self):
        return self.scale, self.training

    @torch.jit.export
    def __setstate__(self, state: tuple[float, bool]):
        self.scale = state[0]
        self.training = state[1]

    def forward(self, x):
        return x * self.scale


class Branching(nn.Module):
    """Decides by a value it computes: no graph without control flow can say that."""

    def forward(self, x):
        if bool(x.sum() > 0):
            return x * 2
        return x


def write_torchscript(folder):
    """The same modules as TorchScript: NAME_traced.pt and NAME_scripted.pt, with NAME.json's runs."""
    torch.manual_seed(3)
    traced = {"camera_and_state": lambda n: (torch.rand(n, 3, 44, 44), torch.randn(n, 7)), "lstm": lambda n: (torch.randn(n, 6, 9),),
              "transformer": lambda n: (torch.randn(n, 10, 12),), "tied_and_split": lambda n: (torch.randn(n, 8),)}
    scripted = ("mlp", "camera_and_state", "resnet34", "command_branches")
    written = []
    for name, module, make_inputs, _ in cases():
        module.eval()
        forms = {}
        if name in traced:
            forms["traced"] = torch.jit.trace(module, make_inputs(2), check_trace=False)
        if name in scripted:
            forms["scripted"] = torch.jit.script(module)
        for form, program in forms.items():
            stem = f"{name}_{form}"
            program.save(folder / f"{stem}.pt")
            inputs = make_inputs(2)
            with torch.no_grad():
                outputs = module(*inputs)
            outputs = outputs if isinstance(outputs, tuple) else (outputs,)
            (folder / f"{stem}.json").write_text(json.dumps({"name": stem, "runs": [
                {"inputs": [write_tensor(folder, f"{stem}_in{i}", t) for i, t in enumerate(inputs)],
                 "outputs": [write_tensor(folder, f"{stem}_out{i}", t) for i, t in enumerate(outputs)]}]}))
            written.append(stem)
    torch.jit.script(SavesItself()).save(folder / "saves_itself.pt")
    torch.jit.script(Branching()).save(folder / "branching.pt")
    torch.save(Mlp().state_dict(), folder / "pickle.pt")
    (folder / "torchscript.json").write_text(json.dumps(written))


def write_gradients(folder):
    """d(sum of squares of the action) with respect to the image and the first weight."""
    torch.manual_seed(5)
    module = CameraAndState().eval()
    image, state = torch.rand(2, 3, 44, 44, requires_grad=True), torch.randn(2, 7)
    program = torch.export.export(module, (image.detach(), state))
    torch.export.save(program, folder / "gradient.pt2")
    module(image, state).square().sum().backward()
    (folder / "gradient.json").write_text(json.dumps({
        "inputs": [write_tensor(folder, "gradient_in0", image), write_tensor(folder, "gradient_in1", state)],
        "image": write_tensor(folder, "gradient_image", image.grad),
        "weight": write_tensor(folder, "gradient_weight", module.encoder[0].weight.grad)}))


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "done"
    stamp = f"{torch.__version__} {torchvision.__version__} {Path(__file__).stat().st_mtime_ns}"
    if done.exists() and done.read_text() == stamp:
        return
    torch.manual_seed(0)
    names = []
    for name, module, make_inputs, dynamic in cases():
        write_case(folder, name, module, make_inputs, dynamic)
        names.append(name)
    write_gradients(folder)
    write_torchscript(folder)
    (folder / "index.json").write_text(json.dumps(names))
    done.write_text(stamp)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
