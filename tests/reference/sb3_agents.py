"""Agents as Stable-Baselines3 saves them, with the actions that its predict() gives.

    python sb3_agents.py OUTPUT_FOLDER

Untrained agents of random, seeded weights; the algorithms, bounds and networks that people use. Each NAME.zip comes with
NAME.json: observations, the deterministic actions, and for discrete ones the probabilities. Pinned:
stable-baselines3 2.9.2, torch 2.11.0, gymnasium 1.4.0.
"""
import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import gymnasium
import numpy as np
import torch
from stable_baselines3 import A2C, DDPG, PPO, SAC, TD3
from torch import nn

CASES = {
    "ppo-HalfCheetah": (PPO, "HalfCheetah-v5", {}),
    "ppo-elu": (PPO, "Pendulum-v1", {"policy_kwargs": {"activation_fn": nn.ELU, "net_arch": [32, 16, 8]}}),
    "ppo-one-layer": (PPO, "Pendulum-v1", {"policy_kwargs": {"net_arch": []}}),
    "ppo-squashed": (PPO, "Pendulum-v1", {"use_sde": True, "policy_kwargs": {"squash_output": True}}),
    "a2c-CartPole": (A2C, "CartPole-v1", {}),
    "td3": (TD3, "Pendulum-v1", {"policy_kwargs": {"net_arch": [40, 30]}}),
    "ddpg": (DDPG, "Pendulum-v1", {"policy_kwargs": {"net_arch": [24]}}),
    "sac-Hopper": (SAC, "Hopper-v5", {"policy_kwargs": {"net_arch": [64, 64]}}),
    "sac-sde": (SAC, "Pendulum-v1", {"use_sde": True, "policy_kwargs": {"net_arch": [32, 32]}}),
}


def main():
    folder = Path(sys.argv[1])
    index = folder / "index.json"
    if index.exists() and index.stat().st_mtime > Path(__file__).stat().st_mtime:
        return
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for number, (name, (algorithm, environment, settings)) in enumerate(CASES.items()):
        agent = algorithm("MlpPolicy", environment, seed=number, device="cpu", **settings)
        with torch.no_grad():  # off the small initial values, so that bounds and squashing matter
            for parameter in agent.policy.parameters():
                parameter.mul_(1.5).add_(0.05 * torch.randn_like(parameter))
        space = gymnasium.make(environment).observation_space
        observations = np.random.default_rng(number).standard_normal((9, *space.shape)).astype(np.float32) * 2
        actions, _ = agent.predict(observations, deterministic=True)
        record = {"observations": observations.tolist(), "actions": np.asarray(actions, np.float64).tolist()}
        if not hasattr(agent.action_space, "low"):
            with torch.no_grad():
                distribution = agent.policy.get_distribution(torch.as_tensor(observations)).distribution
            record["probabilities"] = distribution.probs.tolist()
        agent.save(folder / f"{name}.zip")
        (folder / f"{name}.json").write_text(json.dumps(record))

    images = PPO("CnnPolicy", _Picture(), seed=0, device="cpu", n_steps=8)
    images.save(folder / "sees-images.zip")
    index.write_text(json.dumps(list(CASES)))


class _Picture(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0, 255, (36, 36, 3), np.uint8)
    action_space = gymnasium.spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        return np.zeros((36, 36, 3), np.uint8), {}

    def step(self, action):
        return np.zeros((36, 36, 3), np.uint8), 0.0, False, False, {}


main()
