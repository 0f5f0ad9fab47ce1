"""For developers: writes the next revision after a change of a table. Read what it wrote before you commit it."""

import sys

from engine.store.database import Store
from engine.store.schema import new_revision, upgrade_schema


def main() -> int:
    words = " ".join(sys.argv[1:]).strip()
    if not words:
        sys.stderr.write('Say what changed: make revision M="priority of a case"\n')
        return 2
    store = Store("sqlite://")
    upgrade_schema(store)
    sys.stdout.write(f"{new_revision(store, words)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
