"""Operations for migrations of tables that are in use."""

from __future__ import annotations

from typing import Any

from django.db import NotSupportedError
from django.db.migrations.operations import AddIndex


class AddIndexQuietly(AddIndex):
    """Builds an index while people write into the table; its migration says `atomic = False`.

    SQLite knows no such thing and builds it as ever. Raises NotSupportedError inside a transaction on PostgreSQL. Where
    it breaks off it leaves an index that is not valid, which is dropped when the migration is run again.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build it."""
        connection = schema_editor.connection
        if connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        if connection.in_atomic_block:
            raise NotSupportedError("An index is built quietly only with `atomic = False` in its migration.")
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(connection.alias, model):
            schema_editor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(self.index.name)}", None)
            schema_editor.add_index(model, self.index, concurrently=True)
