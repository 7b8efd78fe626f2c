#!/usr/bin/env python3
"""Makes the sample project of SQIL Studio: a small visuomotor policy, its card and recorded rollouts.

    python3 scripts/make_sample.py                 # everything, into resources/sample
    python3 scripts/make_sample.py --resume        # reuse demonstrations and weights of the work folder

Steps, each of which prints what it does:

    collect   demonstrations of Metaworld's scripted expert for pick-place-v3, one camera
    train     behaviour cloning of a small convolutional policy
    export    policy.pt2 (torch.export) and policy.card.json
    evaluate  closed-loop success of the policy at full precision and with 8- and 4-bit weights
    record    rollouts.hdf5, robomimic layout: seeds on which full precision succeeds and 4 bits fail
    analyse   does the policy look at the image, where, and when (state importance score, SIS)
    report    results.json and README.md

    python3 scripts/make_sample.py --task drawer-open-v3 --only policy --output out/drawer-open

stops after the export, and keeps the demonstrations as rollouts (robomimic) beside the policy.

The policy sees the image, the hand's position and the gripper's opening; never the object's or the goal's position.

Pinned versions (checked at the start; --any-versions turns a mismatch into a warning), Python 3.11:

    torch==2.11.0 metaworld==3.0.0 mujoco==3.3.7 gymnasium==1.4.0 h5py==3.16.0
    numpy==2.4.6 scipy==1.17.1

Rendering is done by MuJoCo through EGL, in software where there is no GPU, and through OSMesa where EGL fails.
"""

import argparse
import json
import math
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import h5py
import numpy as np
import torch
from torch import nn
from torch.nn import functional

# mujoco and what builds on it are imported later: MUJOCO_GL must be chosen first.

PINNED_VERSIONS = {
    "torch": "2.11.0",
    "metaworld": "3.0.0",
    "mujoco": "3.3.7",
    "gymnasium": "1.4.0",
    "h5py": "3.16.0",
    "numpy": "2.4.6",
    "scipy": "1.17.1",
}

# A renderer thread per core in every worker would only make the workers wait for each other.
os.environ.setdefault("LP_NUM_THREADS", "1")

TASK = "pick-place-v3"
IMAGE_SIZE = 96
CAMERA = {"lookat": [0.0, 0.72, 0.1], "distance": 0.8, "azimuth": 215.0, "elevation": -42.0}
OBSERVATION_KEYS = ("agentview_image", "robot0_eef_pos", "robot0_gripper_qpos")

HORIZON = 150  # The expert needs about 55 steps.
STEPS_AFTER_SUCCESS = 10
FIRST_EVALUATION_SEED = 10_000
VARIANTS = {"fp": None, "ptq-w8": 8, "ptq-w4": 4}

PATCH = 12
CRITICAL_SHARE = 0.2
PHASES = ("approach", "grasp", "transport", "hold")


# --- Checks and small helpers ---------------------------------------------------------------------------------------


def versionMismatches():
    found = {name: metadata.version(name).split("+")[0] for name in PINNED_VERSIONS}
    return [
        f"{name} {found[name]} (pinned: {pinned})" for name, pinned in PINNED_VERSIONS.items() if found[name] != pinned
    ]


def chooseRenderer():
    """The first offscreen OpenGL that works here; tried in another process because a failed one cannot be undone."""
    if "MUJOCO_GL" in os.environ:
        return os.environ["MUJOCO_GL"]
    probe = "import mujoco; mujoco.Renderer(mujoco.MjModel.from_xml_string('<mujoco/>'), 8, 8).render()"
    for name in ("egl", "osmesa"):
        environment = dict(os.environ, MUJOCO_GL=name)
        if subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True).returncode == 0:
            return name
    raise SystemExit("Neither EGL nor OSMesa can render here; install libegl1 and libgl1-mesa-dri, or libosmesa6.")


def say(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def wilsonInterval(successes, trials, z=1.959964):
    rate = successes / trials
    denominator = 1 + z * z / trials
    centre = (rate + z * z / (2 * trials)) / denominator
    half = z * math.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials)) / denominator
    return max(0.0, centre - half), min(1.0, centre + half)


# --- The scene ------------------------------------------------------------------------------------------------------


