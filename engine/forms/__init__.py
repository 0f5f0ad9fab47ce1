"""Form files: JSON Schema 2020-12 with a small vocabulary for people. Checked, filled, shown.

Pure: imports no other part of the engine. Read `definition.py`; docs/forms.md describes the file.
"""

from engine.forms.check import FormFinding, check_form
from engine.forms.definition import Field, FormDefinition, FormResult
from engine.forms.read import FormFileError, read_form
from engine.forms.render import RenderField, document_of, render_model

__all__ = [
    "Field",
    "FormDefinition",
    "FormFileError",
    "FormFinding",
    "FormResult",
    "RenderField",
    "check_form",
    "document_of",
    "read_form",
    "render_model",
]
