"""The register: an index over the received files and the journal, and the only place that speaks SQL."""

from qaf_sheets.register.journal import RegisterError
from qaf_sheets.register.lease import BusyError
from qaf_sheets.register.store import Register

__all__ = ["BusyError", "Register", "RegisterError"]
