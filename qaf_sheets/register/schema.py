"""The register's tables. All but `waiting` and `lease`, which say how things are this moment, can be made again from the received files and the journal."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, MetaData, Table, Text

VERSION = "3"
metadata = MetaData()
Words = Text().with_variant(Text(collation="C"), "postgresql")
"""Text of any length, in the same order in both databases."""

meta = Table("meta", metadata, Column("name", Words, primary_key=True), Column("value", Text, nullable=False))

forms = Table(
    "forms", metadata, Column("form_version", Words, primary_key=True), Column("form", Text, nullable=False), Column("layout", Text, nullable=False),
)

issues = Table(
    "issues", metadata,
    Column("return_id", Words, primary_key=True), Column("quarter", Words, nullable=False, index=True),
    Column("activity", Words, nullable=False), Column("person_id", Words, nullable=False), Column("due_on", Date, nullable=False),
    Column("written", Boolean, nullable=False, default=False), Column("issue", Text, nullable=False),
)

duties = Table(
    "duties", metadata, Column("obligation_id", Words, primary_key=True), Column("return_id", Words, nullable=False, index=True),
)

files = Table(
    "files", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True), Column("sha256", Words, nullable=False), Column("dropped_as", Text, nullable=False),
    Column("kept_as", Text, nullable=False), Column("outcome", Words, nullable=False), Column("return_id", Words, index=True),
    Column("version", Integer), Column("received_at", DateTime, nullable=False), Column("problems", Text, nullable=False),
    Column("filed", Boolean, nullable=False, default=False), Column("kept_sha256", Words, nullable=False),
)

versions = Table(
    "versions", metadata,
    Column("return_id", Words, primary_key=True), Column("version", Integer, primary_key=True), Column("answers_hash", Words, nullable=False),
    Column("outcome", Words, nullable=False), Column("received_at", DateTime, nullable=False), Column("file", Text, nullable=False),
    Column("content", Text, nullable=False), Column("problems", Text, nullable=False),
)

looked_at = Table(
    "looked_at", metadata,
    Column("return_id", Words, primary_key=True), Column("code", Words, primary_key=True), Column("activity", Words, nullable=False),
    Column("quarter", Words, nullable=False, index=True), Column("person_id", Words, nullable=False), Column("day", Date, nullable=False),
)

actions = Table(
    "actions", metadata,
    Column("action_id", Words, primary_key=True), Column("return_id", Words, nullable=False, index=True), Column("action", Text, nullable=False),
)

edits = Table(
    "edits", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True), Column("action_id", Words, nullable=False, index=True), Column("name", Words, nullable=False),
    Column("cells", Text, nullable=False), Column("who", Text, nullable=False), Column("at", DateTime, nullable=False), Column("source", Text, nullable=False),
)

taken = Table(
    "taken", metadata,
    Column("written", Words, primary_key=True), Column("reader", Words, primary_key=True), Column("table_id", Words, primary_key=True),
    Column("row_id", Words, primary_key=True), Column("cells", Text, nullable=False), Column("saved_at", DateTime),
)

arrangements = Table(
    "arrangements", metadata,
    Column("file", Words, primary_key=True), Column("table_id", Words, primary_key=True), Column("arrangement", Text, nullable=False),
)

entries = Table(
    "entries", metadata,
    Column("table_id", Words, primary_key=True), Column("row_id", Words, primary_key=True), Column("cells", Text, nullable=False),
)

decisions = Table(
    "decisions", metadata,
    Column("decision_id", Words, primary_key=True), Column("decision", Text, nullable=False), Column("carried", Text, nullable=False),
    Column("turn", Integer, nullable=False),
)

clashes = Table("clashes", metadata, Column("id", Integer, primary_key=True, autoincrement=True), Column("clash", Text, nullable=False))

outputs = Table(
    "outputs", metadata,
    Column("file", Words, primary_key=True), Column("sha256", Words, nullable=False), Column("members", Words, nullable=False),
    Column("as_at", DateTime, nullable=False), Column("state", Words, nullable=False), Column("note", Text, nullable=False, default=""),
)

intended = Table(
    "intended", metadata,
    Column("file", Words, primary_key=True), Column("sha256", Words, nullable=False), Column("members", Words, nullable=False),
    Column("as_at", DateTime, nullable=False),
)

copies = Table("copies", metadata, Column("file", Words, primary_key=True), Column("sha256", Words, nullable=False))

drops = Table("drops", metadata, Column("id", Integer, primary_key=True, autoincrement=False), Column("dropped_as", Text, nullable=False))

waiting = Table("waiting", metadata, Column("file", Words, primary_key=True), Column("received", Text, nullable=False))

journal = Table(
    "journal", metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True), Column("at", DateTime, nullable=False), Column("kind", Words, nullable=False),
    Column("body", Text, nullable=False), Column("changes", Text, nullable=False), Column("hash", Words, nullable=False),
)

lease = Table("lease", metadata, Column("name", Words, primary_key=True), Column("holder", Words, nullable=False), Column("beat", Integer, nullable=False))

MOMENTARY = frozenset({"waiting", "drops", "intended", "lease", "journal"})
"""The tables that no entry of the journal changes."""

LATER = (Index("ix_files_filed", files.c.filed), Index("ix_files_sha256", files.c.sha256), Index("ix_looked_at_code", looked_at.c.code))
"""What is looked up for every file, however many there are; a register of an earlier version gets them when it is opened."""
