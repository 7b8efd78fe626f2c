"""What `sqil analyze` must say about the sample, computed with PyTorch, h5py and SciPy alone.

    python analyze_sample.py OUTPUT_FOLDER

Writes OUTPUT_FOLDER/expected.json: actions and the gap of full precision against per-channel 4-bit
weights at every step of one episode, and S at every place for a few steps by the published
procedure (Greydanus et al. 2018, visualize_atari: one perturbed image after the other).
Pinned: torch 2.11.0, h5py 3.16.0, scipy 1.17.1, numpy 2.4.6.
"""
import json
import sys
from pathlib import Path

import h5py
import numpy as np
import torch
from scipy.ndimage import gaussian_filter

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
SALIENCY_STEPS = (0, 17, 40)
STRIDE, MASK_SIGMA, BLUR_SIGMA = 8, 6.0, 3.5


def quantized_per_channel(weight, bits):
    """METHOD "Quantizer": clip(round(w/γ)) with γ = max|w| of the output channel / (2^(b−1) − 1)."""
    maximum = 2 ** (bits - 1) - 1
    step = weight.abs().flatten(1).amax(1).reshape(-1, *[1] * (weight.dim() - 1)) / maximum
    return torch.clamp(torch.round(weight / step), -maximum - 1, maximum) * step


def load_policy():
    return torch.export.load(SAMPLE / "policy.pt2").module()


def load_quantized_policy(bits):
    policy = load_policy()
    with torch.no_grad():
        for name, parameter in policy.named_parameters():
            if name.endswith("weight") and parameter.dim() > 1:
                parameter.copy_(quantized_per_channel(parameter, bits))
    return policy


def observations(file, episode):
    group = file["data"][episode]["obs"]
    image = torch.from_numpy(group["agentview_image"][:]).permute(0, 3, 1, 2).float() / 255.0
    states = [torch.from_numpy(group[key][:]).float() for key in ("robot0_eef_pos", "robot0_gripper_qpos")]
    return [image] + states


def published_saliency(policy, inputs, step):
    """S(s, k) over the grid of places, one forward pass a place, in float64 from float32 outputs."""
    image = inputs[0][step].numpy().astype(np.float64)
    states = [state[step : step + 1] for state in inputs[1:]]
    blurred = np.stack([gaussian_filter(channel, sigma=BLUR_SIGMA) for channel in image])
    base = policy(torch.from_numpy(image)[None].float(), *states)[0].double()
    height, width = image.shape[1:]
    scores = []
    for row in range(0, height, STRIDE):
        for column in range(0, width, STRIDE):
            mask = np.zeros((height, width))
            mask[row, column] = 1
            mask = gaussian_filter(mask, sigma=MASK_SIGMA)
            mask /= mask.max()
            perturbed = torch.from_numpy(image * (1 - mask) + blurred * mask)[None].float()
            change = base - policy(perturbed, *states)[0].double()
            scores.append(0.5 * float((change**2).sum()))
    return scores


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    full, quantized = load_policy(), load_quantized_policy(4)
    with h5py.File(SAMPLE / "rollouts.hdf5") as file, torch.no_grad():
        episode = sorted(file["data"], key=lambda name: int(name.split("_")[1]))[0]
        inputs = observations(file, episode)
        action, other = full(*inputs), quantized(*inputs)
        expected = {
            "episode": episode,
            "stride": STRIDE, "mask_sigma": MASK_SIGMA, "blur_sigma": BLUR_SIGMA,
            "action": action.tolist(),
            "quantized_action": other.tolist(),
            "gap": (action - other).norm(dim=1).tolist(),
            "saliency_steps": list(SALIENCY_STEPS),
            "saliency": [published_saliency(full, inputs, step) for step in SALIENCY_STEPS],
        }
    (folder / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