class MetaworldScene:
    """A Metaworld task with one fixed camera; what the policy may see, and what only the expert knows."""

    def __init__(self, task):
        import mujoco
        from metaworld.env_dict import ALL_V3_ENVIRONMENTS
        from metaworld.policies import ENV_POLICY_MAP

        warnings.filterwarnings("ignore", message="Constant.* may be too high")
        self.mujoco_ = mujoco
        self.environment_ = ALL_V3_ENVIRONMENTS[task]()
        # What set_task does, without a task of the benchmark: positions drawn from the seed, the goal known to the
        # expert.
        self.environment_._partially_observable = False
        del self.environment_.sawyer_observation_space
        self.environment_._freeze_rand_vec = False
        self.environment_.seeded_rand_vec = True
        self.environment_._set_task_called = True
        self.expert_ = ENV_POLICY_MAP[task]()
        self.renderer_ = mujoco.Renderer(self.environment_.model, IMAGE_SIZE, IMAGE_SIZE)
        # Without them a frame takes a tenth of the time in software.
        for flag in (
            mujoco.mjtRndFlag.mjRND_SHADOW,
            mujoco.mjtRndFlag.mjRND_REFLECTION,
            mujoco.mjtRndFlag.mjRND_SKYBOX,
        ):
            self.renderer_.scene.flags[flag] = 0
        self.camera_ = mujoco.MjvCamera()
        self.camera_.type = mujoco.mjtCamera.mjCAMERA_FREE
        self.camera_.lookat[:] = CAMERA["lookat"]
        self.camera_.distance = CAMERA["distance"]
        self.camera_.azimuth = CAMERA["azimuth"]
        self.camera_.elevation = CAMERA["elevation"]

    def reset(self, seed):
        self.environment_.seed(seed)
        self.state_, _ = self.environment_.reset()
        # Metaworld moves the goal's marker after its last forward pass: without this the first frame shows an old goal.
        self.mujoco_.mj_forward(self.environment_.model, self.environment_.data)

    def step(self, action):
        import numpy as np

        self.state_, reward, _, _, info = self.environment_.step(np.clip(action, -1.0, 1.0).astype(np.float32))
        return float(reward), bool(info["success"])

    def observe(self):
        import numpy as np

        self.renderer_.update_scene(self.environment_.data, self.camera_)
        return {
            "agentview_image": self.renderer_.render().copy(),
            "robot0_eef_pos": self.state_[:3].astype(np.float32),
            "robot0_gripper_qpos": self.state_[3:4].astype(np.float32),
        }

    def expertAction(self):
        import numpy as np

        return np.clip(self.expert_.get_action(self.state_), -1.0, 1.0).astype(np.float32)

    def handPosition(self):
        return self.state_[:3].copy()

    def objectPosition(self):
        return self.state_[4:7].copy()

    def goalPosition(self):
        return self.state_[-3:].copy()

    def pixelOf(self, point):
        """Column and row at which the camera shows a point; only valid after observe()."""
        import numpy as np

        camera = self.renderer_.scene.camera[0]
        forward, up = np.array(camera.forward), np.array(camera.up)
        offset = np.asarray(point) - np.array(camera.pos)
        depth = offset @ forward
        focal = 0.5 * IMAGE_SIZE / math.tan(math.radians(self.environment_.model.vis.global_.fovy) / 2)
        column = IMAGE_SIZE / 2 + focal * (offset @ np.cross(forward, up)) / depth
        row = IMAGE_SIZE / 2 - focal * (offset @ up) / depth
        return float(column), float(row)


# --- Workers --------------------------------------------------------------------------------------------------------

# One scene and the policies loaded so far, in each worker process.
worker = {}


def startWorker(task, policyPath):
    torch.set_num_threads(1)
    worker.update(scene=MetaworldScene(task), policyPath=policyPath, policies={})


def workerRendererName():
    from OpenGL import GL

    worker["scene"].reset(0)
    worker["scene"].observe()  # leaves the renderer's context current
    return GL.glGetString(GL.GL_RENDERER).decode()


def workerPolicy(variant):
    if variant not in worker["policies"]:
        worker["policies"][variant] = loadPolicy(worker["policyPath"], VARIANTS[variant])
    return worker["policies"][variant]


def workerPool(options, policyPath=None):
    # Forked processes would share one OpenGL context.
    return multiprocessing.get_context("spawn").Pool(options.workers, startWorker, (options.task, policyPath))


# --- collect --------------------------------------------------------------------------------------------------------


def collectDemonstration(seed):
    """One expert episode: disturbed actions are executed, the expert's clean actions are the labels.

    The disturbance shows the policy how to come back. It fades out near the object until that is lifted, because it
    would otherwise make the expert itself miss the grasp.
    """
    scene = worker["scene"]
    random = np.random.default_rng(seed)
    strength = random.uniform(0.0, 0.4)
    correlation = 0.8
    disturbance = np.zeros(3)
    images, states, actions = [], [], []
    stepsLeft = None
    scene.reset(seed)
    for _ in range(HORIZON):
        observation = scene.observe()
        action = scene.expertAction()
        images.append(observation["agentview_image"])
        states.append(np.concatenate([observation["robot0_eef_pos"], observation["robot0_gripper_qpos"]]))
        actions.append(action)

        fresh = random.normal(size=3) * math.sqrt(1 - correlation**2)
        disturbance = correlation * disturbance + strength * fresh
        distance = np.linalg.norm(scene.handPosition() - scene.objectPosition())
        isLifted = scene.objectPosition()[2] > 0.04
        fading = 1.0 if isLifted else float(np.clip((distance - 0.06) / 0.1, 0.0, 1.0))
        executed = action.copy()
        executed[:3] += fading * disturbance
        _, isSuccess = scene.step(executed)
        if isSuccess and stepsLeft is None:
            stepsLeft = 1.5 * STEPS_AFTER_SUCCESS
        if stepsLeft is not None:
            stepsLeft -= 1
            if stepsLeft < 0:
                break
    if stepsLeft is None:
        return None
    return np.stack(images), np.stack(states), np.stack(actions)


@dataclass
class Demonstrations:
    """Frames of all episodes, one after the other."""

    images: np.ndarray
    states: np.ndarray
    actions: np.ndarray
    lengths: np.ndarray  # frames of each episode
    attempts: int


def collectDemonstrations(options):
    path = options.work / "demonstrations.npz"
    if options.resume and path.exists():
        say(f"collect: reusing {path}")
        loaded = np.load(path)
        return Demonstrations(**{name: loaded[name] for name in loaded.files})
    kept, attempts = [], 0
    with workerPool(options) as pool:
        # Seeds well below those of the evaluation; a few more than wanted, for the expert's failures.
        for episode in pool.imap(collectDemonstration, range(options.demonstrations * 2)):
            attempts += 1
            if episode is not None:
                kept.append(episode)
                if len(kept) % 25 == 0:
                    say(f"collect: {len(kept)} demonstrations of {attempts} attempts")
            if len(kept) == options.demonstrations:
                break
        pool.terminate()
    images, states, actions = (np.concatenate(parts) for parts in zip(*kept))
    lengths = np.array([len(episode[0]) for episode in kept])
    demonstrations = Demonstrations(images, states, actions, lengths, attempts)
    np.savez(path, **vars(demonstrations))
    say(f"collect: {len(images)} frames")
    return demonstrations


