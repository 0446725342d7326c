"""config.yaml read, checked as a whole, and all of its mistakes told at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from spot_agent.config import grammar
from spot_agent.config.advice import doubts
from spot_agent.config.complaint import Complaint
from spot_agent.config.defaults import Settings, fill_in
from spot_agent.config.document import Document, UnreadableError, read_document
from spot_agent.config.known_models import ModelLabels, shipped_models
from spot_agent.config.model_paths import beside
from spot_agent.config.references import check_references, rules_of
from spot_agent.config.sections import AgentConfig
from spot_agent.config.source import read_text
from spot_agent.config.wording import explain
from spot_agent.errors import ConfigError, Problem


@dataclass(frozen=True, slots=True)
class CheckedConfig:
    """A configuration without mistakes.

    Attributes:
        config: What it says.
        warnings: What is allowed and still cannot be meant, in the order of the file.
    """

    config: AgentConfig
    warnings: tuple[Problem, ...]


def load_config(path: Path, known_models: ModelLabels | None = None) -> AgentConfig:
    """Read a configuration; :func:`check_config` without its warnings."""
    return check_config(path, known_models).config


def check_config(path: Path, known_models: ModelLabels | None = None) -> CheckedConfig:
    """Read a configuration and look for everything that is wrong or doubtful.

    Args:
        path: The file, usually ``config.yaml``.
        known_models: The models that a detector may name, each with its labels; ``None`` means those that come with
            the product.

    Returns:
        The configuration and the warnings.

    Raises:
        ConfigError: The file cannot be read or has mistakes; it holds every one that was found.
    """
    text = read_text(path)
    lines = text.splitlines()
    try:
        document = read_document(text)
    except UnreadableError as error:
        complaint = Complaint((), error.place, error.message)
        raise ConfigError(_problems([complaint], path, lines, {})) from error
    if not isinstance(document.content, dict):
        complaint = Complaint((), document.place(()), _no_mapping(document))
        raise ConfigError(_problems([complaint], path, lines, {}))
    content = beside(path.parent, fill_in(document.content))
    complaints = list(document.complaints)
    complaints += check_references(content, document, shipped_models() if known_models is None else known_models)
    config, invalid = _validate(content, document)
    names = {index: rule["name"] for index, rule in rules_of(content) if isinstance(rule.get("name"), str)}
    if config is None or complaints or invalid:
        raise ConfigError(_problems([*complaints, *invalid], path, lines, names))
    return CheckedConfig(config, tuple(_problems(doubts(config, document), path, lines, names)))


def _no_mapping(document: Document) -> str:
    if document.content is None:
        return "the file is empty; see the commented config.yaml that comes with the product"
    return "the file must hold sections such as 'cues:' and 'rules:' at its top"


def _validate(content: Settings, document: Document) -> tuple[AgentConfig | None, list[Complaint]]:
    try:
        return AgentConfig.model_validate(content), []
    except ValidationError as error:
        found = []
        for details in error.errors(include_url=False):
            path = _path_in_file(details, document)
            place = document.place(path)
            if details["type"] == "extra_forbidden":
                place = document.keys.get(path, place)
            message = explain(details, path)
            found.append(Complaint(path[:-1] if details["type"] == "missing" else path, place, message))
        return None, found


def _path_in_file(details: ErrorDetails, document: Document) -> grammar.Path:
    """The settings of an action stand under its name in the file, which its validator leaves out."""
    location = details["loc"]
    action = location[:3]
    of_settings = len(location) > 3 or details["type"] == "model_type"
    if action[::2] != ("rules", "do") or not of_settings:
        return location
    names = [path[3] for path in document.keys if len(path) == 4 and path[:3] == action]
    return (*action, *names, *location[3:])


def _problems(
    complaints: Iterable[Complaint], path: Path, lines: list[str], rule_names: dict[int, str]
) -> list[Problem]:
    ordered = sorted(complaints, key=lambda complaint: (complaint.place is not None, complaint.place))
    return [_problem(complaint, path, lines, rule_names) for complaint in ordered]


def _problem(complaint: Complaint, path: Path, lines: list[str], rule_names: dict[int, str]) -> Problem:
    where = grammar.describe(complaint.path, rule_names)
    message = f"{where}: {complaint.message}" if where else complaint.message
    if complaint.place is None:
        return Problem(str(path), None, None, message)
    line, column = complaint.place.line, complaint.place.column
    source = lines[line - 1] if line <= len(lines) else ""
    return Problem(str(path), line, column, message, source)
