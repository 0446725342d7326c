"""Models of one's own, made as a person would make them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "models.md"

KERAS_HUB = """
import keras_hub

encoder = keras_hub.models.ResNetBackbone(
    input_conv_filters=[64], input_conv_kernel_sizes=[7], stackwise_num_filters=[64] * 4,
    stackwise_num_blocks=[1] * 4, stackwise_num_strides=[1, 2, 2, 2], block_type="basic_block",
    image_shape=(None, None, 3),
)
backbone = keras_hub.models.RetinaNetBackbone(image_encoder=encoder, min_level=4, max_level=5, use_p5=False)
converter = keras_hub.layers.RetinaNetImageConverter(image_size=(96, 128), scale=1 / 255)
detector = keras_hub.models.RetinaNetObjectDetector(
    backbone=backbone, num_classes=2, bounding_box_format="yxyx", pre_logits_num_conv_layers=1,
    preprocessor=keras_hub.models.RetinaNetObjectDetectorPreprocessor(image_converter=converter),
)
for weight in detector.box_head.weights:
    weight.assign(weight * 0.05)  # boxes stay near their anchors
detector.save_to_preset("my_models/retina/preset")
"""
RETINA_CARD = """\
title: RetinaNet with random weights
architecture: keras-hub
defaults: {input_size: {height: 96, width: 128}, threshold: 0.6}
"""


def run(program: str, folder: Path) -> str:
    """Run a Python program as a person would, in a folder, and give what it prints."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    settings = {"PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=folder, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def documented_programs() -> tuple[str, str]:
    """The two programs of the chapter about one's own models: one makes a model, the other uses it."""
    chapter = DOCUMENT.read_text(encoding="utf-8").partition("## Bring your own model")[2].partition("\n## ")[0]
    making, using = re.findall(r"```python\n(.*?)```", chapter, re.DOTALL)
    return making, using


def make_lamp(folder: Path) -> Path:
    """The model of the documentation."""
    run(documented_programs()[0], folder)
    return folder / "my_models" / "lamp"


def make_retina(folder: Path) -> Path:
    """A preset of KerasHub."""
    run(KERAS_HUB, folder)
    model = folder / "my_models" / "retina"
    (model / "labels.txt").write_text("cat\ndog\n")
    (model / "card.yaml").write_text(RETINA_CARD)
    return model