def writeDemonstrations(options, demonstrations):
    """As recorded, in the robomimic layout: what `sqil train` and `sqil compare` learn from."""
    path = options.output / "demonstrations.hdf5"
    first = 0
    with h5py.File(path, "w") as file:
        data = file.create_group("data")
        data.attrs["total"] = len(demonstrations.actions)
        data.attrs["env_args"] = json.dumps(environmentArguments(options.task), indent=1)
        for index, length in enumerate(int(length) for length in demonstrations.lengths):
            demo = data.create_group(f"demo_{index}")
            demo.attrs["num_samples"] = length
            rows = slice(first, first + length)
            first += length
            demo["actions"] = demonstrations.actions[rows]
            demo["dones"] = np.array([0] * (length - 1) + [1], dtype=np.int64)
            images = demonstrations.images[rows]
            demo.create_dataset(
                "obs/agentview_image", data=images, compression="gzip", chunks=(min(16, length),) + images.shape[1:]
            )
            demo["obs/robot0_eef_pos"] = demonstrations.states[rows, :3]
            demo["obs/robot0_gripper_qpos"] = demonstrations.states[rows, 3:]
    say(f"collect: {path}, {first} frames")


# --- train ----------------------------------------------------------------------------------------------------------


def makePolicy(pixelMean, pixelDeviation, stateMean, stateDeviation):
    class PickPlacePolicy(nn.Module):
        """Image and proprioception to an action in [-1, 1]; normalization is part of the network."""

        def __init__(self):
            super().__init__()
            self.register_buffer("pixelMean", pixelMean.reshape(1, 3, 1, 1))
            self.register_buffer("pixelDeviation", pixelDeviation.reshape(1, 3, 1, 1))
            self.register_buffer("stateMean", stateMean)
            self.register_buffer("stateDeviation", stateDeviation)
            self.encoder = nn.Sequential(
                nn.Conv2d(3, 32, 8, stride=4, padding=2),
                nn.ReLU(),
                nn.Conv2d(32, 48, 3, stride=2, padding=1),
                nn.ReLU(),
                nn.Conv2d(48, 48, 3, stride=1, padding=1),
                nn.ReLU(),
                # Few channels at 12 x 12 keep both the place and the size of the flattened features.
                nn.Conv2d(48, 16, 1),
                nn.ReLU(),
            )
            self.vision = nn.Linear(16 * 12 * 12, 128)
            self.hidden = nn.Linear(128 + 4, 128)
            self.action = nn.Linear(128, 4)

        def forward(self, agentview_image, robot0_eef_pos, robot0_gripper_qpos):
            pixels = (agentview_image - self.pixelMean) / self.pixelDeviation
            state = torch.cat([robot0_eef_pos, robot0_gripper_qpos], dim=1)
            state = (state - self.stateMean) / self.stateDeviation
            features = torch.relu(self.vision(self.encoder(pixels).flatten(1)))
            features = torch.relu(self.hidden(torch.cat([features, state], dim=1)))
            return torch.tanh(self.action(features))

    return PickPlacePolicy()


def shiftedBatch(paddedImages, indices, margin, random):
    """Crops at random places of the padded images, so that a pixel or two of camera error does not matter."""
    offsets = random.integers(0, 2 * margin + 1, size=(len(indices), 2))
    crops = [
        paddedImages[index, :, row : row + IMAGE_SIZE, column : column + IMAGE_SIZE]
        for index, (row, column) in zip(indices, offsets)
    ]
    return torch.stack(crops).float().div_(255.0)


def trainPolicy(options, images, states, actions):
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)  # Sums in another order would end in other weights.
    random = np.random.default_rng(options.seed)
    images = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    states = torch.from_numpy(states)
    actions = torch.from_numpy(actions)
    sampled = images[::20].float() / 255.0
    policy = makePolicy(sampled.mean(dim=(0, 2, 3)), sampled.std(dim=(0, 2, 3)), states.mean(dim=0), states.std(dim=0))
    parameterCount = sum(parameter.numel() for parameter in policy.parameters())
    path = options.work / "weights.pt"
    if options.resume and path.exists():
        say(f"train: reusing {path}")
        policy.load_state_dict(torch.load(path, weights_only=True))
        return policy.eval(), parameterCount
    say(f"train: {parameterCount} parameters, {len(images)} frames, {options.epochs} epochs")

    margin = 2
    padded = functional.pad(images, (margin,) * 4, mode="replicate")
    policy = policy.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(policy.parameters(), lr=options.learning_rate)
    batchesPerEpoch = math.ceil(len(images) / options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.learning_rate, total_steps=options.epochs * batchesPerEpoch, pct_start=0.05
    )
    started = time.time()
    for epoch in range(options.epochs):
        order = random.permutation(len(images))
        total = 0.0
        for first in range(0, len(order), options.batch):
            indices = order[first : first + options.batch]
            batch = shiftedBatch(padded, indices, margin, random).contiguous(memory_format=torch.channels_last)
            state = states[indices]
            # A millimetre or two of noise: the hand's exact position must not be a lookup key for the demonstration.
            state = state + torch.randn_like(state) * torch.tensor([0.002, 0.002, 0.002, 0.005])
            predicted = policy(batch, state[:, :3], state[:, 3:])
            loss = functional.smooth_l1_loss(predicted, actions[indices], beta=0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(indices)
        if epoch % 5 == 4 or epoch in (0, options.epochs - 1):
            pace = (time.time() - started) / (epoch + 1)
            say(f"train: epoch {epoch + 1}, loss {total / len(order):.5f}, {pace:.1f} s an epoch")
    policy = policy.to(memory_format=torch.contiguous_format).eval()
    torch.save(policy.state_dict(), path)
    return policy, parameterCount


# --- export ---------------------------------------------------------------------------------------------------------


def exampleInputs(batch):
    generator = torch.Generator().manual_seed(batch)
    return (
        torch.rand(batch, 3, IMAGE_SIZE, IMAGE_SIZE, generator=generator),
        torch.rand(batch, 3, generator=generator),
        torch.rand(batch, 1, generator=generator),
    )


def loadModule(path):
    # torch 2.11 maps the archive read-only and warns of it; nothing here writes to the mapped memory.
    warnings.filterwarnings("ignore", message="The given buffer is not writable")
    return torch.export.load(path).module()


def exportPolicy(options, policy):
    batch = torch.export.Dim("batch", min=1, max=4096)
    program = torch.export.export(
        policy, exampleInputs(2), dynamic_shapes={key: {0: batch} for key in OBSERVATION_KEYS}
    )
    # The stack traces name folders of the machine that exported and say nothing that the module names do not.
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)
    path = options.output / "policy.pt2"
    torch.export.save(program, path)
    loaded = loadModule(path)
    for size in (1, 7):
        inputs = exampleInputs(size)
        with torch.no_grad():
            torch.testing.assert_close(loaded(*inputs), policy(*inputs), rtol=1e-4, atol=1e-5)
    say(f"export: {path.name}, {path.stat().st_size} bytes, batches of 1 and 7 checked")
    return path


