"""PG-GAN's network files: which of the networks is the generator, its config, and its variables.

    a tuple (G, D, Gs) of networks, or one network     Gs, the running average of G, is the one
    a network's state   version 2, name, static_kwargs, build_func_name, variables; build_module_src is ignored

Source: Karras et al., "Progressive Growing of GANs" (ICLR 2018), and the files that its published code writes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.errors import OfficialFileError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.official.files import digest_of, read_file
from dashboard.synthesis.official.objects import ARRAY_PAIRS, NETWORK_PAIRS
from dashboard.synthesis.official.pickles import read_pickle
from dashboard.synthesis.official.values import StoredArray, StoredNetwork, describe, printable, refuse

MAX_BYTES = 512 << 20
"""The largest that NVIDIA wrote, three networks of 1024 px, have about 280 MB."""

VERSION = 2
FUNCTIONS = ("G_paper", "G_paper_cpu")
STRUCTURES = (None, "linear", "recursive")

_DEFAULTS: dict[str, int | float | bool | None] = {
    "num_channels": 1,
    "resolution": 32,
    "label_size": 0,
    "fmap_base": 8192,
    "fmap_decay": 1.0,
    "fmap_max": 512,
    "latent_size": None,
    "normalize_latents": True,
    "use_wscale": True,
    "use_pixelnorm": True,
    "pixelnorm_epsilon": 1e-8,
    "use_leakyrelu": True,
}
"""G_paper's defaults: a file has only the arguments that were given."""


@dataclass(frozen=True, eq=False)
class OfficialNetwork:
    """A generator as stored in a file.

    Args:
        config: architecture of the network.
        variables: float32, finite, by NVIDIA's names, exactly those of the config.
        provenance: its origin, plain values: the file's length, digest and form, and the network's metadata.
    """

    config: GeneratorConfig
    variables: dict[str, np.ndarray]
    provenance: dict[str, Any]


def read_network(path: Path) -> OfficialNetwork:
    """Read a generator from one of NVIDIA's network files, or a condensed one.

    Args:
        path: the file.

    Returns:
        The network; it does not refer to the file.

    Raises:
        OfficialFileError: the file has another format; the message says what was expected and received.
        OSError: the file cannot be read.
    """
    content = read_file(path, MAX_BYTES)
    network = parse_network(content)
    return OfficialNetwork(
        network.config, network.variables, {"bytes": len(content), "sha256": digest_of(content), **network.provenance}
    )


def parse_network(content: bytes) -> OfficialNetwork:
    """Read a network like :func:`read_network`, from the bytes of the file."""
    value = read_pickle(content, ARRAY_PAIRS | NETWORK_PAIRS)
    form = "one network"
    if isinstance(value, tuple):
        if len(value) != 3:
            refuse("a tuple of three networks (G, D, Gs)", describe(value))
        form, value = "G, D, Gs", value[2]
    if not isinstance(value, StoredNetwork):
        refuse("a network of PG-GAN, or a tuple of three", describe(value))
    state = value.state
    if state is None:
        refuse("a network with its state", "one without")
    if type(version := state.get("version")) is not int or version != VERSION:
        refuse(f"a network of version {VERSION}", f"version {describe(version)}")
    if (function := state.get("build_func_name")) not in FUNCTIONS:
        refuse(f"a generator built by {' or '.join(FUNCTIONS)}", describe(function))
    stored = _stored_variables(state.get("variables"))
    arguments = state.get("static_kwargs")
    config = _config(arguments, stored)
    provenance = {
        "form": form,
        "class": f"{value.kind.module}.{value.kind.name}",
        "function": function,
        "name": printable(name) if isinstance(name := state.get("name"), str) else None,
    }
    return OfficialNetwork(config, _variables(config, stored), provenance)


def _stored_variables(listed: Any) -> dict[str, np.ndarray]:
    """Return the listed pairs of name and value, each name once."""
    if not isinstance(listed, list):
        refuse("a list of variables", describe(listed))
    found: dict[str, np.ndarray] = {}
    for pair in listed:
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[0], str):
            refuse("variables as pairs of a name and an array", describe(pair))
        name, value = pair
        if not isinstance(value, StoredArray) or value.values is None:
            refuse(f"an array as the variable {printable(name)}", describe(value))
        if name in found:
            refuse("each variable once", f"{printable(name)} twice")
        found[name] = value.values
    return found


def _config(arguments: Any, stored: dict[str, np.ndarray]) -> GeneratorConfig:
    """Return the network's arguments: those that were given, and the original's defaults. Unknown ones had no effect
    there.
    """
    if not isinstance(arguments, dict):
        refuse("the network's arguments (static_kwargs) as a dict", describe(arguments))
    given: dict[str, Any] = {
        name: _argument(name, arguments.get(name, default), default) for name, default in _DEFAULTS.items()
    }
    if (structure := arguments.get("structure")) not in STRUCTURES:
        refuse("the structure linear or recursive", describe(structure))
    if (dtype := arguments.get("dtype", "float32")) != "float32":
        refuse("a network that computes in float32", describe(dtype))
    # The names of the first convolutions show whether they are fused, that is, how the weights are stored.
    given["fused_scale"] = any("/Conv0_up/" in name for name in stored)
    if given["latent_size"] is None:
        given["latent_size"] = min(given["fmap_base"], given["fmap_max"])  # the original's nf(0)
    try:
        return GeneratorConfig(**given)
    except ValueError as error:
        raise OfficialFileError(f"{error} This is stated in the file's arguments (static_kwargs).") from error


def _argument(name: str, value: Any, default: Any) -> Any:
    """Return a given argument, if it is of its default's kind."""
    number = float(value) if type(value) in (int, float) else math.nan
    if isinstance(default, bool):
        kind = "True or False"
        if type(value) is bool or number in (0, 1):
            return bool(value)
    elif isinstance(default, float):
        kind = "a number"
        if type(value) in (int, float):
            return number
    else:
        kind = "a whole number"
        if number.is_integer() or (value is None and default is None):
            return None if value is None else int(number)
    refuse(f"{kind} as the argument {name}", describe(value))


def _variables(config: GeneratorConfig, stored: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the stored arrays as float32, if they are exactly those of such a network; the original code does not
    check this.
    """
    shapes = config.variables()
    if missing := sorted(set(shapes) - set(stored)):
        refuse(f"the variable {missing[0]}", f"a network without it ({len(missing)} are missing)")
    if unknown := sorted(set(stored) - set(shapes)):
        refuse(
            f"the {len(shapes)} variables of a generator of {config.resolution} px",
            f"{printable(unknown[0])} as well ({len(unknown)} are unknown)",
        )
    variables: dict[str, np.ndarray] = {}
    for name, shape in shapes.items():
        if stored[name].shape != shape:
            refuse(f"{name} of shape {shape}", f"{stored[name].shape}")
        with np.errstate(over="ignore"):
            # Copied: a view into a pickle is read-only, unaligned, and would keep the whole file in memory.
            variables[name] = np.array(stored[name], np.float32, order="C")
        if not np.isfinite(variables[name]).all():
            refuse(f"finite numbers in {name}", "an infinity, or no number")
    return variables
