"""What a converter expects of a graph, and the error when a graph is otherwise."""

from __future__ import annotations

from models.conversion.tfjs_graph import Node


class UnsupportedGraphError(ValueError):
    """The graph holds something that this converter does not know."""


def require(condition: bool, node: Node, expectation: str) -> None:
    """Raise an error that names the node, unless a condition holds."""
    if not condition:
        raise UnsupportedGraphError(f"node {node.name!r} ({node.op}): {expectation}")


def square(node: Node, attribute: str) -> int:
    """Read an attribute such as ``strides`` that must be alike for rows and columns, and 1 for all else."""
    match node.attributes[attribute]:
        case (1, int(rows), int(columns), 1) if rows == columns:
            return rows
    raise UnsupportedGraphError(f"node {node.name!r} ({node.op}): {attribute} differ between the axes")
