"""Two roles of PostgreSQL: the owner migrates and restores, the product's role only appends to the ledger (D-55).

Triggers bind whoever writes; who owns a table can disable its triggers. So the product's role owns nothing, makes no
objects, and has the privileges that `grant` gives: `faults` names every further one with which it could rewrite.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BindParameter, Connection, bindparam, text
from sqlmodel import SQLModel

# Tables to which the product's role only appends, with the columns that it may change: an erasure, the head of a chain.
CHANGEABLE: dict[str, tuple[str, ...]] = {
    "ledger_chain": ("sequence", "head"),
    "operation": (),
    "operation_item": (),
    "operation_text": ("text", "salt"),
    "operation_reason": ("text", "salt"),
}
_ONLY_READ = ("alembic_version",)
_AS_GOOD_AS_SUPERUSER = ("pg_execute_server_program", "pg_write_server_files")


def exists(connection: Connection, role: str) -> bool:
    return connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).first() is not None


def not_owned(connection: Connection) -> list[str]:
    """The tables of the product that the connected role does not own, so that it cannot migrate them."""
    ours = {*SQLModel.metadata.tables, *_ONLY_READ}
    return [name for name in connection.execute(_TABLES, {"owned": False, "kind": "r"}).scalars() if name in ours]


def may_migrate(connection: Connection) -> bool:
    """Whether the connected role may change the schema: it owns all tables and may make new ones. True on SQLite."""
    if connection.dialect.name == "sqlite":
        return True
    return bool(connection.execute(_MAY_CREATE).scalar()) and not not_owned(connection)


def are_apart(connection: Connection) -> bool:
    """Whether the connected role is another one than the owner of the ledger."""
    if connection.dialect.name == "sqlite":
        return False
    return "operation" in not_owned(connection)


def grant(connection: Connection, product: str) -> None:
    """Give the role `product` what the server needs and nothing else, by the connected owner of the tables.

    Privileges of before are taken from it and from PUBLIC in the same transaction, so a running server notices nothing.
    Tables that the owner makes later are readable and writable for it by default; `grant` after each migration.
    """
    schema = str(connection.execute(text("SELECT current_schema()")).scalar_one())
    database = str(connection.execute(text("SELECT current_database()")).scalar_one())
    quote = connection.dialect.identifier_preparer.quote_identifier
    owned = {kind: connection.execute(_TABLES, {"owned": True, "kind": kind}).scalars().all() for kind in "rS"}
    for statement in _around(quote(product), quote(schema), quote(database)):
        connection.exec_driver_sql(statement)
    for name in owned["S"]:
        _grant_on(connection, f"SEQUENCE {quote(schema)}.{quote(name)}", quote(product), ["USAGE", "SELECT"])
    for name in owned["r"]:
        _grant_on(connection, f"TABLE {quote(schema)}.{quote(name)}", quote(product), _privileges(name))


def faults(connection: Connection, role: str = "") -> list[str]:
    """Everything by which `role` (default: the connected one) could change the ledger past its triggers; [] = nothing.

    For PostgreSQL, and a role that is meant to be another one than the owner's.
    """
    name = role or str(connection.execute(text("SELECT current_user")).scalar_one())
    return [f"role {name}: {what}" for what in _powers(connection, name)]


def _around(product: str, schema: str, database: str) -> Iterator[str]:
    """The statements about database and schema, and about what the owner makes later."""
    yield f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {product}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {product}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {product}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {product}"
    by_default = f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT"
    yield f"{by_default} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {product}"
    yield f"{by_default} USAGE, SELECT ON SEQUENCES TO {product}"


def _privileges(table: str) -> list[str]:
    """What the product's role may do with a table, as GRANT spells it."""
    if table in _ONLY_READ:
        return ["SELECT"]
    columns = CHANGEABLE.get(table)
    if columns is None:
        return ["SELECT", "INSERT", "UPDATE", "DELETE"]
    return ["SELECT", "INSERT", *([f"UPDATE ({', '.join(columns)})"] if columns else [])]


