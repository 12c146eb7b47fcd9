"""The register's tables. All but `waiting` and `lease`, which say how things are this moment, can be made again from the received files and the journal."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, MetaData, String, Table, Text

VERSION = "3"
metadata = MetaData()

meta = Table("meta", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False))

forms = Table(
    "forms", metadata, Column("form_version", String(40), primary_key=True), Column("form", Text, nullable=False), Column("layout", Text, nullable=False),
)

issues = Table(
    "issues", metadata,
    Column("return_id", String(20), primary_key=True), Column("quarter", String(12), nullable=False, index=True),
    Column("activity", String(20), nullable=False), Column("person_id", String(40), nullable=False), Column("due_on", Date, nullable=False),
    Column("written", Boolean, nullable=False, default=False), Column("issue", Text, nullable=False),
)

duties = Table(
    "duties", metadata, Column("obligation_id", String(200), primary_key=True), Column("return_id", String(20), nullable=False, index=True),
)

files = Table(
    "files", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True), Column("sha256", String(64), nullable=False), Column("dropped_as", Text, nullable=False),
    Column("kept_as", Text, nullable=False), Column("outcome", String(20), nullable=False), Column("return_id", String(20), index=True),
    Column("version", Integer), Column("received_at", DateTime, nullable=False), Column("problems", Text, nullable=False),
    Column("filed", Boolean, nullable=False, default=False), Column("kept_sha256", String(64), nullable=False),
)

versions = Table(
    "versions", metadata,
    Column("return_id", String(20), primary_key=True), Column("version", Integer, primary_key=True), Column("answers_hash", String(64), nullable=False),
    Column("outcome", String(20), nullable=False), Column("received_at", DateTime, nullable=False), Column("file", Text, nullable=False),
    Column("content", Text, nullable=False), Column("problems", Text, nullable=False),
)

looked_at = Table(
    "looked_at", metadata,
    Column("return_id", String(20), primary_key=True), Column("code", String(40), primary_key=True), Column("activity", String(20), nullable=False),
    Column("quarter", String(12), nullable=False, index=True), Column("person_id", String(40), nullable=False), Column("day", Date, nullable=False),
)

actions = Table(
    "actions", metadata,
    Column("action_id", String(30), primary_key=True), Column("return_id", String(20), nullable=False, index=True), Column("action", Text, nullable=False),
)

edits = Table(
    "edits", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True), Column("action_id", String(30), nullable=False, index=True), Column("name", String(40), nullable=False),
    Column("cells", Text, nullable=False), Column("who", Text, nullable=False), Column("at", DateTime, nullable=False), Column("source", Text, nullable=False),
)

taken = Table(
    "taken", metadata,
    Column("written", String(64), primary_key=True), Column("reader", String(400), primary_key=True), Column("table_id", String(40), primary_key=True),
    Column("row_id", String(60), primary_key=True), Column("cells", Text, nullable=False), Column("saved_at", DateTime),
)

arrangements = Table(
    "arrangements", metadata,
    Column("file", String(400), primary_key=True), Column("table_id", String(40), primary_key=True), Column("arrangement", Text, nullable=False),
)

entries = Table(
    "entries", metadata,
    Column("table_id", String(40), primary_key=True), Column("row_id", String(60), primary_key=True), Column("cells", Text, nullable=False),
)

decisions = Table(
    "decisions", metadata,
    Column("decision_id", String(20), primary_key=True), Column("decision", Text, nullable=False), Column("carried", Text, nullable=False),
    Column("turn", Integer, nullable=False),
)

clashes = Table("clashes", metadata, Column("id", Integer, primary_key=True, autoincrement=True), Column("clash", Text, nullable=False))

outputs = Table(
    "outputs", metadata,
    Column("file", String(400), primary_key=True), Column("sha256", String(64), nullable=False), Column("members", String(64), nullable=False),
    Column("as_at", DateTime, nullable=False), Column("state", String(20), nullable=False), Column("note", Text, nullable=False, default=""),
)

intended = Table(
    "intended", metadata,
    Column("file", String(400), primary_key=True), Column("sha256", String(64), nullable=False), Column("members", String(64), nullable=False),
    Column("as_at", DateTime, nullable=False),
)

copies = Table("copies", metadata, Column("file", String(400), primary_key=True), Column("sha256", String(64), nullable=False))

drops = Table("drops", metadata, Column("id", Integer, primary_key=True, autoincrement=False), Column("dropped_as", Text, nullable=False))

waiting = Table("waiting", metadata, Column("file", String(400), primary_key=True), Column("received", Text, nullable=False))

journal = Table(
    "journal", metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True), Column("at", DateTime, nullable=False), Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False), Column("changes", Text, nullable=False), Column("hash", String(64), nullable=False),
)

lease = Table("lease", metadata, Column("name", String(20), primary_key=True), Column("holder", String(80), nullable=False), Column("beat", Integer, nullable=False))

MOMENTARY = frozenset({"waiting", "drops", "intended", "lease", "journal"})
"""The tables that no entry of the journal changes."""

Index("files_by_place", files.c.dropped_as, files.c.filed)

LATER = (Index("ix_files_filed", files.c.filed), Index("ix_files_sha256", files.c.sha256), Index("ix_looked_at_code", looked_at.c.code))
"""What is looked up for every file, however many there are; a register of an earlier version gets them when it is opened."""
