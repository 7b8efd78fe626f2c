#!/usr/bin/env python3
"""Experts for control tasks as policies, and demonstrations in robomimic's layout.

    control_experts.py lqr DIR          # cartpole-balance: linear-quadratic regulator, and an untrained network to clone it
    control_experts.py ars DIR          # cheetah-run: a linear policy found by random search, and a network to clone it
    control_experts.py sb3 ZIP DIR      # the deterministic actor of a Stable-Baselines3 SAC agent, exported

Pinned: torch 2.11.0, dm_control 1.0.34, mujoco 3.3.7, h5py 3.16.0, numpy 2.4.6, scipy 1.17.1. One thread, seeded; the
weights, and with them the numbers, differ in detail on another processor. Observations are what `sqil evaluate --env
dm_control/TASK` observes: the parts of the task's specification in their order, flattened.
"""

import argparse
import io
import json
import math
import os
import zipfile
from pathlib import Path

os.environ.setdefault("MUJOCO_GL", "disable")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import h5py
import numpy as np
import torch
from dm_control import suite
from torch import nn

CONTROL_RATE = {"cartpole-balance": 100.0, "cheetah-run": 100.0}


def load(task, seed):
    domain, _, name = task.partition("-")
    return suite.load(domain, name.replace("-", "_"), task_kwargs={"random": seed})


def flat(step):
    return np.concatenate([np.ravel(part) for part in step.observation.values()]).astype(np.float32)


class Actor(nn.Module):
    """Two hidden layers of 256: the size of the policies in SQIL's table of physics control."""

    def __init__(self, observations, actions):
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(observations, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU())
        self.mean = nn.Linear(256, actions)

    def forward(self, observation):
        return torch.tanh(self.mean(self.hidden(observation)))


def export(actor, width, task, folder):
    actor = actor.eval()
    batch = torch.export.Dim("batch", min=1, max=4096)
    program = torch.export.export(actor, (torch.zeros(2, width),), dynamic_shapes=({0: batch},))
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)
    torch.export.save(program, folder / "policy.pt2")
    actions = actor.mean.out_features
    card = {
        "format": "sqil-policy-card",
        "version": 1,
        "name": task,
        "inputs": [{"name": "observation", "key": "observation", "kind": "state"}],
        "action": {
            "head": "deterministic",
            "output": 0,
            "dimensions": [{"name": f"a{index}", "unit": "", "scale": 1.0, "offset": 0.0} for index in range(actions)],
        },
        "control_rate_hz": CONTROL_RATE.get(task, 50.0),
    }
    (folder / "policy.card.json").write_text(json.dumps(card, indent=1) + "\n")


# --- cartpole: LQR --------------------------------------------------------------------------------------------------


def regulator():
    """Gain of the discrete regulator about the upright pole; state: cart, angle and their velocities."""
    import mujoco
    from scipy.linalg import solve_discrete_are

    environment = load("cartpole-balance", 0)
    environment.reset()
    physics = environment.physics
    model, data = physics.model.ptr, physics.data.ptr
    mujoco.mj_resetData(model, data)
    steps = round(environment.control_timestep() / model.opt.timestep)

    def after(state, control):
        mujoco.mj_resetData(model, data)
        data.qpos[:], data.qvel[:], data.ctrl[:] = state[:2], state[2:], control
        for _ in range(steps):
            mujoco.mj_step(model, data)
        return np.concatenate([data.qpos, data.qvel])

    small = 1e-5
    columns = [(after(small * row, 0.0) - after(-small * row, 0.0)) / (2 * small) for row in np.eye(4)]
    a = np.stack(columns, axis=1)
    b = ((after(np.zeros(4), small) - after(np.zeros(4), -small)) / (2 * small)).reshape(4, 1)
    cost, effort = np.diag([1.0, 10.0, 0.1, 0.1]), np.array([[0.1]])
    p = solve_discrete_are(a, b, cost, effort)
    return np.linalg.solve(effort + b.T @ p @ b, b.T @ p @ a).reshape(4)


def regulated(gain, observation):
    cart, cosine, sine, cartVelocity, poleVelocity = (float(value) for value in observation)
    state = np.array([cart, math.atan2(sine, cosine), cartVelocity, poleVelocity])
    return np.clip([-gain @ state], -1.0, 1.0)


# --- cheetah: augmented random search (arXiv 1803.07055, version V2) ---------------------------------------------------


class Linear:
    """Actions linear in observations that are normalized by what has been seen."""

    def __init__(self, observations, actions):
        self.weights = np.zeros((actions, observations))
        self.count, self.mean, self.squares = 0, np.zeros(observations), np.zeros(observations)

    def see(self, observations):
        for observation in observations:
            self.count += 1
            delta = observation - self.mean
            self.mean += delta / self.count
            self.squares += delta * (observation - self.mean)

    def __call__(self, observation, weights=None):
        deviation = np.sqrt(self.squares / self.count) if self.count > 1 else np.ones_like(self.mean)
        normalized = (observation - self.mean) / np.maximum(deviation, 1e-6)
        return np.clip((self.weights if weights is None else weights) @ normalized, -1.0, 1.0)


