"""What follows from a version of a return that counts from now on, whether it was accepted at once or chosen by a decision."""

from __future__ import annotations

from datetime import datetime

from qaf_sheets.actions import take_actions
from qaf_sheets.followup import take_follow_up
from qaf_sheets.model import Form, Issue, Return
from qaf_sheets.register.store import Records
from qaf_sheets.rules import worked_on
from qaf_sheets.verdict import looked_at


def take_in(records: Records, issue: Issue, form: Form, content: Return, at: datetime) -> None:
    """Its actions, what it followed up, and whom it looked at."""
    take_actions(records, issue, form, content, at)
    take_follow_up(records, issue, form, content, at)
    if not issue.piece:  # moderation looks at no child anew
        records.looked_at.put(issue, looked_at(content, form), worked_on(form, content) or at.date())
