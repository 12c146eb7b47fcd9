"""A register's rows put into a database on a server, in the place of those that are there."""

from __future__ import annotations

from sqlalchemy import Connection, Integer, Table, func, insert, inspect, select
from sqlalchemy.schema import CreateSchema

from qaf_sheets.register import schema
from qaf_sheets.register.engines import looking, open_engine, plainly
from qaf_sheets.register.store import Register, belongs

MANY = 1_000
"""Rows that are moved at once."""


def put_in_place(fresh: Register, url: str, aside: str, of: str) -> None:
    """The register at `url` holds what `fresh` holds, all of it or nothing; what was there is kept in the same database, in a schema called `aside`. Raises RegisterError where that is the register of another workspace than `of`."""
    engine = open_engine(url)
    try:
        with plainly(engine), engine.begin() as db, looking(fresh.engine) as made:
            _put_aside(db, aside, of)
            schema.metadata.create_all(db)
            for table in schema.metadata.sorted_tables:
                for rows in made.execute(select(table)).mappings().partitions(MANY):
                    db.execute(insert(table), [dict(row) for row in rows])
                _count_on(db, table)
    finally:
        engine.dispose()


def _put_aside(db: Connection, aside: str, of: str) -> None:
    there = {*inspect(db).get_table_names()} & schema.metadata.tables.keys()
    if schema.meta.name in there:
        belongs(db, of)
    if there:
        db.execute(CreateSchema(aside))
    for name in sorted(there):
        db.exec_driver_sql(f'ALTER TABLE {name} SET SCHEMA "{aside}"')


def _count_on(db: Connection, table: Table) -> None:
    """The numbers that the database gives to new rows go on after those that are there."""
    (key,) = table.primary_key.columns if len(table.primary_key.columns) == 1 else (None,)
    if key is not None and isinstance(key.type, Integer) and key.autoincrement is True:
        db.execute(select(func.setval(func.pg_get_serial_sequence(table.name, key.name), func.coalesce(select(func.max(key)).scalar_subquery(), 0) + 1, False)))  # noqa: FBT003 - SQL's own
