"""The safe, total language of diagrams: `${ amount > 1000 and level = "outlet" }` over JSON values.

Pure: imports no other part of the engine. Read `compile.py`; docs/expressions.md is the page for process owners.
"""

from engine.expressions.compile import Call, Expression, compile_expression
from engine.expressions.errors import ExpressionError
from engine.expressions.functions import ENGINE_FUNCTIONS, FUNCTION_NAMES
from engine.expressions.script import Script, compile_script
from engine.expressions.template import Template, compile_template

__all__ = [
    "ENGINE_FUNCTIONS",
    "FUNCTION_NAMES",
    "Call",
    "Expression",
    "ExpressionError",
    "Script",
    "Template",
    "compile_expression",
    "compile_script",
    "compile_template",
]
