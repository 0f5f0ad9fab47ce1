"""Compiles an expression to closures over an allow-list of syntax. No loop, no attribute, no call but ours.

The parser is Python's own; everything after it is ours, because the library at hand (simpleeval) allows by
default what we would have to forbid (docs/decisions/expressions.md).
"""

import ast
import difflib
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache
from typing import Any

from engine.expressions.errors import ExpressionError
from engine.expressions.functions import FUNCTION_NAMES, FUNCTIONS, WrongArgument, is_number
from engine.expressions.source import parse_source

DEEPEST = 40
MOST_NODES = 400
LARGEST_NUMBER = 10**18
LONGEST_TEXT = 20_000
LONGEST_LIST = 2_000

Variables = Mapping[str, Any]
Functions = Mapping[str, Callable[..., Any]]
_Step = Callable[[Variables, Functions], Any]


@dataclass(frozen=True)
class Call:
    """A function call as written: its literal arguments, None where an argument is computed."""

    name: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Expression:
    """Ready to evaluate. `names`: variables that it reads; `calls`: so that a linter sees `limit("handle")`."""

    text: str
    names: frozenset[str]
    calls: tuple[Call, ...]
    _run: _Step = field(repr=False, compare=False)

    def evaluate(self, variables: Variables, functions: Functions | None = None) -> Any:
        """The value. Raises only ExpressionError; a list or object in it is a copy."""
        try:
            return _copied(self.text, self._run(variables, functions or {}))
        except ExpressionError:
            raise
        except WrongArgument as problem:
            raise ExpressionError(self.text, None, problem.en, problem.zh) from problem
        except (TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as problem:
            # A function of ours or of the engine refused its arguments.
            zh = getattr(problem, "zh", "计算失败。")
            raise ExpressionError(self.text, None, f"It cannot be computed: {problem}", zh) from problem


def compile_expression(
    text: str, *, known_names: Collection[str] | None = None, functions: Collection[str] = FUNCTION_NAMES
) -> Expression:
    """Checks and compiles. Raises ExpressionError, also for a name that is not in `known_names`."""
    if not isinstance(text, str):
        raise ExpressionError(str(text), None, "Expected a text.", "应为文字。")
    expression = _compiled(text, frozenset(functions))
    if known_names is not None:
        for name in sorted(expression.names):
            if name not in known_names:
                raise _unknown_name(text, name, known_names)
    return expression


@lru_cache(maxsize=4096)
def _compiled(text: str, functions: frozenset[str]) -> Expression:
    tree = parse_source(text)
    compiler = _Compiler(text, functions)
    run = compiler.compile(tree, 0)
    return Expression(text, frozenset(compiler.names), tuple(compiler.calls), run)


class _Compiler:
    def __init__(self, text: str, functions: frozenset[str]) -> None:
        self.text = text
        self.functions = functions
        self.names: set[str] = set()
        self.calls: list[Call] = []
        self.nodes = 0

    def compile(self, node: ast.AST, depth: int) -> _Step:
        self.nodes += 1
        if depth > DEEPEST or self.nodes > MOST_NODES:
            raise self._refused("is nested too deeply or too long", "嵌套过深或过长")
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self._refused("uses something that expressions do not have", "使用了不支持的写法")
        step: _Step = method(node, depth + 1)
        return step

    def _constant(self, node: ast.Constant, _depth: int) -> _Step:
        value = node.value
        if not (value is None or isinstance(value, bool | int | float | str)):
            raise self._refused("holds a value that JSON does not have", "含有 JSON 没有的值")
        _check_size(self.text, value)
        return lambda _variables, _functions: value

    def _name(self, node: ast.Name, _depth: int) -> _Step:
        name, text = node.id, self.text
        self.names.add(name)

        def read(variables: Variables, _functions: Functions) -> Any:
            try:
                return variables[name]
            except KeyError:
                raise _unknown_name(text, name, variables) from None

        return read

    def _attribute(self, node: ast.Attribute, depth: int) -> _Step:
        key = node.attr
        return self._member(self.compile(node.value, depth), lambda _variables, _functions: key)

    def _subscript(self, node: ast.Subscript, depth: int) -> _Step:
        return self._member(self.compile(node.value, depth), self.compile(node.slice, depth))

    def _member(self, whole: _Step, key: _Step) -> _Step:
        text = self.text

        def read(variables: Variables, functions: Functions) -> Any:
            holder, wanted = whole(variables, functions), key(variables, functions)
            if isinstance(holder, dict) and isinstance(wanted, str):
                if wanted in holder:
                    return holder[wanted]
                raise _unknown_name(text, wanted, holder)
            if isinstance(holder, list) and isinstance(wanted, int) and not isinstance(wanted, bool):
                if -len(holder) <= wanted < len(holder):
                    return holder[wanted]
                raise ExpressionError(
                    text,
                    None,
                    f"The list has {len(holder)} entries, but entry {wanted} is asked for.",
                    f"列表共有 {len(holder)} 项，没有第 {wanted} 项。",
                )
            raise ExpressionError(
                text,
                None,
                f"Expected an object or a list before {wanted!r}, but it is {_kind(holder)[0]}.",
                f"“{wanted}”之前应为对象或列表，实际是{_kind(holder)[1]}。",
            )

        return read

    def _list(self, node: ast.List, depth: int) -> _Step:
        steps = [self.compile(one, depth) for one in node.elts]
        return lambda variables, functions: [step(variables, functions) for step in steps]

    def _dict(self, node: ast.Dict, depth: int) -> _Step:
        pairs = []
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                raise self._refused("has an object whose key is no text", "对象的键必须是文字")
            pairs.append((key.value, self.compile(value, depth)))
        return lambda variables, functions: {key: step(variables, functions) for key, step in pairs}

    def _ifexp(self, node: ast.IfExp, depth: int) -> _Step:
        test, yes, no = (self.compile(one, depth) for one in (node.test, node.body, node.orelse))
        return lambda variables, functions: (yes if test(variables, functions) else no)(variables, functions)

    def _boolop(self, node: ast.BoolOp, depth: int) -> _Step:
        steps = [self.compile(one, depth) for one in node.values]
        stops_at = isinstance(node.op, ast.Or)

        def run(variables: Variables, functions: Functions) -> Any:
            value = None
            for step in steps:
                value = step(variables, functions)
                if bool(value) is stops_at:
                    break
            return value

        return run

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> _Step:
        step, text = self.compile(node.operand, depth), self.text
        if isinstance(node.op, ast.Not):
            return lambda variables, functions: not step(variables, functions)
        if not isinstance(node.op, ast.USub | ast.UAdd):
            raise self._refused("uses an operator that is not known", "使用了不支持的运算符")
        sign = -1 if isinstance(node.op, ast.USub) else 1

        def run(variables: Variables, functions: Functions) -> Any:
            value = step(variables, functions)
            if not is_number(value):
                raise _wrong_types(text, "-", value, value)
            return sign * value

        return run

    def _binop(self, node: ast.BinOp, depth: int) -> _Step:
        operator = _ARITHMETIC.get(type(node.op))
        if operator is None:
            raise self._refused("uses an operator that is not known", "使用了不支持的运算符")
        left, right, text = self.compile(node.left, depth), self.compile(node.right, depth), self.text

        def run(variables: Variables, functions: Functions) -> Any:
            return _arithmetic(text, operator, left(variables, functions), right(variables, functions))

        return run

    def _compare(self, node: ast.Compare, depth: int) -> _Step:
        steps = [self.compile(one, depth) for one in (node.left, *node.comparators)]
        operators = [_COMPARISONS.get(type(one)) for one in node.ops]
        text = self.text
        if None in operators:
            raise self._refused("uses a comparison that is not known", "使用了不支持的比较")

        def run(variables: Variables, functions: Functions) -> bool:
            left = steps[0](variables, functions)
            for operator, step in zip(operators, steps[1:], strict=True):
                right = step(variables, functions)
                if not _compared(text, str(operator), left, right):
                    return False
                left = right
            return True

        return run

    def _call(self, node: ast.Call, depth: int) -> _Step:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self._refused("calls something that is no function of the language", "只能调用规定的函数")
        name, text = node.func.id, self.text
        if name not in self.functions:
            near = difflib.get_close_matches(name, self.functions, 1)
            raise ExpressionError(
                text,
                None,
                f"There is no function {name!r}.",
                f"没有名为“{name}”的函数。",
                f"Did you mean {near[0]!r}?" if near else "docs/expressions.md lists all functions.",
                f"是否想写“{near[0]}”？" if near else "全部函数见 docs/expressions.md。",
            )
        steps = [self.compile(one, depth) for one in node.args]
        self.calls.append(
            Call(name, tuple(one.value if isinstance(one, ast.Constant) else None for one in node.args))
        )

        def run(variables: Variables, functions: Functions) -> Any:
            function = functions.get(name) or FUNCTIONS.get(name)
            if function is None:
                raise ExpressionError(
                    text, None, f"Function {name}() is not available here.", f"此处不能使用 {name}()。"
                )
            value = function(*(step(variables, functions) for step in steps))
            _check_size(text, value)
            return value

        return run

    def _refused(self, en: str, zh: str) -> ExpressionError:
        return ExpressionError(
            self.text,
            None,
            f"It {en}.",
            f"{zh}。",
            "docs/expressions.md shows what may be written.",
            "可用的写法见 docs/expressions.md。",
        )


_ARITHMETIC = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_COMPARISONS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def _arithmetic(text: str, operator: str, left: Any, right: Any) -> Any:
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        value: Any = left + right
    elif operator == "+" and isinstance(left, list) and isinstance(right, list):
        value = left + right
    elif not (is_number(left) and is_number(right)):
        raise _wrong_types(text, operator, left, right)
    elif isinstance(left, int) and isinstance(right, int) and operator != "/":
        if right == 0 and operator in ("//", "%"):
            raise _division(text)
        value = _WHOLE[operator](left, right)
    else:
        # Money is written in tenths and hundredths: decimals keep 0.1 + 0.2 at 0.3.
        try:
            value = float(_EXACT[operator](Decimal(str(left)), Decimal(str(right))))
        except (DivisionByZero, InvalidOperation) as problem:
            raise _division(text) from problem
        except Overflow as problem:
            raise _too_large(text) from problem
    _check_size(text, value)
    return value


_WHOLE: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
}
_EXACT: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
}


