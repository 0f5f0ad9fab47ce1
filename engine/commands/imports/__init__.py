"""Registers of cases that were kept on paper or in a spreadsheet become cases here, with their past.

Read `import_register.py` first, then `past_case.py`. A file is read whole (`register_file.py`), its headers are
understood (`header.py`), each row is checked (`row_reader.py`) and brought to its state in one transaction.
"""

from engine.commands.imports.import_register import (
    ImportReport,
    RejectedRow,
    import_register,
    import_rows,
    labels_of_forms,
)
from engine.commands.imports.register_file import Register, RegisterRow, read_register

__all__ = [
    "ImportReport",
    "Register",
    "RegisterRow",
    "RejectedRow",
    "import_register",
    "import_rows",
    "labels_of_forms",
    "read_register",
]
