"""What a network may be made of: layers of Keras that compute, and nothing that could run code or open files.

Keras builds a model by importing what its ``config.json`` names. So everything that is named there, however deep, must
stand in the lists below. They say what is allowed, not what is forbidden: a layer that a later version of Keras adds is
not allowed before somebody has looked at it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from models.errors import ModelLoadError

MOST_DEPTH = 64
"""How deep ``config.json`` may nest; a network within a network within a network takes about 30."""

MOST_LAYERS = 5_000
"""How many layers a network may have; those that come with the product have about a hundred."""

_MODULES_OF_LAYERS = ("keras.layers", "keras.src.ops.", "keras_hub.")

# Left out on purpose: Lambda, TFSMLayer, TorchModuleWrapper, JaxLayer and FlaxLayer run code; StringLookup,
# IntegerLookup and TextVectorization open files that their settings name; the layers for random augmentation, text,
# sound and recurrence have no place in a detector.
_LAYER_NAMES = """
Activation AdaptiveAveragePooling2D AdaptiveMaxPooling2D Add AlphaDropout Attention Average AveragePooling1D
AveragePooling2D BatchNormalization CenterCrop Concatenate Conv1D Conv2D Conv2DTranspose Cropping1D Cropping2D Dense
DepthwiseConv2D Dot Dropout ELU EinsumDense Embedding Flatten GaussianDropout GaussianNoise GlobalAveragePooling1D
GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D GroupNormalization GroupQueryAttention Identity
InputLayer LayerNormalization LeakyReLU MaxPooling1D MaxPooling2D Maximum Minimum MultiHeadAttention Multiply
Normalization PReLU Permute RMSNormalization ReLU RepeatVector Rescaling Reshape Resizing SeparableConv1D
SeparableConv2D Softmax SpatialDropout1D SpatialDropout2D Subtract TimeDistributed UnitNormalization UpSampling1D
UpSampling2D ZeroPadding1D ZeroPadding2D
"""
_LAYERS = frozenset(_LAYER_NAMES.split())
_MODELS = frozenset({"Functional", "Model", "Sequential"})
_POLICIES = frozenset({"DTypePolicy", "FloatDTypePolicy"})
_ANYTHING = None  # modules in which every name stands for arithmetic

_ALLOWED: Mapping[str, frozenset[str] | None] = {
    "keras": _MODELS | _POLICIES,
    "keras.models": _MODELS,
    "keras.src.models.functional": _MODELS,
    "keras.src.models.sequential": _MODELS,
    "keras.layers": _LAYERS,
    "keras.dtype_policies": _POLICIES,
    "keras.initializers": _ANYTHING,
    "keras.regularizers": _ANYTHING,
    "keras.constraints": _ANYTHING,
    "keras.src.ops.numpy": _ANYTHING,
    "keras.src.ops.nn": _ANYTHING,
    "keras.src.ops.math": _ANYTHING,
    "keras.src.ops.image": _ANYTHING,
    "keras.src.ops.core": frozenset({"Cast", "SaturateCast", "ScatterUpdate", "Slice", "SliceUpdate", "Unstack"}),
}

_ACTIVATION_NAMES = """
celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid
log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid
sparsemax squareplus swish tanh tanh_shrink threshold
"""
_ACTIVATIONS = frozenset(_ACTIVATION_NAMES.split())

# What the presets of object detectors hold; tokenizers, which open files, are not among it.
_KERAS_HUB_KINDS = ("Backbone", "ObjectDetector", "ObjectDetectorPreprocessor", "ImageConverter")
_KERAS_HUB_LAYERS = frozenset({"AnchorGenerator", "BoxMatcher", "NonMaxSuppression", "RetinaNetLabelEncoder"})

_PLAIN_VALUES = frozenset({"__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__"})
"""How Keras writes values that JSON does not have."""

_NESTED = "it nests too deeply to be a network"


def read_json(content: bytes, name: str) -> dict[str, Any]:
    """Read a JSON file that may be damaged or hostile.

    Args:
        content: The file's content.
        name: Its name, for messages.

    Returns:
        The mapping that it holds.

    Raises:
        ModelLoadError: It is not JSON, holds something else than a mapping, or nests too deeply.
    """
    try:
        values = json.loads(content)
    except ValueError as error:
        raise ModelLoadError(f"{name} is no JSON ({error})") from error
    except RecursionError as error:
        raise ModelLoadError(f"{name}: {_NESTED}") from error
    if not isinstance(values, dict):
        raise ModelLoadError(f"{name} holds no mapping")
    return values


def check_network_config(config: Mapping[str, Any]) -> None:
    """Make sure that a model's ``config.json`` names nothing but layers of Keras that compute.

    Args:
        config: What it holds.

    Raises:
        ModelLoadError: It describes no model, or something that may not be in one; the first such thing is named.
    """
    if config.get("class_name") not in _MODELS:
        raise ModelLoadError(
            f"config.json describes {_shown(config.get('class_name'))}, not a functional or sequential Keras model"
        )
    # How it was trained is not loaded, see ``compile=False`` in the export.
    inside = {key: value for key, value in config.items() if key != "compile_config"}
    check_objects(inside, "config.json", keras_hub=False)


def check_objects(config: Mapping[str, Any], name: str, *, keras_hub: bool) -> None:
    """Make sure that every object that a configuration names is allowed.

    Args:
        config: A configuration as Keras writes it.
        name: Its file, for messages.
        keras_hub: Whether KerasHub's layers are allowed beside those of Keras.

    Raises:
        ModelLoadError: Something else is named, there is too much, or it nests too deeply.
    """
    layers = 0
    for described in _objects(config, name):
        _check_object(described, name, keras_hub=keras_hub)
        layers += str(described.get("module")).startswith(_MODULES_OF_LAYERS)
        if layers > MOST_LAYERS:
            raise ModelLoadError(f"{name} describes more than {MOST_LAYERS:,} layers, the most that are allowed")


def _objects(config: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """Every mapping that describes an object, at whatever depth."""
    waiting: list[tuple[Any, int]] = [(config, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise ModelLoadError(f"{name}: {_NESTED}")
        if isinstance(value, dict):
            if "class_name" in value:
                yield value
            waiting += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value]


def _check_object(described: Mapping[str, Any], name: str, *, keras_hub: bool) -> None:
    module, class_name = described.get("module"), described["class_name"]
    registered = described.get("registered_name")
    if not isinstance(class_name, str):
        raise ModelLoadError(f"{name} names a class that is no word: {_shown(class_name)}")
    if module is None and registered is None and class_name in _PLAIN_VALUES:
        return
    if class_name == "function":
        allowed = _is_activation(described)
    elif keras_hub and _is_of_keras_hub(module, class_name, registered):
        allowed = True
    else:
        allowed = _is_of_keras(module, class_name) and registered in (None, class_name)
    if not allowed:
        what = described.get("config") if class_name == "function" else class_name
        place = f" of {_shown(module)}" if module else ""
        raise ModelLoadError(
            f"{name} asks for {_shown(what)}{place}, which is not among the layers that are allowed; a model may hold "
            "layers of Keras that compute, and neither Lambda, nor layers of one's own, nor functions"
        )


def _is_activation(described: Mapping[str, Any]) -> bool:
    given = described.get("config")
    registered = described.get("registered_name")
    known = isinstance(given, str) and given in _ACTIVATIONS
    return (
        known
        and described.get("module") in ("builtins", "keras.activations")
        and registered in (None, given, "function")
    )


def _is_of_keras(module: object, class_name: str) -> bool:
    if not isinstance(module, str) or module not in _ALLOWED:
        return False
    names = _ALLOWED[module]
    return class_name.isidentifier() and class_name[0].isupper() and (names is _ANYTHING or class_name in names)


def _is_of_keras_hub(module: object, class_name: str, registered: object) -> bool:
    if not isinstance(module, str) or not module.startswith("keras_hub.src."):
        return False
    if not all(map(str.isidentifier, module.split("."))) or registered not in (class_name, f"keras_hub>{class_name}"):
        return False
    return class_name.isidentifier() and (class_name.endswith(_KERAS_HUB_KINDS) or class_name in _KERAS_HUB_LAYERS)


def _shown(value: object) -> str:
    return repr(str(value)[:60]) if value is not None else "nothing"