def _grant_on(connection: Connection, what: str, product: str, privileges: list[str]) -> None:
    connection.exec_driver_sql(f"REVOKE ALL ON {what} FROM PUBLIC, {product}")
    connection.exec_driver_sql(f"GRANT {', '.join(privileges)} ON {what} TO {product}")


def _powers(connection: Connection, role: str) -> Iterator[str]:
    """What a role has beyond its grants, each as words."""
    of_role = {"role": role}
    itself = connection.execute(_ROLE, of_role).one()
    if itself.rolsuper:
        yield "is a superuser"
        return
    if itself.rolcreaterole:
        yield "may make and grant roles"
    for one in connection.execute(_MEMBER_OF, of_role).scalars():
        yield f"is a member of {one}"
    if connection.dialect.server_version_info >= (15,) and connection.execute(_MAY_SET, of_role).scalar():  # pyright: ignore[reportOperatorIssue, reportOptionalOperand] - a tuple once connected
        yield "may set session_replication_role"
    around = connection.execute(_AROUND, of_role).one()
    for has, what in zip(around, _AROUND_WORDS, strict=True):
        if has:
            yield what
    for table in connection.execute(_OWNED, of_role).scalars():
        yield f"owns {table} and can disable its triggers"
    for row in connection.execute(_PRIVILEGES, of_role):
        yield f"may {row.privilege} {row.relname}"
    for row in connection.execute(_COLUMNS, of_role):
        if row.attname not in CHANGEABLE[row.relname]:
            yield f"may UPDATE {row.relname}.{row.attname}"


_OF_SCHEMA = "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace "
_TABLES = text(
    _OF_SCHEMA + "AND c.relkind::text = :kind AND pg_has_role(c.relowner, 'MEMBER') = :owned ORDER BY c.relname"
)
_MAY_CREATE = text("SELECT has_schema_privilege(current_schema(), 'CREATE')")
_ROLE = text("SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = :role")
_MEMBER_OF = text(
    "SELECT rolname FROM pg_roles WHERE rolname IN :powerful AND pg_has_role(:role, oid, 'MEMBER') ORDER BY rolname"
).bindparams(bindparam("powerful", _AS_GOOD_AS_SUPERUSER, expanding=True))
_MAY_SET = text("SELECT has_parameter_privilege(:role, 'session_replication_role', 'SET')")
_AROUND = text(
    "SELECT pg_has_role(:role, n.nspowner, 'MEMBER'), has_schema_privilege(:role, n.oid, 'CREATE'), "
    "pg_has_role(:role, d.datdba, 'MEMBER'), has_database_privilege(:role, d.oid, 'CREATE'), "
    "has_database_privilege(:role, d.oid, 'TEMPORARY'), "
    "EXISTS (SELECT 1 FROM pg_proc p WHERE p.proname = 'ledger_refuse' AND p.pronamespace = n.oid "
    "AND pg_has_role(:role, p.proowner, 'MEMBER')) "
    "FROM pg_namespace n, pg_database d WHERE n.nspname = current_schema() AND d.datname = current_database()"
)
_AROUND_WORDS = (
    *("owns the schema", "may make objects in the schema", "owns the database", "may make schemas in the database"),
    *("may make temporary tables", "owns the function of the ledger's triggers"),
)
_ledger: BindParameter[str] = bindparam("ledger", list(CHANGEABLE), expanding=True)
_OWNED = text(
    _OF_SCHEMA + "AND c.relname IN :ledger AND pg_has_role(:role, c.relowner, 'MEMBER') ORDER BY c.relname"
).bindparams(_ledger)
_PRIVILEGES = text(
    "SELECT c.relname, p.privilege FROM pg_class c, (VALUES ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS p(privilege) "
    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relname IN :ledger "
    "AND has_table_privilege(:role, c.oid, p.privilege) ORDER BY c.relname, p.privilege"
).bindparams(_ledger)
_COLUMNS = text(
    "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relname IN :ledger AND a.attnum > 0 "
    "AND NOT a.attisdropped AND has_column_privilege(:role, c.oid, a.attnum, 'UPDATE') ORDER BY c.relname, a.attnum"
).bindparams(_ledger)