def writeCard(options):
    # Metaworld moves the gripper's target by action * 0.01 m a step (action_scale), 80 steps a second
    # (frame_skip 5 of 2.5 ms); the fourth number drives the fingers' actuators directly.
    card = {
        "format": "sqil-policy-card",
        "version": 1,
        "name": f"Metaworld {options.task.rsplit('-', 1)[0]}, cloned",
        "description": (
            f"A small convolutional policy cloned from Metaworld's scripted expert for {options.task}. It sees one "
            "96 x 96 camera, the hand's position and the gripper's opening"
            + (", and moves a puck to the goal it sees." if options.task == TASK else ".")
        ),
        "inputs": [
            {
                "name": "agentview_image",
                "key": "agentview_image",
                "kind": "image",
                "scale": 1.0 / 255.0,
                "layout": "hwc",
            },
            {"name": "robot0_eef_pos", "key": "robot0_eef_pos", "kind": "state"},
            {"name": "robot0_gripper_qpos", "key": "robot0_gripper_qpos", "kind": "state"},
        ],
        "action": {
            "head": "deterministic",
            "output": 0,
            "dimensions": [
                {"name": "dx", "unit": "m", "scale": 0.01, "offset": 0.0},
                {"name": "dy", "unit": "m", "scale": 0.01, "offset": 0.0},
                {"name": "dz", "unit": "m", "scale": 0.01, "offset": 0.0},
                {"name": "gripper", "unit": "effort", "scale": 1.0, "offset": 0.0},
            ],
        },
        "control_rate_hz": 80.0,
    }
    (options.output / "policy.card.json").write_text(json.dumps(card, indent=2) + "\n")


def quantizedWeight(weight, bits):
    """Symmetric round-to-nearest-even per output channel, as the application quantizes; dequantized again."""
    highest = 2 ** (bits - 1) - 1
    scale = weight.abs().amax(dim=tuple(range(1, weight.dim())), keepdim=True) / highest
    scale = scale.clamp_min(torch.finfo(weight.dtype).tiny)
    return (weight / scale).round().clamp(-highest - 1, highest) * scale


def loadPolicy(path, bits=None):
    """The exported file as a function of one observation or a batch of them; `bits` quantizes its weights."""
    module = loadModule(path)
    if bits is not None:
        with torch.no_grad():
            for parameter in module.parameters():
                if parameter.dim() >= 2:
                    parameter.data = quantizedWeight(parameter, bits)

    def act(images, positions, openings):
        with torch.no_grad():
            pixels = torch.from_numpy(images).permute(0, 3, 1, 2).float().mul(1.0 / 255.0)
            return module(pixels, torch.from_numpy(positions), torch.from_numpy(openings)).numpy()

    return act


def actOn(policy, observation):
    return policy(*(observation[key][None] for key in OBSERVATION_KEYS))[0]


# --- evaluate and record --------------------------------------------------------------------------------------------


@dataclass
class Rollout:
    """One closed-loop episode. `knowledge` is what only the simulator knows, for the analysis."""

    variant: str
    seed: int
    isSuccess: bool = False
    successStep: int | None = None
    observations: list = field(default_factory=list)
    actions: list = field(default_factory=list)
    rewards: list = field(default_factory=list)
    knowledge: list = field(default_factory=list)


def rollOut(variant, seed, blankImage=None, isRecorded=False):
    scene, policy = worker["scene"], workerPolicy(variant)
    rollout = Rollout(variant, seed)
    scene.reset(seed)
    for step in range(HORIZON):
        observation = scene.observe()
        if blankImage is not None:
            observation["agentview_image"] = blankImage
        action = actOn(policy, observation)
        if isRecorded:
            rollout.knowledge.append(
                {
                    "object": scene.objectPosition(),
                    "objectPixel": scene.pixelOf(scene.objectPosition()),
                    "goalPixel": scene.pixelOf(scene.goalPosition()),
                    "isReached": rollout.isSuccess,
                }
            )
        reward, isSuccess = scene.step(action)
        if isSuccess and not rollout.isSuccess:
            rollout.isSuccess, rollout.successStep = True, step
        if isRecorded:
            rollout.observations.append(observation)
            rollout.actions.append(action)
            rollout.rewards.append(reward)
        stepsAfter = STEPS_AFTER_SUCCESS if isRecorded else 0
        if rollout.isSuccess and step >= rollout.successStep + stepsAfter:
            break
    return rollout


def evaluateSeed(job):
    variant, seed, blankImage = job
    rollout = rollOut(variant, seed, blankImage)
    return {"seed": seed, "success": rollout.isSuccess, "success_step": rollout.successStep}


