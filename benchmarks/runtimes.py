"""Ways to run one Keras model, each as a function from pictures to named outputs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.card import InputSize, Precision
from models.litert import LitertRunner, exported_model

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

Outputs = dict[str, NDArray[np.float32]]
Run = Callable[[NDArray[np.uint8]], Outputs]
"""Takes N×height×width×3 RGB pictures and gives each output by its name, with a first axis of N."""


def litert(model: Path, size: InputSize, precision: Precision, threads: int) -> Run:
    """LiteRT as the product uses it: one picture after the other."""
    runner = LitertRunner(exported_model(model, size, precision), threads=threads)
    return lambda images: _joined([runner.run(image[np.newaxis]) for image in images])


def litert_side_by_side(model: Path, size: InputSize, precision: Precision) -> Run:
    """Two interpreters of one thread each that share the pictures."""
    runners = [LitertRunner(exported_model(model, size, precision), threads=1) for _ in range(2)]
    pool = ThreadPoolExecutor(2)

    def share(runner: LitertRunner, images: NDArray[np.uint8]) -> list[Outputs]:
        return [runner.run(image[np.newaxis]) for image in images]

    def run(images: NDArray[np.uint8]) -> Outputs:
        parts = [pool.submit(share, runner, images[index::2]) for index, runner in enumerate(runners)]
        even, odd = (part.result() for part in parts)
        ordered = [even[index // 2] if index % 2 == 0 else odd[index // 2] for index in range(len(images))]
        return _joined(ordered)

    return run


def keras_ways(model_path: Path, size: InputSize) -> dict[str, Run]:
    """Keras' own ``predict`` and ``predict_on_batch``, and a compiled ``tf.function``; two threads."""
    import keras  # only here: it loads TensorFlow
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(2)
    model = keras.models.load_model(model_path, safe_mode=True, compile=False)
    shape = (None, size.height, size.width, 3)
    function = tf.function(
        lambda images: model(images, training=False), input_signature=[tf.TensorSpec(shape, tf.float32)]
    )

    def compiled(images: NDArray[np.uint8]) -> Outputs:
        return {name: value.numpy() for name, value in function(tf.constant(images, tf.float32)).items()}

    return {
        "model.predict": lambda images: model.predict(images.astype(np.float32), verbose=0),
        "model.predict_on_batch": lambda images: model.predict_on_batch(images.astype(np.float32)),
        "tf.function": compiled,
    }


def other_ways(model_path: Path, size: InputSize) -> dict[str, Run]:
    """OpenVINO and ONNX Runtime, where they are installed (``pip install openvino onnxruntime tf2onnx``)."""
    ways: dict[str, Run] = {}
    if find_spec("openvino"):
        ways |= {f"OpenVINO float32, {threads} threads": _openvino(model_path, size, threads) for threads in (1, 2)}
    if find_spec("onnxruntime") and find_spec("tf2onnx"):
        ways |= {f"ONNX Runtime, {threads} threads": _onnxruntime(model_path, size, threads) for threads in (1, 2)}
    return ways


def _openvino(model_path: Path, size: InputSize, threads: int) -> Run:
    import openvino

    with tempfile.TemporaryDirectory() as scratch:
        _export(model_path, size, Path(scratch) / "model", "tf_saved_model")
        converted = openvino.convert_model(Path(scratch) / "model")
    # Its own choice on newer processors is bfloat16, whose outputs are not equal.
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    compiled = openvino.Core().compile_model(converted, "CPU", settings)
    names = {output: output.get_any_name() for output in compiled.outputs}
    return lambda images: {names[key]: value for key, value in compiled(images.astype(np.float32)).items()}


def _onnxruntime(model_path: Path, size: InputSize, threads: int) -> Run:
    import onnxruntime

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "model.onnx"
        _export(model_path, size, path, "onnx")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    given, names = session.get_inputs()[0].name, [output.name for output in session.get_outputs()]
    return lambda images: dict(zip(names, session.run(None, {given: images.astype(np.float32)}), strict=True))


def _export(model_path: Path, size: InputSize, out: Path, form: str) -> None:
    import keras

    model = keras.models.load_model(model_path, safe_mode=True, compile=False)
    image = keras.InputSpec(shape=(None, size.height, size.width, 3), dtype="float32", name="image")
    model.export(out, format=form, input_signature=[image], verbose=False)


def _joined(outputs: list[Outputs]) -> Outputs:
    return {name: np.concatenate([output[name] for output in outputs]) for name in outputs[0]}
