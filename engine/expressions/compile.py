"""Compiles an expression to closures over an allow-list of syntax. No loop, no attribute, no call but ours.

The parser is Python's own; everything after it is ours, because the library at hand (simpleeval) allows by
default what we would have to forbid (docs/decisions/0005-expression-language.md).
"""

import ast
import difflib
import itertools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.expressions.errors import ExpressionError, WrongValue, short
from engine.expressions.functions import ARITY, FUNCTION_NAMES, FUNCTIONS
from engine.expressions.operators import ARITHMETIC, COMPARISONS, calculate, compare, wrong_types
from engine.expressions.source import LONGEST_NAME, parse_source
from engine.expressions.values import check_size, copied, is_number, kind_of

DEEPEST = 40
MOST_NODES = 400

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
            return copied(self._run(variables, functions or {}))
        except WrongValue as problem:
            raise ExpressionError.of_value(self.text, problem) from problem
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
                raise ExpressionError.of_value(text, _unknown_name(name, known_names))
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
        self._try(lambda: check_size(value))
        return lambda _variables, _functions: value

    def _name(self, node: ast.Name, _depth: int) -> _Step:
        name = node.id
        self.names.add(name)

        def read(variables: Variables, _functions: Functions) -> Any:
            try:
                return variables[name]
            except KeyError:
                raise _unknown_name(name, variables) from None

        return read

    def _attribute(self, node: ast.Attribute, depth: int) -> _Step:
        key = node.attr
        return self._member(self.compile(node.value, depth), lambda _variables, _functions: key)

    def _subscript(self, node: ast.Subscript, depth: int) -> _Step:
        return self._member(self.compile(node.value, depth), self.compile(node.slice, depth))

    def _member(self, whole: _Step, key: _Step) -> _Step:
        return lambda variables, functions: _member_of(whole(variables, functions), key(variables, functions))

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
        step = self.compile(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return lambda variables, functions: not step(variables, functions)
        if not isinstance(node.op, ast.USub | ast.UAdd):
            raise self._refused("uses an operator that is not known", "使用了不支持的运算符")
        sign = -1 if isinstance(node.op, ast.USub) else 1

        def run(variables: Variables, functions: Functions) -> Any:
            value = step(variables, functions)
            if not is_number(value):
                raise wrong_types("-", value, value)
            return sign * value

        return run

    def _binop(self, node: ast.BinOp, depth: int) -> _Step:
        operator = ARITHMETIC.get(type(node.op))
        if operator is None:
            raise self._refused("uses an operator that is not known", "使用了不支持的运算符")
        left, right = self.compile(node.left, depth), self.compile(node.right, depth)
        if isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant):
            self._try(lambda: calculate(operator, node.left.value, node.right.value))  # type: ignore[attr-defined]
        return lambda variables, functions: calculate(
            operator, left(variables, functions), right(variables, functions)
        )

    def _compare(self, node: ast.Compare, depth: int) -> _Step:
        steps = [self.compile(one, depth) for one in (node.left, *node.comparators)]
        operators = [COMPARISONS.get(type(one)) for one in node.ops]
        if None in operators:
            raise self._refused("uses a comparison that is not known", "使用了不支持的比较")

        def run(variables: Variables, functions: Functions) -> bool:
            left = steps[0](variables, functions)
            for operator, step in zip(operators, steps[1:], strict=True):
                right = step(variables, functions)
                if not compare(str(operator), left, right):
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
        self._check_arity(name, len(node.args))
        steps = [self.compile(one, depth) for one in node.args]
        self.calls.append(
            Call(name, tuple(one.value if isinstance(one, ast.Constant) else None for one in node.args))
        )

        def run(variables: Variables, functions: Functions) -> Any:
            function = functions.get(name) or FUNCTIONS.get(name)
            if function is None:
                raise WrongValue(f"Function {name}() is not available here.", f"此处不能使用 {name}()。")
            value = function(*(step(variables, functions) for step in steps))
            check_size(value)
            return value

        return run

    def _try(self, action: Callable[[], Any]) -> None:
        """What is wrong with literals alone is said at deployment."""
        try:
            action()
        except WrongValue as problem:
            raise ExpressionError.of_value(self.text, problem) from problem

    def _check_arity(self, name: str, given: int) -> None:
        least, most = ARITY.get(name, (0, None))
        if given < least or (most is not None and given > most):
            wanted = str(least) if least == most else f"{least} to {most}" if most else f"at least {least}"
            raise ExpressionError(
                self.text,
                None,
                f"{name}() takes {wanted} arguments, but {given} are given.",
                f"{name}() 需要 {wanted.replace('at least ', '至少 ').replace(' to ', ' 到 ')} 个参数，但写了 {given} 个。",
            )

    def _refused(self, en: str, zh: str) -> ExpressionError:
        return ExpressionError(
            self.text,
            None,
            f"It {en}.",
            f"{zh}。",
            "docs/expressions.md shows what may be written.",
            "可用的写法见 docs/expressions.md。",
        )


def _member_of(holder: Any, wanted: Any) -> Any:
    if isinstance(holder, dict) and isinstance(wanted, str):
        if wanted in holder:
            return holder[wanted]
        raise _unknown_name(wanted, holder)
    if isinstance(holder, list) and isinstance(wanted, int) and not isinstance(wanted, bool):
        if -len(holder) <= wanted < len(holder):
            return holder[wanted]
        raise WrongValue(
            f"The list has {len(holder)} entries, but entry {wanted} is asked for.",
            f"列表共有 {len(holder)} 项，没有第 {wanted} 项。",
        )
    asked = short(wanted, 40) if isinstance(wanted, str | int | float) else kind_of(wanted)[0]
    raise WrongValue(
        f"Expected an object or a list before {asked!r}, but it is {kind_of(holder)[0]}.",
        f"“{asked}”之前应为对象或列表，实际是{kind_of(holder)[1]}。",
    )


def _unknown_name(name: str, known: Collection[str]) -> WrongValue:
    near = _similar(name, known)
    return WrongValue(
        f"There is no variable {short(name, 40)!r}.",
        f"没有名为“{short(name, 40)}”的变量。",
        f"Did you mean {near!r}?" if near else "Set it in a form or a script task before.",
        f"是否想写“{near}”？" if near else "请先在表单或脚本任务中赋值。",
    )


def _similar(name: str, known: Collection[str]) -> str | None:
    """Looks at short names only: comparing long texts would take longer than the expression itself."""
    if len(name) > LONGEST_NAME:
        return None
    candidates = [str(one) for one in itertools.islice(known, 500) if len(str(one)) <= LONGEST_NAME]
    return next(iter(difflib.get_close_matches(name, candidates, 1)), None)