def recordSeed(job):
    variant, seed = job
    return rollOut(variant, seed, isRecorded=True)


def summarize(outcomes):
    successes = sum(outcome["success"] for outcome in outcomes)
    low, high = wilsonInterval(successes, len(outcomes))
    steps = [outcome["success_step"] for outcome in outcomes if outcome["success"]]
    return {
        "successes": successes,
        "trials": len(outcomes),
        "rate": successes / len(outcomes),
        "wilson95": [low, high],
        "mean_success_step": sum(steps) / len(steps) if steps else None,
        "outcomes": outcomes,
    }


def percent(summary):
    low, high = summary["wilson95"]
    return f"{100 * summary['rate']:.0f} % ({100 * low:.0f}–{100 * high:.0f} %)"


def evaluatePolicy(options, pool, blankImage):
    seeds = range(FIRST_EVALUATION_SEED, FIRST_EVALUATION_SEED + options.evaluations)
    summaries = {}
    for name in VARIANTS:
        summaries[name] = summarize(pool.map(evaluateSeed, [(name, seed, None) for seed in seeds], chunksize=1))
        say(f"evaluate: {name}: {percent(summaries[name])} of {options.evaluations}")
    blankJobs = [("fp", seed, blankImage) for seed in list(seeds)[: options.evaluations // 4]]
    summaries["fp-blank-image"] = summarize(pool.map(evaluateSeed, blankJobs, chunksize=1))
    say(f"evaluate: fp with a blank image: {percent(summaries['fp-blank-image'])} of {len(blankJobs)}")
    return summaries


def telltaleSeeds(summaries, count):
    """The first seeds on which full precision succeeds and 4 bits fail."""
    pairs = zip(summaries["fp"]["outcomes"], summaries["ptq-w4"]["outcomes"])
    return [fp["seed"] for fp, low in pairs if fp["success"] and not low["success"]][:count]


def recordRollouts(options, pool, summaries):
    seeds = telltaleSeeds(summaries, options.recorded_seeds)
    if len(seeds) < options.recorded_seeds:
        raise SystemExit(f"record: only {len(seeds)} seeds on which full precision succeeds and 4 bits fail")
    rollouts = pool.map(recordSeed, [(variant, seed) for variant in ("fp", "ptq-w4") for seed in seeds], chunksize=1)
    for rollout in rollouts:
        if rollout.isSuccess != (rollout.variant == "fp"):
            raise SystemExit(f"record: {rollout.variant} on seed {rollout.seed} did not repeat its evaluation")
    writeRollouts(options.output / "rollouts.hdf5", options.task, rollouts)
    return rollouts


def environmentArguments(task):
    return {
        "env_name": task,
        "type": 2,  # robomimic's EnvType.GYM_TYPE
        "env_version": metadata.version("metaworld"),
        "env_kwargs": {
            "gymnasium_id": "Meta-World/MT1",
            "camera": CAMERA,
            "camera_height": IMAGE_SIZE,
            "camera_width": IMAGE_SIZE,
            "rendering_off": ["shadow", "reflection", "skybox"],
            "control_freq": 80,
            "action_scale": 0.01,
            "horizon": HORIZON,
        },
    }


def writeRollouts(path, task, rollouts):
    frames = 0
    with h5py.File(path, "w") as file:
        data = file.create_group("data")
        for index, rollout in enumerate(rollouts):
            length = len(rollout.actions)
            frames += length
            demo = data.create_group(f"demo_{index}")
            demo.attrs["num_samples"] = length
            demo.attrs["success"] = int(rollout.isSuccess)
            demo.attrs["seed"] = rollout.seed
            demo.attrs["policy"] = rollout.variant
            demo["actions"] = np.stack(rollout.actions).astype(np.float32)
            demo["rewards"] = np.array(rollout.rewards, dtype=np.float32)
            demo["dones"] = np.array([0] * (length - 1) + [1], dtype=np.int64)
            images = np.stack([observation["agentview_image"] for observation in rollout.observations])
            # The previous frame lies within deflate's window of 32 KiB: a still background costs almost nothing.
            # Shuffling is for wider numbers and does nothing for bytes.
            demo.create_dataset(
                "obs/agentview_image",
                data=images,
                compression="gzip",
                compression_opts=9,
                chunks=(min(16, length),) + images.shape[1:],
            )
            for key in OBSERVATION_KEYS[1:]:
                demo[f"obs/{key}"] = np.stack([observation[key] for observation in rollout.observations])
        data.attrs["total"] = frames
        data.attrs["env_args"] = json.dumps(environmentArguments(task), indent=1)
        for variant in ("fp", "ptq-w4"):
            names = [f"demo_{index}" for index, rollout in enumerate(rollouts) if rollout.variant == variant]
            file[f"mask/{variant.replace('-', '_')}"] = np.array(names, dtype="S")
    say(f"record: {path.name}, {len(rollouts)} episodes, {frames} frames, {path.stat().st_size} bytes")


# --- analyse --------------------------------------------------------------------------------------------------------


def phasesOf(rollout):
    """Approach until the gripper is told to close, grasp until the puck is off the table, transport until it is
    within reach of the goal, hold after that: the task ends there, nothing is released."""
    phases, current = [], 0
    for action, knowledge in zip(rollout.actions, rollout.knowledge):
        if current == 0 and action[3] > 0.5:
            current = 1
        if current == 1 and knowledge["object"][2] > 0.03:
            current = 2
        if current == 2 and knowledge["isReached"]:
            current = 3
        phases.append(PHASES[current])
    return phases


def stackObservations(rollout):
    return [np.stack([observation[key] for observation in rollout.observations]) for key in OBSERVATION_KEYS]


def withPatch(image, top, left, colour):
    patched = image.copy()
    patched[max(top, 0) : top + PATCH, max(left, 0) : left + PATCH] = colour
    return patched


def stateImportance(policy, image, position, opening):
    """SIS of one step and its map: half the squared change of the action for every patch set to the image's mean."""
    places = range(0, IMAGE_SIZE, PATCH)
    colour = image.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    images = np.stack([image] + [withPatch(image, top, left, colour) for top in places for left in places])
    count = len(images)
    actions = policy(images, np.repeat(position[None], count, axis=0), np.repeat(opening[None], count, axis=0))
    saliency = 0.5 * np.square(actions[1:] - actions[0]).sum(axis=1)
    return float(saliency.mean()), saliency.reshape(len(places), len(places))


def patchSensitivity(policy, image, position, opening, pixel, random):
    """Change of the action for a patch on the pixel, and for one anywhere at least two patches away from it."""
    colour = image.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    column, row = pixel
    while True:
        otherColumn, otherRow = random.uniform(PATCH / 2, IMAGE_SIZE - PATCH / 2, size=2)
        if math.hypot(otherColumn - column, otherRow - row) >= 2 * PATCH:
            break
    centres = [(row, column), (otherRow, otherColumn)]
    corners = [(round(centreRow - PATCH / 2), round(centreColumn - PATCH / 2)) for centreRow, centreColumn in centres]
    images = np.stack([image] + [withPatch(image, top, left, colour) for top, left in corners])
    actions = policy(images, np.repeat(position[None], 3, axis=0), np.repeat(opening[None], 3, axis=0))
    return np.linalg.norm(actions[1:] - actions[0], axis=1)


def analyseRollouts(policyPath, rollouts, blankImage):
    policy, quantized = loadPolicy(policyPath), loadPolicy(policyPath, 4)
    random = np.random.default_rng(0)
    phases, scores, gaps, blankChanges, peaks = [], [], [], [], []
    patchChanges = {"object": [], "goal": [], "elsewhere": []}
    for number, rollout in enumerate(rollouts):
        images, positions, openings = stackObservations(rollout)
        episodePhases = phasesOf(rollout)
        actions = policy(images, positions, openings)
        blanked = policy(np.repeat(blankImage[None], len(images), axis=0), positions, openings)
        blankChanges.extend(np.linalg.norm(actions - blanked, axis=1))
        gaps.extend(np.linalg.norm(actions - quantized(images, positions, openings), axis=1))
        episodeScores = []
        for step, state in enumerate(zip(images, positions, openings)):
            episodeScores.append(stateImportance(policy, *state)[0])
            for place in ("object", "goal"):
                at, elsewhere = patchSensitivity(policy, *state, rollout.knowledge[step][f"{place}Pixel"], random)
                patchChanges[place].append(at)
                patchChanges["elsewhere"].append(elsewhere)
        peaks.append(episodePhases[int(np.argmax(episodeScores))])
        phases.extend(episodePhases)
        scores.extend(episodeScores)
        say(f"analyse: episode {number + 1} of {len(rollouts)}, SIS peaks in {peaks[-1]}")

    phases, scores, gaps = np.array(phases), np.array(scores), np.array(gaps)
    isCritical = scores > np.quantile(scores, 1 - CRITICAL_SHARE)
    table = {}
    for phase in PHASES:
        isHere = phases == phase
        table[phase] = {
            "share_of_steps": float(isHere.mean()),
            "mean_sis": float(scores[isHere].mean()),
            "share_of_critical_steps": float((isHere & isCritical).sum() / isCritical.sum()),
            "episodes_peaking_here": peaks.count(phase),
            "mean_w4_gap": float(gaps[isHere].mean()),
        }
    actionDeviation = np.concatenate([np.stack(rollout.actions) for rollout in rollouts]).std(axis=0)
    return {
        "episodes": len(rollouts),
        "steps": len(scores),
        "action_standard_deviation": actionDeviation.tolist(),
        "blank_image_action_change": float(np.mean(blankChanges)),
        "patch_action_change": {place: float(np.mean(changes)) for place, changes in patchChanges.items()},
        "w4_gap": {
            "mean": float(gaps.mean()),
            "mean_on_critical_steps": float(gaps[isCritical].mean()),
            "mean_on_other_steps": float(gaps[~isCritical].mean()),
        },
        "phases": table,
    }


# --- report ---------------------------------------------------------------------------------------------------------

README = """# The sample project

A policy small enough for any laptop, with the problem this tool is for: at full precision it succeeds on
{fpRate:.0f} % of fresh seeds, with its weights rounded to 4 bits on {lowRate:.0f} %.

| file | what it is |
|---|---|
| `policy.pt2` | policy, {parameters:,} parameters, float32, from `torch.export.save` ({policyBytes:,} bytes) |
| `policy.card.json` | what the graph does not say: inputs, action dimensions, units, control rate |
| `rollouts.hdf5` | {episodeCount} closed-loop episodes (robomimic), {frameCount} frames ({rolloutBytes:,} bytes) |
| `results.json` | every number below, and each evaluated seed |

The task is Metaworld's `pick-place-v3`: pick up the puck (dark red), bring it to the goal (blue marker). The policy
sees one {size} × {size} camera image, the position of the hand and the opening of the gripper. The positions of puck
and goal reach it through the image alone. It was cloned in {epochs} epochs from {demonstrations} demonstrations
({demonstrationFrames:,} frames; {attempts} attempts) of Metaworld's scripted expert, whose executed actions were
disturbed and whose clean actions are the labels. The camera is a free one: lookat {lookat}, distance {distance},
azimuth {azimuth}°, elevation {elevation}°; shadows, reflections and sky are off.

## Success

Closed loop, {trials} fresh seeds (the same for every row), at most {horizon} steps, Wilson 95 % intervals. Weights are
rounded to nearest, symmetric, per output channel, in every layer; activations stay in float32.

| policy | success | 95 % interval | mean steps to success |
|---|---|---|---|
{successTable}

The last row feeds the mean colour of the demonstrations instead of the camera's image ({blankTrials} seeds).

What 4 bits cost depends on the training, not on its loss alone. The network and the defaults (30 epochs, learning rate
1e-3) were chosen because 4 bits fail clearly there, and partly on the first 40 of these seeds. The others that were
tried, successes at full precision / 8 / 4 bits: `--learning-rate 3e-3` 40 / 39 / 34 of 40, `--epochs 80` 98 / 98 / 68 of
100, and a network with a finer first layer 19 / 19 / 15 of 20. Take the 4-bit row as a case to study, not as typical of
small policies.

## Where the policy looks

Measured on {analysedEpisodes} successful full-precision episodes ({analysedSteps} steps). Changes are the mean
Euclidean norm of the change of the normalized action; for scale, the standard deviations of its four dimensions are
{deviations}.

| what is changed | change of the action |
|---|---|
| whole image → mean colour | {blankChange:.3f} |
| {patch}-px patch on the puck → image mean | {objectChange:.3f} |
| {patch}-px patch on the goal → image mean | {goalChange:.3f} |
| {patch}-px patch at a random other place → image mean | {elsewhereChange:.3f} |
| weights at 4 bits, same states | {gap:.3f} |

State importance score (SIS): S = ½‖π(s) − π(φ(s, k))‖², φ sets a {patch} × {patch} patch to the image's mean, SIS is
the mean over the {patches} patches; critical steps are the {criticalPercent} % of highest SIS. The task ends with the
puck held at the goal, so there is no release.

| phase | share of steps | mean SIS | share of critical steps | episodes whose peak is here | mean 4-bit gap |
|---|---|---|---|---|---|
{phaseTable}

Mean 4-bit gap on critical steps {criticalGap:.3f}, on the others {otherGap:.3f}.

## The rollouts

`data/demo_*` with `actions`, `rewards`, `dones`, `obs/*`; attributes `num_samples`, `success`, `seed`, `policy`
(`fp` or `ptq-w4`). The filter keys `mask/fp` and `mask/ptq_w4` list the episodes of each. They are the first seeds of
the evaluation on which full precision succeeds and 4 bits fail ({recordedSeeds}): failures on
purpose, which say nothing about rates. Actions are the policy's output before scaling. An episode ends {after} steps after success or
after {horizon} steps.

## Making it again

    pip install {requirements}
    {command}

It took {minutes:.0f} minutes with `--workers {workers}` on the machine these files were made on ({machine}; Python
{python}; rendering through {platform} by {renderer}). Seeds are fixed, but weights, and with them the numbers, differ
in detail on another processor or another build of the libraries.

## Origin and licence

Images and dynamics come from [Metaworld](https://github.com/Farama-Foundation/Metaworld) {metaworld} by the Farama
Foundation (MIT licence; Yu et al., "Meta-World", CoRL 2019), simulated by [MuJoCo](https://mujoco.org) {mujoco}
(Apache 2.0). None of their assets is in this folder; the frames show renderings of them. Policy and rollouts were
made by `scripts/make_sample.py` and carry this repository's licence.
"""


def successRow(label, summary):
    low, high = summary["wilson95"]
    steps = summary["mean_success_step"]
    return (
        f"| {label} | {summary['successes']} / {summary['trials']} ({100 * summary['rate']:.0f} %) "
        f"| {100 * low:.1f}–{100 * high:.1f} % | {'–' if steps is None else f'{steps:.0f}'} |"
    )


def phaseRow(phase, row):
    return (
        f"| {phase} | {100 * row['share_of_steps']:.0f} % | {row['mean_sis']:.4f} "
        f"| {100 * row['share_of_critical_steps']:.0f} % | {row['episodes_peaking_here']} | {row['mean_w4_gap']:.3f} |"
    )


def writeReport(options, results):
    evaluation, analysis = results["evaluation"], results["analysis"]
    labels = {
        "fp": "full precision",
        "ptq-w8": "8-bit weights",
        "ptq-w4": "4-bit weights",
        "fp-blank-image": "full precision, image blanked",
    }
    text = README.format(
        parameters=results["parameters"],
        fpRate=100 * evaluation["fp"]["rate"],
        lowRate=100 * evaluation["ptq-w4"]["rate"],
        policyBytes=results["files"]["policy.pt2"],
        rolloutBytes=results["files"]["rollouts.hdf5"],
        episodeCount=len(results["rollouts"]),
        frameCount=sum(rollout["steps"] for rollout in results["rollouts"]),
        size=IMAGE_SIZE,
        demonstrations=results["demonstrations"]["kept"],
        attempts=results["demonstrations"]["attempts"],
        demonstrationFrames=results["demonstrations"]["frames"],
        epochs=results["training"]["epochs"],
        trials=evaluation["fp"]["trials"],
        blankTrials=evaluation["fp-blank-image"]["trials"],
        horizon=HORIZON,
        successTable="\n".join(successRow(label, evaluation[name]) for name, label in labels.items()),
        analysedEpisodes=analysis["episodes"],
        analysedSteps=analysis["steps"],
        deviations=", ".join(f"{value:.2f}" for value in analysis["action_standard_deviation"]),
        lookat=tuple(CAMERA["lookat"]),
        distance=CAMERA["distance"],
        azimuth=CAMERA["azimuth"],
        elevation=CAMERA["elevation"],
        patch=PATCH,
        patches=(IMAGE_SIZE // PATCH) ** 2,
        criticalPercent=round(100 * CRITICAL_SHARE),
        blankChange=analysis["blank_image_action_change"],
        objectChange=analysis["patch_action_change"]["object"],
        goalChange=analysis["patch_action_change"]["goal"],
        elsewhereChange=analysis["patch_action_change"]["elsewhere"],
        gap=analysis["w4_gap"]["mean"],
        criticalGap=analysis["w4_gap"]["mean_on_critical_steps"],
        otherGap=analysis["w4_gap"]["mean_on_other_steps"],
        phaseTable="\n".join(phaseRow(phase, analysis["phases"][phase]) for phase in PHASES),
        recordedSeeds=", ".join(str(rollout["seed"]) for rollout in results["rollouts"] if rollout["policy"] == "fp"),
        after=STEPS_AFTER_SUCCESS,
        requirements=" ".join(f"{name}=={version}" for name, version in results["versions"].items()),
        command=results["command"],
        minutes=results["seconds"] / 60,
        workers=results["workers"],
        machine=results["machine"],
        platform=results["rendering"]["platform"].upper(),
        renderer=results["rendering"]["renderer"],
        python=results["python"],
        metaworld=results["versions"]["metaworld"],
        mujoco=results["versions"]["mujoco"],
    )
    (options.output / "README.md").write_text(text)


# --- main -----------------------------------------------------------------------------------------------------------


def parseOptions():
    repository = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--output", type=Path, default=repository / "resources" / "sample", help="where the files go")
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "sqil-sample", help="demonstrations and weights"
    )
    parser.add_argument("--task", default=TASK, help="of Metaworld; another one needs --only")
    parser.add_argument(
        "--only",
        choices=("demonstrations", "policy"),
        help="demonstrations.hdf5, or that and the policy cloned from it; no evaluation, no report",
    )
    parser.add_argument("--resume", action="store_true", help="reuse what the work folder holds")
    parser.add_argument("--demonstrations", type=int, default=150)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--evaluations", type=int, default=100, help="seeds for each variant")
    parser.add_argument("--recorded-seeds", type=int, default=4, help="seeds in rollouts.hdf5, each at both precisions")
    parser.add_argument("--analysed", type=int, default=20, help="full-precision episodes in the analysis")
    parser.add_argument("--workers", type=int, default=2, help="processes that simulate; changes no number")
    parser.add_argument("--seed", type=int, default=0, help="of the training")
    parser.add_argument("--report-only", action="store_true", help="write README.md again from results.json")
    parser.add_argument("--any-versions", action="store_true", help="only warn of versions other than the pinned ones")
    options = parser.parse_args()
    if options.task != TASK and not options.only:
        parser.error("the report is written for " + TASK + "; for another --task, choose what is made with --only")
    options.defaults = {name: parser.get_default(name) for name in vars(options)}
    return options


def commandOf(options):
    """The command with every option that is not a default, but for the folders, which change no number."""
    words = ["python3 scripts/make_sample.py"]
    for name, default in options.defaults.items():
        value = getattr(options, name)
        if value != default and name not in ("output", "work"):
            words.append("--" + name.replace("_", "-") + ("" if value is True else f" {value}"))
    return " ".join(words)


def checkVersions(isTolerant):
    mismatches = versionMismatches()
    if mismatches and not isTolerant:
        raise SystemExit("Other versions than the pinned ones: " + ", ".join(mismatches) + " (--any-versions to go on)")
    for mismatch in mismatches:
        say(f"warning: {mismatch}")


def processorName():
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def main():
    started = time.time()
    options = parseOptions()
    if options.report_only:
        writeReport(options, json.loads((options.output / "results.json").read_text()))
        return
    checkVersions(options.any_versions)
    os.environ["MUJOCO_GL"] = chooseRenderer()
    options.work.mkdir(parents=True, exist_ok=True)
    options.output.mkdir(parents=True, exist_ok=True)

    demonstrations = collectDemonstrations(options)
    if options.only:
        writeDemonstrations(options, demonstrations)
    if options.only == "demonstrations":
        return
    images, states, actions = demonstrations.images, demonstrations.states, demonstrations.actions
    blankImage = images[::20].reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    blankImage = np.tile(blankImage, (IMAGE_SIZE, IMAGE_SIZE, 1))
    policy, parameterCount = trainPolicy(options, images, states, actions)
    policyPath = exportPolicy(options, policy)
    writeCard(options)
    if options.only == "policy":
        return
    with workerPool(options, policyPath) as pool:
        renderer = pool.apply(workerRendererName)
        evaluation = evaluatePolicy(options, pool, blankImage)
        rollouts = recordRollouts(options, pool, evaluation)
        successfulSeeds = [outcome["seed"] for outcome in evaluation["fp"]["outcomes"] if outcome["success"]]
        analysed = pool.map(recordSeed, [("fp", seed) for seed in successfulSeeds[: options.analysed]], chunksize=1)
    analysis = analyseRollouts(policyPath, analysed, blankImage)

    results = {
        "task": options.task,
        "command": commandOf(options),
        "workers": options.workers,
        "seconds": round(time.time() - started, 1),
        "machine": f"{processorName()}, {os.cpu_count()} cores",
        "rendering": {"platform": os.environ["MUJOCO_GL"], "renderer": renderer},
        "python": platform.python_version(),
        "versions": {name: metadata.version(name).split("+")[0] for name in PINNED_VERSIONS},
        "parameters": parameterCount,
        "demonstrations": {"kept": options.demonstrations, "attempts": int(demonstrations.attempts), "frames": len(images)},
        "training": {
            "epochs": options.epochs,
            "batch": options.batch,
            "learning_rate": options.learning_rate,
            "seed": options.seed,
        },
        "files": {name: (options.output / name).stat().st_size for name in ("policy.pt2", "rollouts.hdf5")},
        "rollouts": [
            {
                "policy": rollout.variant,
                "seed": rollout.seed,
                "success": rollout.isSuccess,
                "steps": len(rollout.actions),
            }
            for rollout in rollouts
        ],
        "evaluation": evaluation,
        "analysis": analysis,
    }
    (options.output / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    writeReport(options, results)
    say(f"report: done in {results['seconds'] / 60:.1f} minutes")


if __name__ == "__main__":
    main()
