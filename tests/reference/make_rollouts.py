"""Rollout files as other people's software writes them, for tests/data.

Usage: make_rollouts.py FOLDER        (h5py 3.16 with HDF5 2.0, numpy 2.4)

Values follow value(episode, key, step, i) below, so that the tests know them without Python. The
files are committed under tests/data/fixtures; run this again only to change them.
"""

import pathlib
import sys

import h5py
import numpy as np

FOLDER = pathlib.Path(sys.argv[1])
FOLDER.mkdir(parents=True, exist_ok=True)


def values(episode, salt, shape, dtype):
    """Element number n (row-major) is (n * 7 + episode * 31 + salt) mod 251, the same in every type."""
    flat = (np.arange(int(np.prod(shape)), dtype=np.int64) * 7 + episode * 31 + salt) % 251
    return flat.reshape(shape).astype(dtype)


def write(name, **options):
    # Compact, and still read by HDF5 1.10.
    return h5py.File(FOLDER / name, "w", **{"libver": ("v108", "v110"), **options})


def demo(data, number, steps, image=(8, 10, 3), observations=None, actions=True, **attributes):
    group = data.create_group(f"demo_{number}")
    group.attrs["num_samples"] = attributes.pop("num_samples", steps)
    for key, value in attributes.items():
        group.attrs[key] = value
    if observations is None:
        observations = {
            "agentview_image": values(number, 1, (steps, *image), np.uint8),
            "robot0_eef_pos": values(number, 2, (steps, 3), np.float64),
        }
    for key, value in observations.items():
        group.create_dataset(f"obs/{key}", data=value)
    if actions:
        group["actions"] = values(number, 3, (steps, 4), np.float32)
    return group


def robomimic():
    """demo_10 sorts after demo_2; every way to store an image."""
    with write("robomimic.hdf5", libver="earliest") as file:
        data = file.create_group("data")
        data.attrs["env_args"] = '{"env_name": "Lift", "type": 1}'
        data.attrs["total"] = 4 * 5
        for number in (0, 1, 2, 10):
            group = data.create_group(f"demo_{number}")
            group.attrs["num_samples"] = 5
            group.attrs["seed"] = 1000 + number
            if number == 0:
                group.attrs["model_file"] = "<mujoco>" + "x" * 5000 + "</mujoco>"
            obs = group.create_group("obs")
            chunked = dict(chunks=(2, 4, 5, 3))
            obs.create_dataset("agentview_image", data=values(number, 1, (5, 8, 10, 3), np.uint8),
                               compression="gzip", shuffle=True, **chunked)
            obs.create_dataset("robot0_eye_in_hand_image", data=values(number, 4, (5, 8, 10, 3), np.uint8),
                               compression="lzf", **chunked)
            obs["robot0_eef_pos"] = values(number, 2, (5, 3), np.float64)
            group["next_obs/robot0_eef_pos"] = values(number, 9, (5, 3), np.float64)
            group["actions"] = values(number, 3, (5, 4), np.float64)
            rewards = np.zeros(5)
            rewards[4] = number % 2
            group["rewards"] = rewards
            group["dones"] = np.array([0, 0, 0, 0, 1])
        file["mask/train"] = np.array(["demo_0", "demo_1", "demo_2"], dtype="S")
        file["mask/valid"] = ["demo_10"]
        file["mask/20_percent"] = np.array(["demo_0", "demo_10"], dtype="S")


def kinds():
    """Every type of number, and groups below obs."""
    with write("kinds.hdf5") as file:
        salted = values(0, 5, (5, 2), np.int64)
        kinds = {"float16": "f2", "float32": ">f4", "int8": "i1", "int16": "i2", "uint16": ">u2",
                 "int32": "i4", "uint32": "u4", "int64": "i8", "uint64": "u8"}
        observations = {"kind_" + kind: (salted % 120).astype(dtype) for kind, dtype in kinds.items()}
        observations["kind_bool"] = salted % 2 == 0
        observations["scalar"] = values(0, 6, (5,), np.float32)
        observations["nested/inner"] = values(0, 6, (5,), np.float32)
        demo(file.create_group("data"), 0, 5, observations=observations)