def searched(task, iterations, directions=16, best=8, size=0.02, noise=0.03):
    environment, random = load(task, 1), np.random.default_rng(1)
    policy = Linear(flat(environment.reset()).size, environment.action_spec().shape[0])

    def episode(weights):
        step, total, seen = environment.reset(), 0.0, []
        while not step.last():
            observation = flat(step)
            seen.append(observation)
            step = environment.step(policy(observation, weights))
            total += step.reward
        return total, seen

    for iteration in range(iterations):
        tried, seen = [], []
        for _ in range(directions):
            direction = random.normal(size=policy.weights.shape)
            (up, first), (down, second) = (episode(policy.weights + sign * noise * direction) for sign in (1, -1))
            tried.append((max(up, down), up, down, direction))
            seen += first + second
        tried.sort(key=lambda one: -one[0])
        kept = tried[:best]
        deviation = np.std([value for one in kept for value in one[1:3]])
        change = sum((up - down) * direction for _, up, down, direction in kept)
        policy.weights = policy.weights + size / (best * max(deviation, 1e-6)) * change
        policy.see(seen[:: len(seen) // 2000 or 1])
        if iteration % 20 == 0 or iteration + 1 == iterations:
            print(f"iteration {iteration}: return {episode(policy.weights)[0]:.1f}", flush=True)
    return policy


def demonstrate(task, expert, folder, episodes=40, steps=250):
    """Noise on what is executed widens the states; the record holds the expert's own actions."""
    returns = []
    with h5py.File(folder / "demonstrations.hdf5", "w") as file:
        data = file.create_group("data")
        data.attrs["env_args"] = json.dumps({"env_name": f"dm_control/{task}", "type": 2, "env_kwargs": None})
        total = 0
        for episode in range(episodes):
            random = np.random.default_rng(episode)
            strength, noise = random.uniform(0.0, 1.0), 0.0
            environment = load(task, 100_000 + episode)
            step = environment.reset()
            observations, actions, rewards = [], [], []
            for _ in range(steps):
                observation = flat(step)
                action = expert(observation)
                noise = 0.8 * noise + 0.6 * strength * random.normal(size=action.shape)
                step = environment.step(np.clip(action + noise, -1.0, 1.0))
                observations.append(observation)
                actions.append(action)
                rewards.append(step.reward)
            group = data.create_group(f"demo_{episode}")
            group.attrs["num_samples"] = steps
            group["actions"] = np.array(actions, np.float32)
            group["rewards"] = np.array(rewards, np.float32)
            group["dones"] = np.array([0] * (steps - 1) + [1], np.int64)
            group["obs/observation"] = np.stack(observations)
            returns.append(sum(rewards))
            total += steps
        data.attrs["total"] = total
    print(f"{episodes} demonstrations of {steps} steps, mean return {np.mean(returns):.1f} of {steps}")


# --- Stable-Baselines3 ------------------------------------------------------------------------------------------------


def exportAgent(path, folder):
    """Only the state dictionary is read, by torch's loader that takes nothing but tensors."""
    with zipfile.ZipFile(path) as archive:
        state = torch.load(io.BytesIO(archive.read("policy.pth")), weights_only=True, map_location="cpu")
    actor = Actor(state["actor.latent_pi.0.weight"].shape[1], state["actor.mu.weight"].shape[0])
    names = {"hidden.0": "actor.latent_pi.0", "hidden.2": "actor.latent_pi.2", "mean": "actor.mu"}
    actor.load_state_dict(
        {f"{own}.{part}": state[f"{theirs}.{part}"] for own, theirs in names.items() for part in ("weight", "bias")}
    )
    export(actor, actor.hidden[0].in_features, path.stem, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    lqr = commands.add_parser("lqr")
    ars = commands.add_parser("ars")
    ars.add_argument("--iterations", type=int, default=400)
    sb3 = commands.add_parser("sb3")
    sb3.add_argument("zip", type=Path)
    for command in (lqr, ars, sb3):
        command.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    if options.command == "sb3":
        exportAgent(options.zip, options.folder)
    elif options.command == "ars":
        policy = searched("cheetah-run", options.iterations)
        demonstrate("cheetah-run", policy, options.folder, steps=1000)
        export(Actor(policy.mean.size, policy.weights.shape[0]), policy.mean.size, "cheetah-run", options.folder)
    else:
        gain = regulator()
        print("gain", np.round(gain, 3))
        demonstrate("cartpole-balance", lambda observation: regulated(gain, observation), options.folder)
        export(Actor(5, 1), 5, "cartpole-balance", options.folder)


if __name__ == "__main__":
    main()
