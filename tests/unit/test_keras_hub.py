"""Detectors of KerasHub: from a folder on the disk to detections, by the same line of config.yaml."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models import InputSize, ModelLoadError, check_model, load_detector
from models.litert.export import load

keras_hub = pytest.importorskip("keras_hub")

CARD = """\
title: A detector of KerasHub
architecture: keras-hub
defaults: {input_size: {height: 96, width: 128}, threshold: 0.5}
"""
SIZE = InputSize(96, 128)


def retinanet() -> Any:
    """RetinaNet with random weights, whose boxes stay near their anchors."""
    encoder = keras_hub.models.ResNetBackbone(
        input_conv_filters=[64], input_conv_kernel_sizes=[7], stackwise_num_filters=[64, 64, 64, 64],
        stackwise_num_blocks=[1, 1, 1, 1], stackwise_num_strides=[1, 2, 2, 2], block_type="basic_block",
        image_shape=(None, None, 3),
    )  # fmt: skip
    backbone = keras_hub.models.RetinaNetBackbone(image_encoder=encoder, min_level=4, max_level=5, use_p5=False)
    converter = keras_hub.layers.RetinaNetImageConverter(
        image_size=(96, 128), scale=[0.017, 0.0175, 0.0174], offset=[-2.1, -2.0, -1.8]
    )
    detector = keras_hub.models.RetinaNetObjectDetector(
        backbone=backbone, num_classes=2, bounding_box_format="yxyx", pre_logits_num_conv_layers=1,
        preprocessor=keras_hub.models.RetinaNetObjectDetectorPreprocessor(image_converter=converter),
    )  # fmt: skip
    for head in (detector.box_head, detector.classification_head):
        for weight in head.weights:
            weight.assign(weight * 0.05)
    return detector


def d_fine() -> Any:
    """D-FINE, very small, with random weights."""
    encoder = keras_hub.models.HGNetV2Backbone(
        stem_channels=[3, 8, 8], embedding_size=8, hidden_act="relu", use_learnable_affine_block=True,
        stackwise_stage_filters=[[8, 8, 16, 1, 3, 3]] + [[16, 8, 32, 1, 3, 3]] + [[32, 8, 32, 1, 3, 3]] * 2,
        apply_downsample=[False, True, True, True], use_lightweight_conv_block=[False, False, True, True],
        depths=[1, 1, 1, 1], hidden_sizes=[16, 32, 32, 32], image_shape=(96, 128, 3),
        out_features=["stage3", "stage4"],
    )  # fmt: skip
    backbone = keras_hub.models.DFineBackbone(
        backbone=encoder, decoder_in_channels=[16, 16], encoder_hidden_dim=16, num_denoising=0, num_labels=2,
        hidden_dim=16, learn_initial_query=False, num_queries=10, anchor_image_size=(96, 128), feat_strides=[16, 32],
        num_feature_levels=2, encoder_in_channels=[32, 32], encode_proj_layers=[1], num_attention_heads=2,
        encoder_ffn_dim=32, num_encoder_layers=1, hidden_expansion=0.34, depth_multiplier=0.5, eval_idx=-1,
        num_decoder_layers=1, decoder_attention_heads=2, decoder_ffn_dim=32, decoder_n_points=[2, 2],
        lqe_hidden_dim=16, num_lqe_layers=2, out_features=["stage3", "stage4"], image_shape=(96, 128, 3),
    )  # fmt: skip
    converter = keras_hub.layers.DFineImageConverter(image_size=(96, 128), scale=1 / 255)
    return keras_hub.models.DFineObjectDetector(
        backbone=backbone, num_classes=2, bounding_box_format="yxyx",
        preprocessor=keras_hub.models.DFineObjectDetectorPreprocessor(image_converter=converter),
    )  # fmt: skip


def make_folder(folder: Path, detector: Any) -> Path:
    folder.mkdir(parents=True)
    detector.save_to_preset(str(folder / "preset"))
    (folder / "labels.txt").write_text("cat\ndog\n")
    (folder / "card.yaml").write_text(CARD)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("hub") / "retina", retinanet())


@pytest.fixture
def copy(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPOT_AGENT_CACHE", str(tmp_path / "cache"))
    return Path(shutil.copytree(folder, tmp_path / "copy"))


@pytest.fixture(scope="module")
def picture() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (96, 128, 3), np.uint8)


def best_of_keras_hub(detector: Any, picture: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """KerasHub's own surest boxes, brought to x_min, y_min, x_max, y_max, and their scores."""
    detector.prediction_decoder = keras_hub.layers.NonMaxSuppression(
        bounding_box_format="yxyx", from_logits=True, iou_threshold=0.999, confidence_threshold=0.01, max_detections=3
    )
    found = detector.predict(picture[np.newaxis].astype(np.float32), verbose=0)
    return np.asarray(found["boxes"][0])[:, [1, 0, 3, 2]], np.asarray(found["confidence"][0])


