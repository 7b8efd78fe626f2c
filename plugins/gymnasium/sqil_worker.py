"""Worker of SQIL Studio: runs environments for the program that started it.

    python sqil_worker.py SOCKET_FD MEMORY_FD SLOTS NAME SETTINGS_JSON

Needs numpy, and what the environment itself needs. It greets with one line of JSON (observations, actions, versions, or
an error), is told where observations and actions lie in the shared memory, and then answers requests:
a request is a count and that many (slot, kind, seed) of int32, int32, uint64; kind 0 resets, kind 1 steps. The answer
is the same count of (slot, flags, reward) of int32, int32, float64 once all are done.
"""

import json
import mmap
import os
import platform
import socket
import struct
import sys
import warnings
from importlib import metadata

os.environ.setdefault("LP_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

TERMINATED, TRUNCATED, SUCCESS_KNOWN, SUCCESS = 1, 2, 4, 8


class Unavailable(Exception):
    """Something has to be installed first, or the name is wrong; the message says what to do."""


def need(module, packages):
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as problem:
        raise Unavailable(
            f"the Python module {problem.name or module} is missing in {sys.executable}; install it with: "
            f"{sys.executable} -m pip install {packages}"
        ) from problem


def version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


class GymnasiumEnvironment:
    """Any environment with Gymnasium's API: flat observations become "observation", dictionaries keep their keys."""

    packages = ("gymnasium", "numpy", "mujoco")

    def __init__(self, environment, limit):
        self.environment = environment
        self.limit = limit or 10_000
        space = environment.observation_space
        self.isDictionary = hasattr(space, "spaces") and isinstance(space.spaces, dict)
        parts = space.spaces if self.isDictionary else {"observation": space}
        self.observations = []
        for name, part in parts.items():
            if part.dtype is None or part.shape is None:
                raise Unavailable(f'the observation "{name}" is a {type(part).__name__}; only arrays can be used')
            self.observations.append((name, "uint8" if part.dtype == np.uint8 else "float32", tuple(part.shape)))
        action = environment.action_space
        self.discrete = int(action.n) if hasattr(action, "n") else None
        self.low = [0.0] if self.discrete else np.ravel(action.low).astype(float).tolist()
        self.high = [self.discrete - 1.0] if self.discrete else np.ravel(action.high).astype(float).tolist()
        self.actionShape = () if self.discrete else action.shape
        self.reportsSuccess = False

    def split(self, observation):
        return [observation[name] for name, _, _ in self.observations] if self.isDictionary else [observation]

    def reset(self, seed):
        observation, _ = self.environment.reset(seed=seed)
        return self.split(observation)

    def step(self, action):
        if self.discrete:
            action = int(round(float(action[0])))
        else:
            action = action.reshape(self.actionShape)
        observation, reward, terminated, truncated, info = self.environment.step(action)
        flags = (TERMINATED if terminated else 0) | (TRUNCATED if truncated else 0)
        success = info.get("success", info.get("is_success"))
        if success is not None:
            flags |= SUCCESS_KNOWN | (SUCCESS if success else 0)
        return self.split(observation), float(reward), flags


def makeGym(name, settings):
    gymnasium = need("gymnasium", "'gymnasium[mujoco]'")
    try:
        spec = gymnasium.spec(name)
        # Checks and order enforcement cost as much as a small simulation; the limit of steps is kept by the program.
        environment = gymnasium.make(name, disable_env_checker=True, **settings).unwrapped
    except (gymnasium.error.Error, ImportError) as problem:
        raise Unavailable(f"gymnasium has no usable {name}: {problem}") from problem
    return GymnasiumEnvironment(environment, spec.max_episode_steps)


def makeAtari(name, settings):
    gymnasium = need("gymnasium", "gymnasium")
    ale = need("ale_py", "ale-py opencv-python-headless")
    need("cv2", "opencv-python-headless")
    gymnasium.register_envs(ale)
    try:
        raw = gymnasium.make(name, frameskip=1, repeat_action_probability=0.0, **settings)
    except gymnasium.error.Error as problem:
        raise Unavailable(f"gymnasium has no usable {name}: {problem}") from problem
    wrapped = gymnasium.wrappers.AtariPreprocessing(raw, noop_max=30, frame_skip=4, screen_size=84)
    return GymnasiumEnvironment(gymnasium.wrappers.FrameStackObservation(wrapped, 4), 27_000)


class MetaworldEnvironment:
    """A Metaworld task seen by one free camera, with the hand's position and the gripper's opening."""

    packages = ("metaworld", "mujoco", "gymnasium", "numpy")
    camera = {"lookat": [0.0, 0.72, 0.1], "distance": 0.8, "azimuth": 215.0, "elevation": -42.0}

    def __init__(self, task, settings):
        chooseRenderer()
        need("metaworld", "metaworld==3.0.0 mujoco==3.3.7")
        import mujoco
        from metaworld.env_dict import ALL_V3_ENVIRONMENTS

        if task not in ALL_V3_ENVIRONMENTS:
            raise Unavailable(f"metaworld has no task {task}; it has {', '.join(sorted(ALL_V3_ENVIRONMENTS))}")
        camera = {**self.camera, **settings.get("camera", {})}
        size = int(settings.get("size", 96))
        self.mujoco = mujoco
        self.environment = ALL_V3_ENVIRONMENTS[task]()
        # What set_task does, without a task of the benchmark: positions drawn from the seed.
        self.environment._partially_observable = False
        if "sawyer_observation_space" in self.environment.__dict__:
            del self.environment.__dict__["sawyer_observation_space"]
        self.environment._freeze_rand_vec = False
        self.environment.seeded_rand_vec = True
        self.environment._set_task_called = True
        self.renderer = mujoco.Renderer(self.environment.model, size, size)
        # Without them a frame takes a tenth of the time in software.
        for flag in ("mjRND_SHADOW", "mjRND_REFLECTION", "mjRND_SKYBOX"):
            self.renderer.scene.flags[getattr(mujoco.mjtRndFlag, flag)] = 0
        self.view = mujoco.MjvCamera()
        self.view.type = mujoco.mjtCamera.mjCAMERA_FREE
        self.view.lookat[:] = camera["lookat"]
        self.view.distance, self.view.azimuth, self.view.elevation = (
            camera["distance"],
            camera["azimuth"],
            camera["elevation"],
        )
        self.observations = [
            ("agentview_image", "uint8", (size, size, 3)),
            ("robot0_eef_pos", "float32", (3,)),
            ("robot0_gripper_qpos", "float32", (1,)),
        ]
        self.discrete = None
        self.low, self.high = [-1.0] * 4, [1.0] * 4
        self.limit = 150
        self.reportsSuccess = True

    def observe(self):
        self.renderer.update_scene(self.environment.data, self.view)
        return [self.renderer.render(), self.state[:3], self.state[3:4]]

    def reset(self, seed):
        self.environment.seed(seed)
        self.state, _ = self.environment.reset()
        # Metaworld moves the goal's marker after its last forward pass: without this the first frame shows an old goal.
        self.mujoco.mj_forward(self.environment.model, self.environment.data)
        return self.observe()

    def step(self, action):
        self.state, reward, _, _, info = self.environment.step(np.clip(action, -1.0, 1.0))
        flags = SUCCESS_KNOWN | (SUCCESS if info["success"] else 0)
        return self.observe(), float(reward), flags


class DmControlEnvironment:
    """A task of the DeepMind Control Suite; observations in the order of its specification, flattened."""

    packages = ("dm_control", "mujoco", "numpy")

    def __init__(self, name, settings):
        os.environ.setdefault("MUJOCO_GL", "disable")
        need("dm_control", "dm_control==1.0.34 mujoco==3.3.7")
        from dm_control import suite

        domain, _, task = name.partition("-")
        task = task.replace("-", "_")
        if (domain, task) not in suite.ALL_TASKS:
            known = ", ".join(sorted(f"{d}-{t}" for d, t in suite.ALL_TASKS))
            raise Unavailable(f"dm_control has no task {name}; it has {known}")
        self.environment = suite.load(domain, task, task_kwargs={"random": 0})
        parts = self.environment.observation_spec().values()
        width = sum(int(np.prod(part.shape)) for part in parts)
        action = self.environment.action_spec()
        self.observations = [("observation", "float32", (width,))]
        self.discrete = None
        self.low = np.broadcast_to(action.minimum, action.shape).astype(float).tolist()
        self.high = np.broadcast_to(action.maximum, action.shape).astype(float).tolist()
        self.limit = 1000
        self.reportsSuccess = False

    def flat(self, step):
        return [np.concatenate([np.ravel(part) for part in step.observation.values()])]

    def reset(self, seed):
        # The task draws from this generator; loading it anew for every seed would compile the model again.
        self.environment.task._random = np.random.RandomState(seed % 2**32)
        return self.flat(self.environment.reset())

    def step(self, action):
        step = self.environment.step(action)
        ended = TRUNCATED if step.last() and step.discount != 0 else TERMINATED if step.last() else 0
        return self.flat(step), float(step.reward or 0.0), ended


class LiberoEnvironment:
    """A LIBERO task: agent view turned by 180 degrees, ten waiting steps, initial state by seed."""

    packages = ("libero", "robosuite", "mujoco", "numpy")
    limits = {"libero_spatial": 220, "libero_object": 280, "libero_goal": 300, "libero_10": 520}

    def __init__(self, name, settings):
        chooseRenderer()
        need("libero.libero", "robosuite==1.4.1 git+https://github.com/Lifelong-Robot-Learning/LIBERO.git")
        from libero.libero import benchmark, get_libero_path
        from libero.libero.envs import OffScreenRenderEnv

        suite, _, number = name.rpartition("-")
        suites = benchmark.get_benchmark_dict()
        if suite not in suites or not number.isdigit():
            raise Unavailable(f"libero has no {name}; expected SUITE-NUMBER, suites: {', '.join(sorted(suites))}")
        tasks = suites[suite]()
        if int(number) >= tasks.n_tasks:
            raise Unavailable(f"{suite} has {tasks.n_tasks} tasks, counted from 0; there is no {number}")
        task = tasks.get_task(int(number))
        path = os.path.join(get_libero_path("bddl_files"), task.problem_folder, task.bddl_file)
        self.size = int(settings.get("size", 256))
        self.states = tasks.get_task_init_states(int(number))
        self.environment = OffScreenRenderEnv(
            bddl_file_name=path, camera_heights=self.size, camera_widths=self.size
        )
        self.environment.seed(0)
        self.observations = [
            ("agentview_image", "uint8", (self.size, self.size, 3)),
            ("robot0_eef_pos", "float32", (3,)),
            ("robot0_eef_quat", "float32", (4,)),
            ("robot0_gripper_qpos", "float32", (2,)),
        ]
        self.discrete = None
        self.low, self.high = [-1.0] * 7, [1.0] * 7
        self.limit = self.limits.get(suite, 520)
        self.reportsSuccess = True

    def split(self, observation):
        image = observation["agentview_image"][::-1, ::-1]
        return [image] + [observation[name] for name, _, _ in self.observations[1:]]

    def reset(self, seed):
        self.environment.reset()
        observation = self.environment.set_init_state(self.states[seed % len(self.states)])
        for _ in range(10):
            observation, _, _, _ = self.environment.step([0.0] * 6 + [-1.0])
        return self.split(observation)

    def step(self, action):
        observation, reward, done, _ = self.environment.step(action)
        flags = SUCCESS_KNOWN | (SUCCESS if self.environment.check_success() else 0)
        return self.split(observation), float(reward), flags | (TERMINATED if done else 0)


def makeOwn(name, settings):
    """python/MODULE:FUNCTION gives an environment with Gymnasium's API; MODULE is looked for in "path" too."""
    if "path" in settings:
        sys.path.insert(0, settings.pop("path"))
    module, _, function = name.partition(":")
    environment = getattr(need(module, module), function or "make")(**settings)
    limit = getattr(environment, "max_episode_steps", None)
    return GymnasiumEnvironment(environment, limit)


def chooseRenderer():
    """The first offscreen OpenGL that works here; tried in another process because a failed one cannot be undone."""
    if "MUJOCO_GL" in os.environ:
        return
    import subprocess

    probe = "import mujoco; mujoco.Renderer(mujoco.MjModel.from_xml_string('<mujoco/>'), 8, 8).render()"
    for name in ("egl", "osmesa"):
        environment = dict(os.environ, MUJOCO_GL=name)
        if subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True).returncode == 0:
            os.environ["MUJOCO_GL"] = name
            return