def _compared(text: str, operator: str, left: Any, right: Any) -> bool:
    if operator in ("==", "!="):
        # JSON's true is not the number 1, though Python says so.
        same = left == right and isinstance(left, bool) == isinstance(right, bool)
        return same is (operator == "==")
    if operator in ("in", "not in"):
        if right is None:
            is_in = False
        elif isinstance(right, list | dict) or (isinstance(right, str) and isinstance(left, str)):
            is_in = left in right if not isinstance(left, list | dict) or isinstance(right, list) else False
        else:
            raise _wrong_types(text, operator, left, right)
        return is_in is (operator == "in")
    if left is None or right is None:
        return False  # What is not there yet is neither smaller nor larger.
    if not ((is_number(left) and is_number(right)) or (isinstance(left, str) and isinstance(right, str))):
        raise _wrong_types(text, operator, left, right)
    match operator:
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case _:
            return bool(left >= right)


def _check_size(text: str, value: Any) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise _too_large(text)
    if is_number(value) and abs(value) > LARGEST_NUMBER:
        raise _too_large(text)
    if (isinstance(value, str) and len(value) > LONGEST_TEXT) or (
        isinstance(value, list) and len(value) > LONGEST_LIST
    ):
        raise ExpressionError(text, None, "A text or list in it is too long.", "其中的文字或列表过长。")