@pytest.mark.timeout(180)
@pytest.mark.parametrize("build", [retinanet, d_fine])
def test_boxes_and_scores_are_those_of_keras_hub(
    build: Callable[[], Any], tmp_path: Path, picture: NDArray[np.uint8]
) -> None:
    detector = build()
    ours = load(make_folder(tmp_path / "model", detector) / "preset", SIZE)(picture[np.newaxis].astype(np.float32))
    boxes, scores = best_of_keras_hub(detector, picture)
    best = np.argsort(-np.asarray(ours["scores"])[0].max(axis=1))[:3]
    np.testing.assert_allclose(np.asarray(ours["scores"])[0][best].max(axis=1), scores, atol=1e-4)
    np.testing.assert_allclose(np.asarray(ours["boxes"])[0][best], boxes, atol=1e-2)


@pytest.mark.timeout(180)
def test_a_folder_with_a_preset_is_a_detector(copy: Path, picture: NDArray[np.uint8]) -> None:
    detector = load_detector(str(copy), threshold=0.01)
    assert (detector.name, detector.labels) == ("copy", ("cat", "dog"))
    (found,) = detector.detect([picture])
    assert found
    assert all(0 <= one.box.x_min < one.box.x_max <= 128 and 0 <= one.box.y_min < one.box.y_max <= 96 for one in found)


def change(path: Path, *keys: str, to: object) -> None:
    content = inner = json.loads(path.read_text())
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = to
    path.write_text(json.dumps(content))


def lose(name: str) -> Callable[[Path], object]:
    return lambda preset: (preset / name).unlink()


def set_to(name: str, *keys: str, to: object) -> Callable[[Path], object]:
    return lambda preset: change(preset / name, *keys, to=to)


EVIL = {"module": "keras.layers", "class_name": "Lambda", "config": {}, "registered_name": None}


@pytest.mark.parametrize(("damage", "said"), [
    (shutil.rmtree, "there is no such folder; expected a folder that ObjectDetector.save_to_preset"),
    (lose("task.json"), "task.json is missing"),
    (lose("model.weights.h5"), "model.weights.h5 is missing"),
    (lambda preset: (preset / "model.weights.json").touch(), "weights in several files are not supported"),
    (lambda preset: (preset / "config.json").write_text("{"), "config.json is no JSON"),
    (lambda preset: (preset / "config.json").write_text('{"model_type": "detr"}'), "config.json names no class"),
    (set_to("task.json", "config", "backbone", to=EVIL), "task.json asks for 'Lambda'"),
    (set_to("config.json", "config", "image_encoder", to=EVIL), "config.json asks for 'Lambda'"),
    (set_to("task.json", "module", to="os.path"), "'RetinaNetObjectDetector' of 'os.path'"),
    (set_to("task.json", "registered_name", to="mine>Detector"), "'RetinaNetObjectDetector'"),
    (set_to("task.json", "class_name", to="BytePairTokenizer"), "'BytePairTokenizer'"),
    (lambda preset: shutil.copy(preset / "config.json", preset / "task.json"), "describes 'RetinaNetBackbone'"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_presets_that_are_not_as_they_should_be(copy: Path, damage: Callable[[Path], object], said: str) -> None:
    damage(copy / "preset")
    with pytest.raises(ModelLoadError) as caught:
        check_model(str(copy))
    assert said in str(caught.value)
    assert str(copy / "preset") in str(caught.value)


@pytest.mark.timeout(60)
def test_nothing_is_fetched(copy: Path) -> None:
    """A name that KerasHub would fetch from the internet is no folder, and so no model."""
    shutil.rmtree(copy / "preset")
    (copy / "preset").write_text("hf://keras/retinanet_resnet50_fpn_coco")
    with pytest.raises(ModelLoadError, match="there is no such folder"):
        load_detector(str(copy))