PRESETS = {
    "gym": makeGym,
    "ale": lambda name, settings: makeAtari("ALE/" + name, settings),
    "metaworld": MetaworldEnvironment,
    "dm_control": DmControlEnvironment,
    "libero": LiberoEnvironment,
    "python": makeOwn,
}


def make(name, settings):
    preset, slash, rest = name.partition("/")
    if not slash or preset not in PRESETS:
        raise Unavailable(f"there is no environment {name}; expected one of {', '.join(p + '/…' for p in PRESETS)}")
    return PRESETS[preset](rest, settings)


class Channel:
    def __init__(self, descriptor):
        self.socket = socket.socket(fileno=descriptor)

    def send(self, data):
        self.socket.sendall(data)

    def receive(self, size):
        data = bytearray()
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                os._exit(0)  # the program has ended
            data += part
        return bytes(data)


def greeting(environment):
    return {
        "observations": [
            {"name": name, "type": type_, "shape": list(shape)} for name, type_, shape in environment.observations
        ],
        "low": environment.low,
        "high": environment.high,
        "discrete": environment.discrete,
        "limit": environment.limit,
        "success": environment.reportsSuccess,
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in getattr(environment, "packages", ("numpy",))},
        },
    }


def serve(channel, memory, environments):
    """Where things lie in the shared memory is told by the program: one offset an observation and slot, then actions."""
    keys = environments[0].observations
    width = len(environments[0].low)
    count = len(environments) * (len(keys) + 1)
    offsets = struct.unpack(f"<{count}Q", channel.receive(8 * count))
    views, actions = [], []
    for slot in range(len(environments)):
        first = slot * (len(keys) + 1)
        views.append(
            [
                np.ndarray(shape, np.dtype(type_), memory, offsets[first + index])
                for index, (_, type_, shape) in enumerate(keys)
            ]
        )
        actions.append(np.ndarray((width,), np.float32, memory, offsets[first + len(keys)]))
    request, answer = struct.Struct("<iiQ"), struct.Struct("<iid")
    while True:
        (number,) = struct.unpack("<i", channel.receive(4))
        asked = channel.receive(request.size * number)
        answers = bytearray()
        for slot, kind, seed in request.iter_unpack(asked):
            if kind == 0:
                parts, reward, flags = environments[slot].reset(seed), 0.0, 0
            else:
                parts, reward, flags = environments[slot].step(actions[slot].copy())
            for view, part in zip(views[slot], parts):
                view[...] = part
            answers += answer.pack(slot, flags, reward)
        channel.send(answers)


def main():
    channel = Channel(int(sys.argv[1]))
    slots, name, settings = int(sys.argv[3]), sys.argv[4], json.loads(sys.argv[5] or "{}")
    warnings.filterwarnings("ignore")
    try:
        need("numpy", "numpy")
        environments = [make(name, dict(settings)) for _ in range(slots)]
        hello = greeting(environments[0])
    except Unavailable as problem:
        hello = {"error": str(problem)}
    channel.send(json.dumps(hello).encode() + b"\n")
    if "error" in hello:
        return
    (size,) = struct.unpack("<Q", channel.receive(8))
    serve(channel, mmap.mmap(int(sys.argv[2]), size), environments)


try:
    import numpy as np
except ImportError:
    np = None

if __name__ == "__main__":
    main()