def libero():
    """LIBERO's names: two cameras of 128 pixels in the original, here 8; uint8 dones and rewards."""
    with write("libero.hdf5") as file:
        data = file.create_group("data")
        data.attrs["bddl_file_name"] = "libero/bddl_files/libero_spatial/pick_up_the_black_bowl.bddl"
        data.attrs["env_args"] = '{"type": 1, "env_name": "Libero_Tabletop_Manipulation"}'
        data.attrs["env_name"] = "Libero_Tabletop_Manipulation"
        data.attrs["macros_image_convention"] = "opengl"
        data.attrs["num_demos"] = 2
        data.attrs["problem_info"] = '{"language_instruction": "pick up the black bowl"}'
        data.attrs["tag"] = "libero-v1"
        data.attrs["total"] = 7
        for number, steps in enumerate((4, 3)):
            group = data.create_group(f"demo_{number}")
            group.attrs["init_state"] = np.arange(100, dtype=np.float64)
            group.attrs["model_file"] = "<mujoco/>"
            group.attrs["num_samples"] = steps
            obs = group.create_group("obs")
            for salt, (key, shape, dtype) in enumerate([
                    ("agentview_rgb", (8, 8, 3), np.uint8), ("ee_ori", (3,), np.float64),
                    ("ee_pos", (3,), np.float64), ("ee_states", (6,), np.float64),
                    ("eye_in_hand_rgb", (8, 8, 3), np.uint8), ("gripper_states", (2,), np.float64),
                    ("joint_states", (7,), np.float64)]):
                obs[key] = values(number, salt, (steps, *shape), dtype)
            group["actions"] = values(number, 3, (steps, 7), np.float64)
            group["dones"] = np.eye(1, steps, steps - 1, dtype=np.uint8)[0]
            group["rewards"] = np.eye(1, steps, steps - 1, dtype=np.uint8)[0]
            group["robot_states"] = values(number, 8, (steps, 9), np.float64)
            group["states"] = values(number, 9, (steps, 12), np.float64)


def broken():
    """One file with every way in which episodes of one file can differ."""
    with write("differing.hdf5") as file:
        data = file.create_group("data")
        demo(data, 0, 4, success=True)
        demo(data, 1, 4, image=(6, 10, 3), success=False)
        demo(data, 2, 0)
        demo(data, 3, 4, num_samples=9)
        demo(data, 4, 4, observations={"robot0_eef_pos": values(4, 2, (4, 3), np.float64)})
        demo(data, 5, 4, observations={"agentview_image": values(5, 1, (4, 8, 10, 3), np.uint8),
                                       "robot0_eef_pos": values(5, 2, (3, 3), np.float64)})
        demo(data, 6, 4, observations={"agentview_image": values(6, 1, (4, 8, 10, 3), np.uint8),
                                       "robot0_eef_pos": np.array(["text"] * 4, dtype="S")})
        group = demo(data, 7, 4)
        group["obs/robot0_eef_pos"][2, 1] = np.nan
        demo(data, 8, 4, actions=False)
        data["demo_9"] = np.zeros(3)
        data.create_group("demo_10")
        demo(data, 11, 4, num_samples="many")


def links():
    with write("outside.hdf5") as file:
        demo(file.create_group("data"), 0, 4)
    with write("links.hdf5") as file:
        data = file.create_group("data")
        demo(data, 0, 4)
        # A soft link within the file is an ordinary way to share an image between demos.
        group = demo(data, 1, 4, observations={"robot0_eef_pos": values(1, 2, (4, 3), np.float64)})
        group["obs/agentview_image"] = h5py.SoftLink("/data/demo_0/obs/agentview_image")
        data["demo_2"] = h5py.ExternalLink("outside.hdf5", "/data/demo_0")
        group = demo(data, 3, 4, observations={"robot0_eef_pos": values(3, 2, (4, 3), np.float64)})
        group["obs/agentview_image"] = h5py.ExternalLink("outside.hdf5", "/data/demo_0/obs/agentview_image")
        group = demo(data, 4, 4, observations={"robot0_eef_pos": values(4, 2, (4, 3), np.float64)})
        group["obs/agentview_image"] = h5py.SoftLink("/data/demo_2/obs/agentview_image")
        group = demo(data, 5, 4, observations={"robot0_eef_pos": values(5, 2, (4, 3), np.float64)})
        group["obs/agentview_image"] = h5py.SoftLink("/nowhere")
        group = demo(data, 6, 4, observations={"robot0_eef_pos": values(6, 2, (4, 3), np.float64)})
        group["obs"].create_dataset("agentview_image", shape=(4, 8, 10, 3), dtype="u1",
                                    external=[("/etc/passwd", 0, 4 * 240)])
        group = demo(data, 7, 4, observations={"robot0_eef_pos": values(7, 2, (4, 3), np.float64)})
        layout = h5py.VirtualLayout(shape=(4, 8, 10, 3), dtype="u1")
        layout[...] = h5py.VirtualSource("outside.hdf5", "/data/demo_0/obs/agentview_image", shape=(4, 8, 10, 3))
        group["obs"].create_virtual_dataset("agentview_image", layout)