def _copied(text: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_copied(text, one) for one in value]
    if isinstance(value, dict):
        return {str(key): _copied(text, one) for key, one in value.items()}
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ExpressionError(text, None, "Its value is no JSON value.", "结果不是 JSON 值。")


def _kind(value: Any) -> tuple[str, str]:
    match value:
        case None:
            return "null", "空值"
        case bool():
            return "true or false", "是非值"
        case int() | float():
            return "a number", "数字"
        case str():
            return "a text", "文字"
        case list():
            return "a list", "列表"
        case _:
            return "an object", "对象"


def _wrong_types(text: str, operator: str, left: Any, right: Any) -> ExpressionError:
    return ExpressionError(
        text,
        None,
        f"`{operator}` does not fit {_kind(left)[0]} and {_kind(right)[0]}.",
        f"“{operator}”不能用于{_kind(left)[1]}和{_kind(right)[1]}。",
        "Convert with number() or str().",
        "可用 number() 或 str() 转换。",
    )


def _too_large(text: str) -> ExpressionError:
    return ExpressionError(text, None, "A number in it is too large.", "其中的数字过大。")


def _division(text: str) -> ExpressionError:
    return ExpressionError(text, None, "It divides by zero.", "除数为零。")


def _unknown_name(text: str, name: str, known: Collection[str]) -> ExpressionError:
    near = difflib.get_close_matches(name, [str(one) for one in known], 1)
    return ExpressionError(
        text,
        None,
        f"There is no variable {name!r}.",
        f"没有名为“{name}”的变量。",
        f"Did you mean {near[0]!r}?" if near else "Set it in a form or a script task before.",
        f"是否想写“{near[0]}”？" if near else "请先在表单或脚本任务中赋值。",
    )
