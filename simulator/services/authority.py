"""Under which authority a call came."""

from __future__ import annotations

import grpc


def authority(context: grpc.ServicerContext) -> str:
    """The call's ``:authority`` without a port, or an empty string where gRPC does not tell it.

    gRPC's core knows it, but its Python layer hands on neither the pseudo-header nor any other trace of it: it is not
    in the invocation metadata, nor in the TLS peer's properties. It is found in the event behind the context only
    (grpcio 1.85); a test holds this fast.
    """
    event = getattr(context, "_rpc_event", None)
    host = getattr(getattr(event, "call_details", None), "host", b"")
    return bytes(host).decode("ascii", errors="replace").partition(":")[0]
