"""An environment of one's own, as `python/point_environment:make` names it: needs numpy alone.

A point in the plane is pushed towards a goal that its seed chooses. Everything is a function of the seed and the actions.
For the tests it misbehaves on request: settings crash_at, hang_at and nan_at name a step of the episode of `bad_seed`;
with a `mark` (a file that must not be there yet) it does so once only.
"""
import os
import time

import numpy as np


class Space:
    def __init__(self, low, high, shape, dtype=np.float32):
        self.low, self.high = np.full(shape, low, dtype), np.full(shape, high, dtype)
        self.shape, self.dtype = shape, np.dtype(dtype)


class Point:
    max_episode_steps = 20

    def __init__(self, **settings):
        self.settings = settings
        self.observation_space = Space(-10, 10, (4,))
        self.action_space = Space(-1, 1, (2,))

    def observe(self):
        return np.concatenate([self.place, self.goal]).astype(np.float32)

    def reset(self, *, seed=None, options=None):
        random = np.random.default_rng(seed)
        self.seed, self.steps = seed, 0
        self.place, self.goal = random.uniform(-1, 1, 2), random.uniform(-1, 1, 2)
        return self.observe(), {}

    def misbehaves(self, what):
        if self.settings.get(what) != self.steps or self.settings.get("bad_seed") != self.seed:
            return False
        mark = self.settings.get("mark")
        if mark is None:
            return True
        try:
            os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True

    def step(self, action):
        if self.misbehaves("crash_at"):
            print("the point fell off its plane", flush=True)
            os._exit(7)
        if self.misbehaves("hang_at"):
            time.sleep(3600)
        self.steps += 1
        self.place = self.place + 0.2 * np.asarray(action, np.float64)
        distance = float(np.linalg.norm(self.place - self.goal))
        reward = float("nan") if self.misbehaves("nan_at") else -distance
        return self.observe(), reward, False, False, {"success": distance < 0.15}


def make(**settings):
    return Point(**settings)
