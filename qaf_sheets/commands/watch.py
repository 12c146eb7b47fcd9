"""`watch`: the service. Receives what is dropped as it is dropped, and keeps the outputs fresh."""

from __future__ import annotations