def filters():
    """A data set whose filter no library here has (id 32015, zstd)."""
    with write("unknown_filter.hdf5") as file:
        group = demo(file.create_group("data"), 0, 4, observations={})
        creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        creation.set_chunk((4, 3))
        creation.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
        h5py.h5d.create(group["obs"].id if "obs" in group else group.create_group("obs").id, b"robot0_eef_pos",
                        h5py.h5t.NATIVE_FLOAT, h5py.h5s.create_simple((4, 3)), creation)


def large():
    """Declares 300 GB that were never written: opening must cost nothing."""
    with write("huge.hdf5") as file:
        data = file.create_group("data")
        group = data.create_group("demo_0")
        group.create_dataset("obs/agentview_image", shape=(2_000_000, 224, 224, 3), dtype="u1", chunks=(1, 224, 224, 3))
        group.create_dataset("actions", shape=(2_000_000, 7), dtype="f4", chunks=(1000, 7))
        group.create_dataset("rewards", shape=(2_000_000,), dtype="f4", chunks=(1000,))
        # One step of a terabyte, and a shape whose size overflows 64 bits.
        group.create_dataset("obs/terabyte", shape=(2, 1 << 40), dtype="u1", chunks=(1, 4096))
        group.create_dataset("obs/overflow", shape=(1 << 31, 1 << 31, 1 << 31), dtype="u1", chunks=(1, 1, 1))


def others():
    with write("no_rollouts.hdf5") as file:
        file["weights/layer1"] = np.zeros((3, 3))
        file["weights/layer2"] = np.zeros((3, 3))
    with write("no_obs.hdf5") as file:
        file["data/images"] = np.zeros((3, 3))
    with write("empty_data.hdf5") as file:
        file.create_group("data").attrs["total"] = 0


def d4rl(name, terminals, timeouts, **compression):
    steps = 10
    with write(name) as file:
        options = dict(compression)
        file.create_dataset("observations", data=values(0, 1, (steps, 3), np.float32), **options)
        file.create_dataset("actions", data=values(0, 2, (steps, 2), np.float32), **options)
        file.create_dataset("rewards", data=np.arange(steps, dtype=np.float32), **options)
        if terminals is not None:
            file["terminals"] = np.isin(np.arange(steps), terminals)
        if timeouts is not None:
            file["timeouts"] = np.isin(np.arange(steps), timeouts)
        file["infos/qpos"] = values(0, 3, (steps, 2), np.float64)
        file["infos/action_log_probs"] = values(0, 4, (steps,), np.float64)
        file["metadata/algorithm"] = "SAC"


def main():
    robomimic()
    kinds()
    libero()
    broken()
    links()
    filters()
    large()
    others()
    d4rl("d4rl.hdf5", terminals=[3], timeouts=[7], compression="gzip")
    d4rl("d4rl_without_timeouts.hdf5", terminals=[4, 9], timeouts=None)
    d4rl("d4rl_without_ends.hdf5", terminals=None, timeouts=None)
    with h5py.File(FOLDER / "d4rl.hdf5") as good, write("d4rl_lengths.hdf5") as bad:
        for key in ("observations", "actions", "terminals"):
            good.copy(key, bad)
        bad["rewards"] = np.zeros(7)


main()
